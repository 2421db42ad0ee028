"""A time is booked or proposed, answered, moved, taken back."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from consent.disclosure import Disclosed
from people.enums import Role
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from referrals.models import Referral
from sessions.appointments import booking, offering
from sessions.appointments.forms import (
    BookForm,
    DeclineForm,
    MoveForm,
    OfferForm,
    ReasonForm,
    TakeForm,
)
from sessions.appointments.permissions import (
    check_user_can_answer,
    check_user_can_change,
    check_user_can_move,
    check_user_is_on,
    holders,
    invited,
    works_inside,
)
from sessions.appointments.reading import line_of, moments_of, read_times
from sessions.enums import EventKind
from sessions.enums.appointments import AppointmentKind, AppointmentState
from sessions.models import Appointment, CareEvent, EpisodeOfCare, Room
from sessions.views.common import AT_CLINIC, referral_or_404
from sessions.windows import Window, reminded

WORKING = (Role.THERAPIST, *AT_CLINIC)
K = AppointmentKind


@dataclass(frozen=True)
class Desk:
    """A case before somebody who books in it, with what they may know of its doses."""

    referral: Referral
    episode: EpisodeOfCare
    found: Disclosed
    inside: bool

    @property
    def home(self) -> str:
        if self.inside:
            return reverse("care:case", args=[self.episode.pk])
        return reverse("care:timeline", args=[self.referral.pk])

    @property
    def doses(self) -> list[CareEvent]:
        """Those that can be chosen, the newest first."""
        events = self.found.of(CareEvent)
        return [each for each in events if each.kind != EventKind.DOSE_CANCELLED]

    @property
    def windows(self) -> list[tuple[str, Window]]:
        """(what it is called, the window): those that are not over, of known doses, by time."""
        found = [
            (f"{window.label}, dose {window.dose_number}", window)
            for event in self.doses
            for window in reminded(
                event.dose_number or 0,
                event.occurred_at,
                given=event.kind == EventKind.DOSE_GIVEN,
                hours=self.episode.hours,
            )
            if window.closes_at > self.found.at
        ]
        return sorted(found, key=lambda named: named[1].closes_at)

    @property
    def rooms(self) -> QuerySet[Room] | None:
        return (
            Room.objects.filter(clinic=self.episode.clinic_id, retired_at=None)
            if self.inside
            else None
        )


def _desk(request: MemberRequest, pk: int) -> Desk:
    """404 unless they work on the case; outside the clinic, without knowing of a dose or of an
    appointment. That there is an episode is itself health information."""
    referral = referral_or_404(request.user, pk)
    rows = EpisodeOfCare.objects.filter(referral=referral)
    episode = rows.select_related(
        "referral", "clinic", "preparation_owner", "integration_owner"
    ).first()
    if episode is None or not allowed(check_user_is_on, request.user, episode):
        raise Http404
    found, inside = read_times(request.user, referral), works_inside(request.user, episode)
    if not inside and not any(found.items.values()):
        raise Http404
    return Desk(referral, episode, found, inside)


def _asked(request: MemberRequest, desk: Desk) -> dict:
    """What the link that led here says: ?for=integration&dose=2; otherwise the last dose."""
    kind = request.GET.get("for", "")
    number = request.GET.get("dose", "")
    doses = [each for each in desk.doses if str(each.dose_number) == number] or desk.doses
    given = bool(doses and doses[0].kind == EventKind.DOSE_GIVEN)
    usual = K.INTEGRATION if given else K.PREPARATION
    return {
        "kind": kind if kind in K.values else usual.value,
        "dosing": doses[0].dosing_id if doses else None,
        "person": request.user.pk,
    }


@for_roles(*WORKING)
def book(request: MemberRequest, pk: int) -> HttpResponse:
    desk = _desk(request, pk)
    form = BookForm(
        posted(request),
        initial=_asked(request, desk),
        kinds=K if desk.inside else (K.PREPARATION, K.INTEGRATION),
        doses=desk.doses,
        people=holders(request.user, desk.episode),
        rooms=desk.rooms,
    )

    def write():
        booking.book(by=request.user, episode=desk.episode, **form.cleaned_data)

    if done(request, form, write):
        messages.success(request, "Booked.")
        return redirect(desk.home)
    return _page(request, desk, "care/book.html", form, "Book a time", windows=desk.windows)


@for_roles(*WORKING)
def offer(request: MemberRequest, pk: int) -> HttpResponse:
    desk = _desk(request, pk)
    people = invited(request.user, desk.episode)
    form = OfferForm(
        posted(request),
        initial=_asked(request, desk),
        kinds=(K.PREPARATION, K.INTEGRATION),
        doses=desk.doses,
        people=people,
    )

    def write():
        offering.propose(by=request.user, episode=desk.episode, **form.offer())

    if done(request, form, write):
        messages.success(request, "Proposed. You are told of the answer.")
        return redirect(desk.home)
    return _page(
        request,
        desk,
        "care/offer.html",
        form,
        "Propose times",
        anybody=people.exists(),
        windows=desk.windows,
    )


def appointment_or_404(
    request: MemberRequest, pk: int, appointment: int
) -> tuple[Desk, Appointment]:
    """One that the reader may know of, and the other times of its offer beside it."""
    desk = _desk(request, pk)
    rows = [row for row in desk.found.of(Appointment) if row.pk == appointment]
    if not rows:
        raise Http404
    rows[0].episode = desk.episode
    return desk, rows[0]


@for_roles(*WORKING)
def appointment(request: MemberRequest, pk: int, appointment: int) -> HttpResponse:
    return _shown(request, *appointment_or_404(request, pk, appointment))


def _shown(request: MemberRequest, desk: Desk, row: Appointment, refusal: str = "") -> HttpResponse:
    doses, now = moments_of(desk.found.of(CareEvent)), timezone.now()
    offered = [each for each in desk.found.of(Appointment) if each.form_key == row.form_key]
    answering = allowed(check_user_can_answer, request.user, row)
    context = {
        "line": line_of(row, doses, request.user, now, desk.episode.hours),
        "offer": sorted(offered, key=lambda each: each.choice) if len(offered) > 1 else [],
        "answering": answering and row.starts_at > now,
        "changing": allowed(check_user_can_change, request.user, row),
        "booked": row.state == AppointmentState.BOOKED,
        "refusal": refusal,
    }
    return _page(request, desk, "care/appointment.html", None, "Appointment", **context)


def _refused(request: MemberRequest, desk: Desk, row: Appointment, check) -> HttpResponse | None:
    """The appointment as it stands, with the sentence why this is not done any more, or not by
    them; None where it is theirs to do."""
    try:
        check(request.user, row)
    except PermissionDenied as refusal:
        return _shown(request, desk, row, str(refusal))
    return None


@for_roles(*WORKING)
def take(request: MemberRequest, pk: int, appointment: int) -> HttpResponse:
    desk, row = appointment_or_404(request, pk, appointment)
    if refused := _refused(request, desk, row, check_user_can_answer):
        return refused
    form = TakeForm(posted(request), rooms=desk.rooms)
    said, title, action = "Booked.", "Take this time", "Book it"
    return _done(request, desk, row, form, offering.take, said, title, action)


@for_roles(*WORKING)
def decline(request: MemberRequest, pk: int, appointment: int) -> HttpResponse:
    desk, row = appointment_or_404(request, pk, appointment)
    if refused := _refused(request, desk, row, check_user_can_answer):
        return refused
    form = DeclineForm(posted(request))
    said, title, action = "Declined. Whoever asked is told.", "None of these times", "None suits"
    return _done(request, desk, row, form, offering.decline, said, title, action)


@for_roles(*WORKING)
def cancel(request: MemberRequest, pk: int, appointment: int) -> HttpResponse:
    desk, row = appointment_or_404(request, pk, appointment)
    if refused := _refused(request, desk, row, check_user_can_change):
        return refused
    form = ReasonForm(posted(request))
    said, title, action = "Cancelled. The time is free again.", "Cancel it", "Cancel it"
    return _done(request, desk, row, form, booking.cancel, said, title, action)


@for_roles(*WORKING)
def move(request: MemberRequest, pk: int, appointment: int) -> HttpResponse:
    desk, row = appointment_or_404(request, pk, appointment)
    if refused := _refused(request, desk, row, check_user_can_move):
        return refused
    now = {"starts_at": row.starts_at, "minutes": row.minutes, "room": row.room_id}
    form = MoveForm(posted(request), initial=now, rooms=desk.rooms)
    said, title, action = "Moved.", "Move it", "Move it"
    return _done(request, desk, row, form, booking.move, said, title, action)


def _done(
    request: MemberRequest,
    desk: Desk,
    row: Appointment,
    form: Form,
    write: Callable[..., object],
    said: str,
    title: str,
    action: str,
) -> HttpResponse:
    """What is done to one appointment: the form, until it is valid and `write` did not refuse."""

    def written() -> None:
        write(by=request.user, appointment=row, **form.cleaned_data)

    if done(request, form, written):
        messages.success(request, said)
        return redirect(desk.home)
    more = {"row": row, "action": action}
    return _page(request, desk, "care/appointment_do.html", form, title, **more)


def _page(request: MemberRequest, desk: Desk, template: str, form, title: str, **more):
    context = {"client": desk.referral.client, "referral": desk.referral, "home": desk.home}
    context |= {"form": form, "title": title, "inside": desk.inside, **more}
    return render(request, template, context)
