"""The windows around a dose, in absolute hours: a day is 24 hours here, whatever the clocks do.

Pure functions over aware moments in UTC. The hours are those of the field's practice: preparation
72–24 h before, integration 24–48 h and 4–7 days after.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class WindowKind(StrEnum):
    PREPARATION = "preparation"
    ACUTE = "acute"
    EARLY = "early"
    PRIMARY = "primary"
    THERAPEUTIC = "therapeutic"
    SECONDARY = "secondary"
    EXTENDED = "extended"


# hours from the dose: opens, closes
HOURS: dict[WindowKind, tuple[int, int]] = {
    WindowKind.PREPARATION: (-72, -24),
    WindowKind.ACUTE: (0, 4),
    WindowKind.EARLY: (4, 24),
    WindowKind.PRIMARY: (24, 48),
    WindowKind.THERAPEUTIC: (24, 72),
    WindowKind.SECONDARY: (96, 168),
    WindowKind.EXTENDED: (72, 168),
}
NAMES = {
    WindowKind.PREPARATION: "Preparation, 72–24 h before",
    WindowKind.PRIMARY: "Integration, 24–48 h",
    WindowKind.SECONDARY: "Consolidation, 4–7 days",
}
REMINDED_BEFORE = (WindowKind.PREPARATION,)
REMINDED_AFTER = (WindowKind.PRIMARY, WindowKind.SECONDARY)


class WindowState(StrEnum):
    LATER = "later"
    OPEN = "open"
    SERVED = "served"
    MISSED = "missed"


@dataclass(frozen=True)
class Window:
    """One window of one dose: open while opens_at <= moment < closes_at."""

    kind: WindowKind
    dose_number: int
    opens_at: datetime
    closes_at: datetime

    def contains(self, moment: datetime) -> bool:
        return self.opens_at <= moment < self.closes_at

    def state(self, now: datetime, sessions: Iterable[datetime]) -> WindowState:
        """Served once a session lies within it; otherwise by the clock."""
        if any(self.contains(held) for held in sessions):
            return WindowState.SERVED
        if now < self.opens_at:
            return WindowState.LATER
        return WindowState.OPEN if now < self.closes_at else WindowState.MISSED


def window(kind: WindowKind, dose_number: int, dose_at: datetime) -> Window:
    """The window `kind` of the dose given, or planned, at the aware moment `dose_at`."""
    start = dose_at.astimezone(UTC)
    opens, closes = HOURS[kind]
    return Window(
        kind, dose_number, start + timedelta(hours=opens), start + timedelta(hours=closes)
    )


def reminded(dose_number: int, dose_at: datetime, *, given: bool) -> list[Window]:
    """The windows people are reminded of: preparation of a planned dose, or both after a dose."""
    kinds = REMINDED_AFTER if given else REMINDED_BEFORE
    return [window(kind, dose_number, dose_at) for kind in kinds]


def drawn(dose_number: int, dose_at: datetime) -> list[Window]:
    """The three windows of the journey timeline."""
    return [window(kind, dose_number, dose_at) for kind in NAMES]
