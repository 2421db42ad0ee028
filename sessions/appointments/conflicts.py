"""A person and a room are in one place at a time. The database refuses the rest; here it is said.

Whose it is and what it is for is never told, and its hours only inside its own house.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from people.formats import clock, day, moment
from people.models import User
from sessions.enums.appointments import AppointmentState
from sessions.models import Appointment, Room

Row = TypeVar("Row")
TAKEN = "This time is taken. Choose another."


def in_the_way(
    *, person: User, room: Room | None, starts_at: datetime, ends_at: datetime, but: int = 0
) -> Appointment | None:
    """What is booked then for this person or in this room, other than the row `but`."""
    whose = Q(person=person) | (Q(room=room) if room else Q())
    rows = Appointment.unscoped.filter(
        whose, state=AppointmentState.BOOKED, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    return rows.exclude(pk=but).order_by("starts_at").first()


def refusal(by: User, found: Appointment, person: User, room: Room | None) -> ValidationError:
    """What is said of it to `by`: the hours within the house whose it is, outside nothing."""
    here = by.membership.organization_id if by.membership else 0
    if found.author_organization_id != here:
        return ValidationError({"starts_at": TAKEN})
    hours = _hours(found)
    if found.person_id == person.pk:
        who = "You have" if person.pk == by.pk else f"{person} has"
        return ValidationError({"starts_at": f"{who} another appointment {hours}."})
    return ValidationError({"room": f"{room} is booked {hours}."})


def _hours(found: Appointment) -> str:
    until = clock(found.ends_at)
    if day(found.starts_at) != day(found.ends_at):
        until = moment(found.ends_at)
    return f"on {day(found.starts_at)} from {clock(found.starts_at)} to {until}"


def check_free(by: User, *, person: User, room: Room | None, starts_at, ends_at, but=0) -> None:
    when = {"person": person, "room": room, "starts_at": starts_at, "ends_at": ends_at}
    if found := in_the_way(**when, but=but):
        raise refusal(by, found, person, room)


def written(by: User, row: Appointment, write: Callable[[], Row]) -> Row:
    """Write a booked row; whoever comes second is told as if they had looked a moment later."""
    when = {"starts_at": row.starts_at, "ends_at": row.ends_at, "but": row.pk or 0}
    try:
        with transaction.atomic():
            return write()
    except IntegrityError:
        check_free(by, person=row.person, room=row.room, **when)
        raise
