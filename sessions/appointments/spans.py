"""How an appointment lies beside the windows of its dose. Pure."""

from collections.abc import Mapping
from datetime import datetime

from sessions.enums.appointments import AppointmentKind, AppointmentState
from sessions.models import Appointment
from sessions.windows import REMINDED_AFTER, REMINDED_BEFORE, Hours, Window, WindowKind, window

KINDS = {
    AppointmentKind.PREPARATION: REMINDED_BEFORE,
    AppointmentKind.INTEGRATION: REMINDED_AFTER,
    AppointmentKind.DOSE: (),
}


def windows_of(kind: str, dose_number: int, dose_at: datetime, hours: Hours) -> list[Window]:
    """The reminded windows that a session of this kind can serve."""
    return [window(each, dose_number, dose_at, hours) for each in KINDS[AppointmentKind(kind)]]


def window_of(
    kind: str, dose_number: int, dose_at: datetime, starts_at: datetime, hours: Hours
) -> str:
    """In which of them it begins; empty for none."""
    found = windows_of(kind, dose_number, dose_at, hours)
    return next((each.kind.value for each in found if each.contains(starts_at)), "")


# By dose, when it was given or is planned; None where it was cancelled.
Moments = Mapping[int, datetime | None]


def left_its_window(appointment: Appointment, doses: Moments, hours: Hours) -> bool:
    """Whether a booked session no longer lies in the window for which it was booked: its dose was
    moved, recorded at another hour or cancelled, or the clinic has narrowed its hours. Of a dose
    that is not known, nothing is said."""
    booked, dose = appointment.state == AppointmentState.BOOKED, appointment.dosing_id
    if not (booked and appointment.window) or dose is None or dose not in doses:
        return False
    at = doses[dose]
    if at is None:
        return True
    number = appointment.dose_number or 0
    its = window(WindowKind(appointment.window), number, at, hours)
    return not its.contains(appointment.starts_at)
