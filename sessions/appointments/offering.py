"""Up to three times are proposed; whoever would hold the session takes one, or none."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.enums import Category
from people.concurrency import row_of_form
from people.models import User
from sessions.appointments.booking import (
    check_dose,
    check_room,
    check_time,
    decide,
    fresh,
    insert,
    lock,
    new,
    siblings,
    told,
)
from sessions.appointments.conflicts import check_free
from sessions.appointments.permissions import (
    check_user_can_answer,
    check_user_can_propose,
    works_inside,
)
from sessions.crossing import clinic_reads, reads_the_clinic
from sessions.enums.appointments import (
    MOST_CHOICES,
    AppointmentChange,
    AppointmentKind,
    AppointmentState,
)
from sessions.models import Appointment, DosingSession, EpisodeOfCare, Room

NO_WAY = (
    "No release lets you two read each other’s dates. Agree on a time by phone; whoever holds the "
    "session then books it."
)


def reach_each_other(by: User, episode: EpisodeOfCare, person: User) -> bool:
    """Whether what these two write of dates reaches the other: in one house always, between the
    houses while releases open the schedule in both directions."""
    inside, outside = works_inside(by, episode), works_inside(person, episode)
    if inside == outside:
        return True
    therapist = person if inside else by
    referral = episode.referral
    return clinic_reads(referral, Category.SCHEDULE) and reads_the_clinic(
        therapist, referral, Category.SCHEDULE
    )


@transaction.atomic
def propose(
    *,
    by: User,
    episode: EpisodeOfCare,
    form_key: UUID,
    kind: AppointmentKind,
    person: User,
    starts: Sequence[datetime],
    minutes: int,
    dosing: DosingSession | None = None,
) -> list[Appointment]:
    """Propose one to three different times to `person`, who would hold the session. Nothing is
    kept free by it. The same form sent twice is one offer. Raises ValidationError where no release
    would bring it to them or their answer back, for a time that is taken or cannot be.
    """
    check_user_can_propose(by, episode, person)
    lock(episode)
    if row_of_form(Appointment.unscoped, form_key, episode_id=episode.pk):
        return list(Appointment.unscoped.filter(form_key=form_key).order_by("choice"))
    if not reach_each_other(by, episode, person):
        raise ValidationError({"person": NO_WAY})
    if kind == AppointmentKind.DOSE:
        raise ValidationError({"kind": "The time of a dose is booked, not proposed."})
    check_dose(episode, kind, dosing)
    if not 1 <= len(starts) <= MOST_CHOICES or len(set(starts)) < len(starts):
        raise ValidationError("Propose one to three different times.")
    rows = []
    for choice, starts_at in enumerate(starts, 1):
        row = new(
            by,
            episode,
            kind=kind,
            person=person,
            starts_at=starts_at,
            minutes=minutes,
            dosing=dosing,
            choice=choice,
            state=AppointmentState.PROPOSED,
            form_key=form_key,
        )
        _check_choice(by, row)
        row.save(force_insert=True)
        record("appointment.proposed", by=by, on=row, kind=row.kind, person=row.person_id)
        rows.append(row)
    told(rows[0], AppointmentChange.PROPOSED, by)
    return rows


def _check_choice(by: User, row: Appointment) -> None:
    """A sentence beside the field of this choice."""
    field = f"starts_{row.choice}"
    check_time(row.starts_at, row.minutes, field)
    try:
        check_free(by, person=row.person, room=None, starts_at=row.starts_at, ends_at=row.ends_at)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error


@transaction.atomic
def take(
    *, by: User, appointment: Appointment, form_key: UUID, room: Room | None = None
) -> Appointment:
    """Choose this time: it is booked for whoever holds it, and the others of the offer lapse.

    Twice is once. Raises ValidationError where the time has passed or is taken, and where no
    release would bring the answer to who asked.
    """
    lock(appointment.episode)
    if existing := row_of_form(Appointment.unscoped, form_key, episode_id=appointment.episode_id):
        return existing
    appointment = fresh(appointment)
    if appointment.state == AppointmentState.TAKEN:
        return Appointment.unscoped.get(replaces=appointment)
    check_user_can_answer(by, appointment)
    if appointment.starts_at <= timezone.now():
        raise ValidationError("This time has passed. Choose another, or say that none suits.")
    _check_reaches(by, appointment)
    check_room(by, room)
    others = siblings(appointment)
    row = new(
        by,
        appointment.episode,
        kind=appointment.kind,
        person=appointment.person,
        dosing=_standing(appointment.dosing),
        starts_at=appointment.starts_at,
        minutes=appointment.minutes,
        room=room,
        replaces=appointment,
        form_key=form_key,
    )
    decide(by, [appointment], AppointmentState.TAKEN)
    decide(by, others, AppointmentState.LAPSED)
    return insert(by, row, "appointment.booked", AppointmentChange.BOOKED)


@transaction.atomic
def decline(*, by: User, appointment: Appointment, reason: str = "") -> Appointment:
    """None of the times of this offer suits. Twice is once."""
    lock(appointment.episode)
    appointment = fresh(appointment)
    if appointment.state == AppointmentState.DECLINED:
        return appointment
    check_user_can_answer(by, appointment)
    _check_reaches(by, appointment)
    decide(by, [appointment, *siblings(appointment)], AppointmentState.DECLINED, reason.strip())
    told(appointment, AppointmentChange.DECLINED, by)
    return appointment


def _check_reaches(by: User, appointment: Appointment) -> None:
    if not reach_each_other(by, appointment.episode, appointment.author):
        raise ValidationError(NO_WAY)


def _standing(dosing: DosingSession | None) -> DosingSession | None:
    return None if dosing and dosing.cancelled_at else dosing
