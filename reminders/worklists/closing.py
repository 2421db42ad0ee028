"""Which window is about to close with nothing held and nothing booked in it. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from people.enums import Role
from people.models import User
from sessions.appointments.spans import KINDS
from sessions.enums.appointments import AppointmentKind
from sessions.models import Appointment
from sessions.windows import Window, WindowKind

SOON = timedelta(hours=24)
Booked = Sequence[Appointment]


@dataclass(frozen=True)
class Unbooked:
    """`query`: what the link to its booking asks for."""

    window: Window

    @property
    def query(self) -> str:
        before = self.window.kind == WindowKind.PREPARATION
        kind = AppointmentKind.PREPARATION if before else AppointmentKind.INTEGRATION
        return f"?for={kind}&dose={self.window.dose_number}"


def unbooked(
    windows: Iterable[Window],
    booked: Booked,
    now: datetime,
    *,
    reader: User,
    owner_of: Callable[[Window], User],
    knows: Callable[[User], bool] = lambda owner: True,
) -> Unbooked | None:
    """The first of the unserved `windows` that closes within 24 hours and in which no session is
    booked: of the reader's own; for a coordinator of everybody's, where they would know of one."""
    coordinates = reader.membership is not None and reader.membership.role == Role.COORDINATOR
    for window in sorted(windows, key=lambda each: each.closes_at):
        if not window.contains(now) or window.closes_at - now > SOON:
            continue
        owner = owner_of(window)
        theirs = owner == reader or (coordinates and knows(owner))
        if theirs and not any(_serves(each, window) for each in booked):
            return Unbooked(window)
    return None


def _serves(appointment: Appointment, window: Window) -> bool:
    kinds = KINDS[AppointmentKind(appointment.kind)]
    return window.kind in kinds and window.contains(appointment.starts_at)
