"""One note as a PDF: the clinic's own copy, or what a release opens of it to an outside reader."""

from django.http import Http404, HttpResponse

from consent.disclosure import Disclosed
from consent.emergencies import open_now
from consent.enums import Channel
from consent.scope import PART2_NOTICE
from people.pdf import INSTALL_PANGO, pdf_available, pdf_response
from people.policy import for_roles
from people.requests import MemberRequest
from referrals.models import Referral
from sessions.models import NoteSection
from sessions.reading import read_note, scopes
from sessions.timeline import note_part
from sessions.views.common import AT_CLINIC, OUTSIDE, note_or_404, referral_or_404


@for_roles(*AT_CLINIC)
def note_pdf(request: MemberRequest, pk: int) -> HttpResponse:
    """The signed note with all that was added to it, for the clinic's own use."""
    row = note_or_404(request.user, pk)
    return _pdf(request, row.episode.referral, row.first, row.dosing.number)


@for_roles(*OUTSIDE)
def timeline_note_pdf(request: MemberRequest, pk: int, note: int) -> HttpResponse:
    """What this reader may have of it, and on which release. Its dose is told by its day alone."""
    return _pdf(request, referral_or_404(request.user, pk), note)


def _pdf(
    request: MemberRequest, referral: Referral, note: int, number: int | None = None
) -> HttpResponse:
    """A note of which nothing can be read is not there. Nothing is read where no PDF is made."""
    if not pdf_available():
        return HttpResponse(INSTALL_PANGO, content_type="text/plain", status=503)
    found = read_note(request.user, referral, note, channel=Channel.PDF)
    sections = found.of(NoteSection)
    if not sections:
        raise Http404
    reader = found.access.reader
    context = {
        "client": referral.client,
        "clinic": referral.clinic,
        "inside": reader.organization == referral.clinic_id,
        "reader": reader,
        "at": found.at,
        "part": note_part(sections, number, reader.organization),
        **_basis(found, referral),
    }
    return pdf_response(request, "care/note_pdf.html", context, "note.pdf")


def _basis(found: Disclosed, referral: Referral) -> dict:
    """The releases and emergencies on which these sections are read, and the notices they need."""
    sections = found.of(NoteSection)
    decisions = [found.access.decide(section) for section in sections]
    releases = {decision.release for decision in decisions}
    emergencies = {decision.emergency for decision in decisions}
    used = [scope for scope in scopes(found, referral) if scope.release in releases]
    protected = any(section.sensitivities for section in sections)
    return {
        "scopes": used,
        "emergencies": [e for e in open_now(found.access) if e.pk in emergencies],
        "notice": PART2_NOTICE if protected or any(scope.notice for scope in used) else "",
    }
