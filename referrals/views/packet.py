"""The referral packet: all of a referral that its reader may have, on paper.

For the practice its own words and what a release opens of the answer; for the clinic what came
with the referral and what a release opens of the rest. What crosses is recorded as a PDF.
"""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from consent.enums import Channel
from people.enums import Role
from people.pdf import INSTALL_PANGO, pdf_available, pdf_response
from people.policy import for_roles
from people.requests import MemberRequest
from referrals.models import ClinicReply, Closing, Referral
from referrals.reading import known_state
from referrals.views import clinic, practice


@for_roles(Role.THERAPIST, Role.COORDINATOR, Role.PRESCRIBER)
def packet(request: MemberRequest, pk: int) -> HttpResponse:
    """As PDF. The practice's drafts and others' referrals are not there."""
    rows = Referral.objects.open_to(request.user).sent()
    referral = get_object_or_404(rows.select_related(*clinic.RELATED), pk=pk)
    own = {referral.clinic_id: _of_clinic, referral.practice_id: _of_practice}
    make = own.get(request.membership.organization_id)
    if make is None:
        raise Http404
    if not pdf_available():
        return HttpResponse(INSTALL_PANGO, content_type="text/plain", status=503)
    return pdf_response(request, "referrals/packet_pdf.html", make(request, referral), "packet.pdf")


def _of_practice(request: MemberRequest, referral: Referral) -> dict[str, Any]:
    found = practice.disclosed(request, referral, Channel.PDF)
    state = known_state(referral, found.of(ClinicReply), found.of(Closing))
    context = practice.as_known(referral, state, found)
    return {**context, "client": referral.client, "reader": found.access.reader, "at": found.at}


def _of_clinic(request: MemberRequest, referral: Referral) -> dict[str, Any]:
    found = clinic.disclosed(request, referral, Channel.PDF)
    context = clinic.as_received(referral, found)
    more = {"client": referral.client, "reader": found.access.reader, "at": found.at}
    return {**context, **more, "clinic_copy": True}
