"""A time is booked, moved to another, taken back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.enums import Category
from people.concurrency import row_of_form
from people.formats import moment
from people.models import User
from sessions.appointments.conflicts import check_free, written
from sessions.appointments.permissions import (
    check_user_can_book,
    check_user_can_change,
    check_user_can_move,
)
from sessions.appointments.spans import window_of
from sessions.enums.appointments import (
    LEAST_MINUTES,
    MOST_MINUTES,
    MOVES,
    AppointmentChange,
    AppointmentKind,
    AppointmentState,
)
from sessions.models import Appointment, DosingSession, EpisodeOfCare, Room
from sessions.signals import appointment_changed

NEAR_DOSE = timedelta(hours=6)  # it may begin earlier or later on the day
MOVED = "Moved to another time."
YEAR = timedelta(days=365)


@transaction.atomic
def book(
    *,
    by: User,
    episode: EpisodeOfCare,
    form_key: UUID,
    kind: AppointmentKind,
    person: User,
    starts_at: datetime,
    minutes: int,
    dosing: DosingSession | None = None,
    room: Room | None = None,
) -> Appointment:
    """Book `minutes` (5 to 480) from the aware moment `starts_at`, within a year ahead, for a
    person of one's own house. The same form sent twice books once. Raises ValidationError where
    person or room has something else then, for a time that cannot be, and for a dose or a room
    that is not the case's.
    """
    check_user_can_book(by, episode, person, kind)
    lock(episode)
    if existing := row_of_form(Appointment.unscoped, form_key, episode_id=episode.pk):
        return existing
    check_time(starts_at, minutes)
    check_dose(episode, kind, dosing)
    check_room(by, room)
    row = new(
        by,
        episode,
        kind=kind,
        person=person,
        starts_at=starts_at,
        minutes=minutes,
        dosing=dosing,
        room=room,
        form_key=form_key,
    )
    return insert(by, row, "appointment.booked", AppointmentChange.BOOKED)


@transaction.atomic
def move(
    *,
    by: User,
    appointment: Appointment,
    form_key: UUID,
    starts_at: datetime,
    minutes: int,
    room: Room | None = None,
) -> Appointment:
    """Book it at another time instead: a new row takes the place of this one. Twice is once."""
    lock(appointment.episode)
    if existing := row_of_form(Appointment.unscoped, form_key, episode_id=appointment.episode_id):
        return existing
    appointment = fresh(appointment)
    check_user_can_move(by, appointment)
    check_time(starts_at, minutes)
    check_room(by, room)
    if appointment.kind != AppointmentKind.DOSE and appointment.dosing:
        check_dose(appointment.episode, appointment.kind, appointment.dosing, anew=False)
    return replace(
        by, appointment, form_key=form_key, starts_at=starts_at, minutes=minutes, room=room
    )


@transaction.atomic
def cancel(*, by: User, appointment: Appointment, reason: str) -> Appointment:
    """Take back what is booked, or a whole offer, with a reason in a line. Twice is once."""
    lock(appointment.episode)
    appointment = fresh(appointment)
    if appointment.state == AppointmentState.CANCELLED:
        return appointment
    check_user_can_change(by, appointment)
    if not reason.strip():
        raise ValidationError({"reason": "Say why, in a few words."})
    rows = [appointment]
    if appointment.state == AppointmentState.PROPOSED:
        rows += siblings(appointment)
    decide(by, rows, AppointmentState.CANCELLED, reason.strip())
    told(appointment, AppointmentChange.CANCELLED, by)
    return appointment


# ------------------------------------------------------------------ what the other writers share
def lock(episode: EpisodeOfCare) -> None:
    EpisodeOfCare.objects.select_for_update(no_key=True).get(pk=episode.pk)


def fresh(appointment: Appointment) -> Appointment:
    rows = Appointment.unscoped.select_for_update(of=("self",), no_key=True)
    related = ("episode__referral", "person", "room", "dosing", "author")
    return rows.select_related(*related).get(pk=appointment.pk)


def siblings(appointment: Appointment) -> list[Appointment]:
    """The other times of the same offer that wait still."""
    rows = Appointment.unscoped.filter(
        form_key=appointment.form_key, state=AppointmentState.PROPOSED
    )
    return list(rows.exclude(pk=appointment.pk))


def check_time(starts_at: datetime, minutes: int, field: str = "starts_at") -> None:
    now = timezone.now()
    if starts_at <= now:
        raise ValidationError({field: "This time has passed. Choose one that lies ahead."})
    if starts_at > now + YEAR:
        raise ValidationError({field: "This is more than a year ahead. Check the date."})
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise ValidationError({"minutes": "Enter 5 to 480 minutes."})


def check_dose(
    episode: EpisodeOfCare, kind: str, dosing: DosingSession | None, *, anew: bool = True
) -> None:
    """The dose that is named is of this episode and was not cancelled; a dose needs one that is
    still planned."""
    if dosing is None:
        if kind == AppointmentKind.DOSE:
            raise ValidationError({"dosing": "Choose the dose."})
        return
    if dosing.episode_id != episode.pk or (anew and dosing.cancelled_at):
        raise ValidationError({"dosing": "Choose a dose of this case that is not cancelled."})
    if kind == AppointmentKind.DOSE and dosing.given_at:
        raise ValidationError({"dosing": "This dose was given. Choose one that is planned."})


def check_order(kind: str, dosing: DosingSession, starts_at: datetime) -> None:
    """Preparation lies before its dose and integration after it; what is booked for a dose lies
    within `NEAR_DOSE` of when it is planned."""
    planned = moment(dosing.at)
    if kind == AppointmentKind.PREPARATION and starts_at >= dosing.at:
        problem = f"Preparation comes before the dose, {planned}."
    elif kind == AppointmentKind.INTEGRATION and starts_at < dosing.at:
        problem = f"Integration comes after the dose, {planned}."
    elif kind == AppointmentKind.DOSE and abs(starts_at - dosing.at) > NEAR_DOSE:
        problem = f"The dose is planned for {planned}. Move the dose first."
    else:
        return
    raise ValidationError({"starts_at": problem})


def check_room(by: User, room: Room | None) -> None:
    if room is None:
        return
    here = by.membership.organization_id if by.membership else 0
    if room.clinic_id != here or room.retired_at:
        raise ValidationError({"room": "Choose a room that is in use."})


def new(by: User, episode: EpisodeOfCare, *, minutes: int, **fields: Any) -> Appointment:
    """A row that is not written yet, booked unless `fields` say otherwise."""
    assert by.membership
    starts_at, dosing = fields["starts_at"], fields.get("dosing")
    about = {}
    if dosing:
        check_order(fields["kind"], dosing, starts_at)
        at = dosing.at
        about = {
            "dose_number": dosing.number,
            "dose_at": at,
            "window": window_of(fields["kind"], dosing.number, at, starts_at, episode.hours),
        }
    return Appointment(
        **{"state": AppointmentState.BOOKED, **fields, **about},
        episode=episode,
        client_id=episode.client_id,
        category=Category.SCHEDULE,
        author_organization_id=by.membership.organization_id,
        author=by,
        occurred_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
    )


def insert(by: User, row: Appointment, event: str, change: AppointmentChange) -> Appointment:
    when = {"starts_at": row.starts_at, "ends_at": row.ends_at}
    here = row.person.memberships.filter(ended_at=None, organization=row.author_organization_id)
    if not here.exists():
        gone = f"{row.person} no longer works there. Cancel this time and book it for another."
        raise ValidationError({"starts_at": gone})
    check_free(by, person=row.person, room=row.room, **when)
    written(by, row, lambda: row.save(force_insert=True))
    record(event, by=by, on=row, kind=row.kind, person=row.person_id)
    told(row, change, by)
    return row


def replace(
    by: User,
    appointment: Appointment,
    *,
    starts_at: datetime,
    minutes: int,
    room: Room | None,
    form_key: UUID | None = None,
) -> Appointment:
    """The new row that takes the place of this one, which is cancelled by it."""
    row = new(
        by,
        appointment.episode,
        kind=appointment.kind,
        person=appointment.person,
        dosing=appointment.dosing,
        room=room,
        starts_at=starts_at,
        minutes=minutes,
        form_key=form_key or uuid4(),
        replaces=appointment,
        uid=appointment.uid,
        sequence=appointment.sequence + 1,
    )
    decide(by, [appointment], AppointmentState.CANCELLED, MOVED)
    return insert(by, row, "appointment.moved", AppointmentChange.MOVED)


def decide(
    by: User, rows: Collection[Appointment], state: AppointmentState, reason: str = ""
) -> None:
    """Move rows on from where they stand, each once."""
    now = timezone.now()
    for row in rows:
        before = [each for each, following in MOVES.items() if state in following]
        changed = Appointment.unscoped.filter(pk=row.pk, state__in=before).update(
            state=state, decided_at=now, decided_by=by, reason=reason
        )
        if changed != 1:
            raise ValidationError("This was changed meanwhile. Open it again.")
        row.state, row.decided_at, row.decided_by, row.reason = state, now, by, reason
        record(f"appointment.{state}", by=by, on=row)


def told(appointment: Appointment, change: AppointmentChange, by: User) -> None:
    appointment_changed.send(Appointment, appointment=appointment, change=change, by=by)
