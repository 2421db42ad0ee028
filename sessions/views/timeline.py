"""What outside readers see: the timeline, the part of it they filter, the document, the log.

Each request passes the one door once. Without a release in force everybody but the referrer gets
the 404 of a case that is not there; the referrer reads what their own practice wrote.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from consent.disclosure import Disclosed
from consent.enums import Category, Channel
from people.enums import Role
from people.models import User
from people.pdf import INSTALL_PANGO, pdf_available, pdf_response
from people.policy import for_roles
from referrals.models import Referral
from sessions.actions.integration import log_session as log_session_action
from sessions.enums import SessionState
from sessions.forms.dosing import SessionForm
from sessions.journey import drawings, journey, next_action
from sessions.models import CareEvent, IntegrationSession, NoteSection
from sessions.reading import chosen, loggable, opened, read_case, scopes
from sessions.timeline import Part, days, safety
from sessions.views.common import OUTSIDE, TREATING, done, posted


@for_roles(*OUTSIDE)
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    referral = _case(request.user, pk)
    found = read_case(request.user, referral)
    reading = opened(found, referral)
    if not reading and referral.referrer_id != request.user.pk:
        raise Http404
    show = chosen(request)
    parts = [part for part in _parts(found) if show in ("all", "ours" if part.own else "others")]
    context = {"referral": referral, "client": referral.client, "reading": reading}
    if reading:
        context |= _opened(request.user, referral, found)
    context |= {"show": show, "parts": parts, "pdf": pdf_available(), "pango": INSTALL_PANGO}
    return render(request, "care/timeline.html", context)


@for_roles(*OUTSIDE)
def timeline_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """The notes by day alone, as the page shows them for the same choice."""
    referral, show = _case(request.user, pk), chosen(request)
    found = _released(request.user, referral, Channel.FRAGMENT, show)
    context = {"referral": referral, "show": show, "parts": _parts(found)}
    return render(request, "care/_notes.html", context)


@for_roles(*OUTSIDE)
def timeline_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    referral = _case(request.user, pk)
    if not pdf_available():
        return HttpResponse(INSTALL_PANGO, content_type="text/plain", status=503)
    found = _released(request.user, referral, Channel.PDF)
    context = {
        **_opened(request.user, referral, found),
        "client": referral.client,
        "reader": found.access.reader,
        "at": found.at,
        "parts": _parts(found),
    }
    return pdf_response(request, "care/timeline_pdf.html", context, "care-timeline.pdf")


@for_roles(Role.THERAPIST, *TREATING)
def log_session(request: HttpRequest, pk: int) -> HttpResponse:
    """That a session was held or missed: time and state, nothing of what was said."""
    referral = _case(request.user, pk)
    episode = loggable(request.user, referral)
    if episode is None:
        raise Http404
    now = {"at": timezone.now(), "state": SessionState.HELD}
    form = SessionForm(posted(request), initial=now)

    def log():
        log_session_action(by=request.user, episode=episode, **form.cleaned_data)

    inside = request.user.membership.role in TREATING
    if done(request, form, log):
        return redirect("care:case", episode.pk) if inside else redirect("care:timeline", pk)
    context = {"client": referral.client, "referral": referral, "form": form}
    return render(request, "care/log_session.html", {**context, "episode": inside and episode})


def _case(user: User, pk: int) -> Referral:
    rows = Referral.objects.open_to(user).sent().select_related("client", "clinic", "practice")
    return get_object_or_404(rows, pk=pk)


def _released(user: User, referral: Referral, channel: Channel, show: str = "all") -> Disclosed:
    found = read_case(user, referral, channel=channel, show=show)
    if not opened(found, referral):
        raise Http404
    return found


def _parts(found: Disclosed) -> list[Part]:
    own = found.access.reader.organization
    return days(
        found.of(CareEvent), found.of(NoteSection), found.of(IntegrationSession), own
    )


def _opened(user: User, referral: Referral, found: Disclosed) -> dict:
    """What a release in force adds to the page: scope, safety, and the journey if it has doses."""
    events, held = found.of(CareEvent), found.of(IntegrationSession)
    drawn = journey(events, held, found.at)
    sections = [s for s in found.of(NoteSection) if s.category == Category.SAFETY]
    return {
        "scopes": scopes(found, referral),
        "safety": safety(sections, events),
        "journey": drawings(drawn) if drawn.doses else None,
        "next": next_action(drawn),
        "logging": bool(drawn.doses) and loggable(user, referral) is not None,
    }
