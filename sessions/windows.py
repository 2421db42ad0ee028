"""The windows around a dose, in absolute hours: a day is 24 hours here, whatever the clocks do.

Pure functions over aware moments in UTC. The usual hours are those of the field's practice:
preparation 72–24 h before, integration 24–48 h and 4–7 days after. A clinic may narrow them
(`sessions.hours`), and never widen them.
"""

from collections.abc import Iterable, Mapping
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


Span = tuple[int, int]  # whole hours from the dose: opens, closes; below 0 before it
Hours = Mapping[WindowKind, Span]
HOURS: Hours = {
    WindowKind.PREPARATION: (-72, -24),
    WindowKind.ACUTE: (0, 4),
    WindowKind.EARLY: (4, 24),
    WindowKind.PRIMARY: (24, 48),
    WindowKind.THERAPEUTIC: (24, 72),
    WindowKind.SECONDARY: (96, 168),
    WindowKind.EXTENDED: (72, 168),
}
SHORTEST = 2  # hours: a window that a clinic narrows stays at least so long
NAMES = {
    WindowKind.PREPARATION: "Preparation",
    WindowKind.ACUTE: "Drug effect",
    WindowKind.EARLY: "Early",
    WindowKind.PRIMARY: "Integration",
    WindowKind.THERAPEUTIC: "Therapeutic",
    WindowKind.SECONDARY: "Consolidation",
    WindowKind.EXTENDED: "Extended",
}
REMINDED_BEFORE = (WindowKind.PREPARATION,)
REMINDED_AFTER = (WindowKind.PRIMARY, WindowKind.SECONDARY)
DRAWN = (*REMINDED_BEFORE, *REMINDED_AFTER)
# What windows have to share for one session to be thought of for all of them: less cannot be
# counted on between two appointments.
SHARED = timedelta(hours=12)


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
    span: Span = (0, 0)

    @property
    def label(self) -> str:
        """`Integration, 24–48 h`, `Preparation, 72–24 h before`."""
        return f"{NAMES[self.kind]}, {in_words(self.span).removesuffix(' after')}"

    def contains(self, moment: datetime) -> bool:
        return self.opens_at <= moment < self.closes_at

    def state(self, now: datetime, sessions: Iterable[datetime]) -> WindowState:
        """Served once a session lies within it; otherwise by the clock."""
        if any(self.contains(held) for held in sessions):
            return WindowState.SERVED
        if now < self.opens_at:
            return WindowState.LATER
        return WindowState.OPEN if now < self.closes_at else WindowState.MISSED


@dataclass(frozen=True)
class Stretch:
    """The time in which one session serves all of `windows`: opens_at <= moment < closes_at."""

    windows: tuple[Window, ...]

    @property
    def opens_at(self) -> datetime:
        return max(window.opens_at for window in self.windows)

    @property
    def closes_at(self) -> datetime:
        return min(window.closes_at for window in self.windows)


def window(kind: WindowKind, dose_number: int, dose_at: datetime, hours: Hours = HOURS) -> Window:
    """The window `kind` of the dose given, or planned, at the aware moment `dose_at`."""
    start = dose_at.astimezone(UTC)
    opens, closes = (timedelta(hours=each) for each in hours[kind])
    return Window(kind, dose_number, start + opens, start + closes, hours[kind])


def windows(dose_number: int, dose_at: datetime, hours: Hours = HOURS) -> list[Window]:
    """All seven windows of a dose."""
    return [window(kind, dose_number, dose_at, hours) for kind in WindowKind]


def reminded(
    dose_number: int, dose_at: datetime, *, given: bool, hours: Hours = HOURS
) -> list[Window]:
    """The windows people are reminded of: preparation of a planned dose, or both after a dose."""
    kinds = REMINDED_AFTER if given else REMINDED_BEFORE
    return [window(kind, dose_number, dose_at, hours) for kind in kinds]


def drawn(dose_number: int, dose_at: datetime, hours: Hours = HOURS) -> list[Window]:
    """The three windows of the journey timeline."""
    return [window(kind, dose_number, dose_at, hours) for kind in DRAWN]


def in_words(span: Span) -> str:
    """`72–24 h before`, `24–48 h after`; whole days from the fourth day on: `4–7 days after`."""
    opens, closes = span
    if closes <= 0:
        return f"{-opens}–{-closes} h before"
    if opens > 72 and opens % 24 == closes % 24 == 0:
        return f"{opens // 24}–{closes // 24} days after"
    return f"{opens}–{closes} h after"


def within_usual(kind: WindowKind, span: Span) -> bool:
    """Whether a clinic may choose these hours: inside the usual ones, and not too short."""
    (opens, closes), (earliest, latest) = span, HOURS[kind]
    return earliest <= opens and opens + SHORTEST <= closes <= latest


def stretches(found: Iterable[Window]) -> list[Stretch]:
    """The fewest sessions that serve all of these windows, the one to be held first before others.

    Windows stand together where all of them share at least `SHARED`. Beginning with the one that
    closes first and taking along whatever it can makes the fewest.
    """
    left = sorted(found, key=lambda each: (each.closes_at, each.opens_at))
    together = []
    while left:
        first = left[0]
        shared = [first.closes_at - max(each.opens_at, first.opens_at) for each in left]
        mine = [each for each, hours in zip(left, shared, strict=True) if hours >= SHARED]
        mine = mine if first in mine else [first]
        together.append(Stretch(tuple(mine)))
        left = [each for each in left if each not in mine]
    return together
