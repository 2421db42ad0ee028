"""What outside readers see: the timeline, the part of it they filter, the document.

Each request passes the one door once. Without a release in force everybody but the referrer gets
the 404 of a case that is not there; the referrer reads what their own practice wrote.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from consent.disclosure import Disclosed
from consent.emergencies import open_now
from consent.enums import Channel
from people.formats import day
from people.models import User
from people.pdf import INSTALL_PANGO, pdf_available, pdf_response
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest
from referrals.models import Referral
from sessions.actions.integration import check_user_can_log_session
from sessions.appointments.permissions import check_user_is_on
from sessions.appointments.reading import lines
from sessions.drawings.shapes import Journey
from sessions.hours import hours_at
from sessions.journey import drawings, journey, next_action
from sessions.models import (
    Appointment,
    CareEvent,
    IntegrationSession,
    NoteSection,
    OutcomeResponse,
    SessionThemes,
)
from sessions.outcomes import outcomes
from sessions.permissions import check_user_can_keep_goals
from sessions.reading import (
    chosen,
    knows_sessions,
    loggable,
    opened,
    read_case,
    scopes,
)
from sessions.timeline import Part, days, safety, whose
from sessions.views.common import OUTSIDE, referral_or_404
from sessions.views.coordination import line_of
from sessions.windows import Hours


@for_roles(*OUTSIDE)
def timeline(request: MemberRequest, pk: int) -> HttpResponse:
    referral = referral_or_404(request.user, pk)
    found = read_case(request.user, referral)
    reading = opened(found, referral)
    if not reading and referral.referrer_id != request.user.pk:
        raise Http404
    context = _notes(request, referral, whose(_parts(found), chosen(request)))
    context |= {"client": referral.client, "reading": reading, "choosing": reading}
    context["emergencies"] = open_now(found.access)
    context["ours"] = referral.practice_id == request.membership.organization_id
    context["coordination"] = line_of(request.user, referral, found)
    context["keeping"] = allowed(check_user_can_keep_goals, request.user, referral)
    hours = hours_at(referral.clinic_id)
    times = lines(found.of(Appointment), found.of(CareEvent), request.user, found.at, hours)
    known = bool(times or any(event.dosing_id for event in found.of(CareEvent)))
    context |= {"appointments": times, "booking": known and _books(request.user, referral)}
    if reading:
        context |= _opened(request.user, referral, found, hours)
        context["pango"] = INSTALL_PANGO
    return render(request, "care/timeline.html", context)


@for_roles(*OUTSIDE)
def timeline_notes(request: MemberRequest, pk: int) -> HttpResponse:
    """The notes by day alone, as the page shows them for the same choice."""
    referral = referral_or_404(request.user, pk)
    found = _released(request.user, referral, Channel.FRAGMENT, chosen(request))
    context = _notes(request, referral, _parts(found))
    return render(request, "care/_notes.html", {**context, "choosing": True})


@for_roles(*OUTSIDE)
def timeline_pdf(request: MemberRequest, pk: int) -> HttpResponse:
    referral = referral_or_404(request.user, pk)
    if not pdf_available():
        return HttpResponse(INSTALL_PANGO, content_type="text/plain", status=503)
    found = _released(request.user, referral, Channel.PDF)
    context = {
        **_opened(request.user, referral, found, hours_at(referral.clinic_id)),
        "client": referral.client,
        "reader": found.access.reader,
        "at": found.at,
        "parts": _parts(found),
        "emergencies": open_now(found.access),
    }
    return pdf_response(request, "care/timeline_pdf.html", context, "care-timeline.pdf")


def _books(user: User, referral: Referral) -> bool:
    """Whether they book times here; asked only of whoever knows that there is an episode."""
    return allowed(check_user_is_on, user, referral.episode)


def _released(user: User, referral: Referral, channel: Channel, show: str = "all") -> Disclosed:
    found = read_case(user, referral, channel=channel, show=show)
    if not opened(found, referral):
        raise Http404
    return found


def _parts(found: Disclosed) -> list[Part]:
    sections, sessions = found.of(NoteSection), found.of(IntegrationSession)
    events, responses = found.of(CareEvent), found.of(OutcomeResponse)
    themes = found.of(SessionThemes)
    return days(events, sections, sessions, found.access.reader, responses, themes)


def _notes(request: MemberRequest, referral: Referral, parts: list[Part]) -> dict:
    """What the notes by day are drawn from, as a page and as its fragment."""
    fragment = reverse("care:timeline_notes", args=[referral.pk])
    names = {"referral": referral, "outside": True, "fragment": fragment, "pdf": pdf_available()}
    own = any(part.session for part in parts)
    correcting = own and allowed(check_user_can_log_session, request.user, referral.episode)
    return {**names, "parts": parts, "show": chosen(request), "correcting": correcting}


def _opened(user: User, referral: Referral, found: Disclosed, hours: Hours) -> dict:
    """What a release in force adds to the page: scope, safety, and the journey if it has doses."""
    events, held = found.of(CareEvent), found.of(IntegrationSession)
    drawn = journey(
        events,
        held,
        found.at,
        all_sessions=knows_sessions(found, referral),
        hours=hours,
    )
    return {
        "scopes": scopes(found, referral),
        "safety": safety(found.of(NoteSection), events),
        "journey": drawings(drawn) if drawn.doses else None,
        "outcomes": outcomes(found.of(OutcomeResponse), events),
        "next": next_action(drawn),
        "lead": _lead(user, referral, drawn),
        "logging": loggable(user, referral, dose_known=bool(drawn.doses)) is not None,
    }


def _lead(user: User, referral: Referral, drawn: Journey) -> str:
    """The last dose, and what this reader holds; nothing where no date is opened to them."""
    given = [dose for dose in drawn.doses if dose.given]
    if not drawn.doses:
        return ""
    sentence = f"Dose {given[-1].number} was given on {day(given[-1].at)}." if given else ""
    episode = referral.episode
    owners = {
        "preparation": episode.preparation_owner_id,
        "integration": episode.integration_owner_id,
    }
    held = " and ".join(duty for duty, owner in owners.items() if owner == user.pk)
    return f"{sentence} You hold {held}.".strip() if held else sentence
