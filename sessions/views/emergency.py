"""From an emergency that was just opened to the record that it opens."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from consent.clock import database_now
from consent.models import EmergencyAccess
from people.enums import Role
from people.policy import for_roles
from people.requests import MemberRequest
from referrals.models import Referral


@for_roles(Role.PRESCRIBER, Role.NURSE, Role.PHYSICIAN)
def emergency(request: MemberRequest, pk: int) -> HttpResponse:
    """The clinic's staff to the case, others to the timeline of the newest referral."""
    place = request.membership.organization_id
    mine = EmergencyAccess.objects.of_reader(request.user.pk, place).open_at(database_now())
    found = get_object_or_404(mine, pk=pk)
    rows = Referral.objects.open_to(request.user).sent().select_related("episode")
    referrals = list(rows.filter(client=found.client_id, clinic=found.clinic_id).order_by("-pk"))
    if place != found.clinic_id and referrals:
        return redirect("care:timeline", referrals[0].pk)
    for referral in referrals:
        if hasattr(referral, "episode"):
            return redirect("care:case", referral.episode.pk)
    if referrals and request.membership.role == Role.PRESCRIBER:
        return redirect("referrals:triage", referrals[0].pk)
    messages.info(request, "Nothing is recorded about this client yet.")
    return redirect("home")
