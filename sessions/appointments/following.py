"""A dose is moved or cancelled: the room and the person booked for it go along, if they are free.

Sessions that people agreed on are not moved: they show that they left their window.
"""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from people.models import User
from sessions.appointments.booking import decide, replace, told
from sessions.enums.appointments import AppointmentChange, AppointmentKind, AppointmentState
from sessions.models import Appointment, DosingSession

NOT_FREE = "The dose was moved, and the room or the person is not free then: book again."
CANCELLED = "The dose was cancelled."


def follow_dose(dosing: DosingSession, by: User) -> None:
    """In the transaction that changes the dose. What was given stays where it was booked."""
    booked = Appointment.unscoped.filter(
        dosing=dosing, kind=AppointmentKind.DOSE, state=AppointmentState.BOOKED
    ).select_related("episode", "person", "room", "dosing")
    if dosing.cancelled_at:
        for row in booked:
            _take_off(by, row, CANCELLED)
    elif not dosing.given_at:
        for row in booked:
            if row.dose_at != dosing.planned_at:
                _go_along(by, row, dosing)


def _go_along(by: User, row: Appointment, dosing: DosingSession) -> None:
    assert row.dose_at
    row.dosing = dosing
    starts_at = row.starts_at + (dosing.planned_at - row.dose_at)
    try:
        with transaction.atomic():
            replace(
                by,
                row,
                starts_at=starts_at,
                minutes=row.minutes,
                room=row.room if row.room and not row.room.retired_at else None,
                form_key=uuid4(),
            )
    except ValidationError:
        row.state = AppointmentState.BOOKED  # as it was before the attempt
        _take_off(by, row, NOT_FREE)


def _take_off(by: User, row: Appointment, reason: str) -> None:
    decide(by, [row], AppointmentState.CANCELLED, reason)
    told(row, AppointmentChange.CANCELLED, by)
