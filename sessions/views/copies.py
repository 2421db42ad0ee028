"""A copy for somebody without an account, printed by clinical staff and handed over."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from consent.models import OutsideContact
from consent.scope import scopes_of
from people.pdf import INSTALL_PANGO, pdf_available, pdf_response
from people.policy import for_roles
from people.requests import MemberRequest
from sessions.actions.copies import hand_over_copy
from sessions.models import (
    CareEvent,
    EpisodeOfCare,
    IntegrationSession,
    NoteSection,
    OutcomeResponse,
)
from sessions.outcomes import outcomes
from sessions.timeline import days
from sessions.views.common import AT_CLINIC, episode_or_404


@for_roles(*AT_CLINIC)
def contact_copy(request: MemberRequest, pk: int, contact: int) -> HttpResponse:
    """Only a POST reads anything; a GET leads back to the case."""
    episode = episode_or_404(request.user, pk)
    named = OutsideContact.objects.filter(client=episode.client_id, clinic=episode.clinic_id)
    return _hand_over(request, episode, get_object_or_404(named, pk=contact))


@reauthentication_required(allow_get=True)
def _hand_over(
    request: MemberRequest, episode: EpisodeOfCare, contact: OutsideContact
) -> HttpResponse:
    """Asks for the password first. Nothing is read unless a PDF can be made of it."""
    if request.method != "POST":
        return redirect("care:case", episode.pk)
    if not pdf_available():
        messages.error(request, INSTALL_PANGO)
        return redirect("care:case", episode.pk)
    try:
        found = hand_over_copy(by=request.user, episode=episode, contact=contact)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("care:case", episode.pk)
    sessions, events = found.of(IntegrationSession), found.of(CareEvent)
    responses = found.of(OutcomeResponse)
    context = {
        "client": episode.client,
        "clinic": episode.clinic,
        "reader": found.access.reader,
        "handed_over_by": request.user,
        "at": found.at,
        "scopes": scopes_of(found.access, episode.client_id),
        "parts": days(events, found.of(NoteSection), sessions, found.access.reader, responses),
        "outcomes": outcomes(responses, events),
    }
    return pdf_response(request, "care/timeline_pdf.html", context, "copy.pdf")
