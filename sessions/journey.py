"""Doses, windows and sessions as they were disclosed, for the drawing, and what comes next. Pure.

Dates and numbers of doses come from disclosed events alone: a release that does not open the
schedule draws nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from people.formats import clock, day, moment
from sessions.drawings.journey import draw_journey
from sessions.drawings.shapes import Journey, JourneyDose, JourneySession, JourneyWindow
from sessions.enums import EventKind
from sessions.models import CareEvent, IntegrationSession
from sessions.windows import HOURS, Hours, Window, WindowKind, WindowState, drawn, in_words

LANE = {
    WindowKind.PREPARATION: "prepare",
    WindowKind.PRIMARY: "integrate",
    WindowKind.SECONDARY: "consolidate",
}
PREPARE = LANE[WindowKind.PREPARATION]
SERVES = {
    "prepare": "preparation for dose {}",
    "integrate": "integration after dose {}",
    "consolidate": "consolidation after dose {}",
}
HEADINGS = ("Prepare", "Integrate", "Consolidate")
UNTOLD = "untold"  # of a window whose sessions the reader would not all see
COUNTED = ("", "one window", "two windows", "three windows", "four windows", "five windows")


@dataclass(frozen=True)
class Next:
    """What to do next: `left` while windows are open, None while the next one is still ahead."""

    title: str
    text: str
    left: timedelta | None


def journey(
    events: Iterable[CareEvent],
    sessions: Iterable[IntegrationSession],
    now: datetime,
    *,
    labels: Mapping[int, str] | None = None,
    all_sessions: bool = True,
    hours: Hours = HOURS,
) -> Journey:
    """What is drawn. `labels` says by number what was given, to those who know the doses; without
    `all_sessions` the windows are drawn as times alone, neither served nor missed nor needed.
    `hours`: those of the clinic.
    """
    events = sorted(events, key=lambda event: event.occurred_at)
    doses = tuple(
        JourneyDose(
            e.dose_number or 0,
            e.occurred_at,
            e.kind == EventKind.DOSE_GIVEN,
            (labels or {}).get(e.dose_number or 0, ""),
        )
        for e in events
        if e.kind in (EventKind.DOSE_PLANNED, EventKind.DOSE_GIVEN)
    )
    held = [
        JourneySession(s.occurred_at, "held" if s.was_held else "missed")
        for s in sessions
        if not s.in_error
    ]
    held += [
        JourneySession(e.occurred_at, "held", (PREPARE,))
        for e in events
        if e.kind == EventKind.PREPARATION_HELD
    ]
    windows = tuple(
        _drawn(dose, window, held if all_sessions else None, now)
        for dose in doses
        for window in drawn(dose.number, dose.at, hours)
    )
    zone = ZoneInfo(timezone.get_current_timezone_name())
    ordered = tuple(sorted(held, key=lambda session: session.at))
    notes = tuple(in_words(hours[kind]) for kind in LANE)
    return Journey(now, zone, doses, windows, ordered, "Sessions", notes)


def _drawn(
    dose: JourneyDose, window: Window, sessions: list[JourneySession] | None, now: datetime
) -> JourneyWindow:
    """A window with its state. What follows a dose waits until that dose is given, and what
    prepares one ends with it, should it come early."""
    lane = LANE[window.kind]
    if sessions is None:
        return JourneyWindow(lane, dose.number, window.opens_at, window.closes_at, UNTOLD)
    serving = [s.at for s in sessions if s.state == "held" and lane in s.lanes]
    state = window.state(now, serving)
    if not dose.given and lane != PREPARE:
        state = WindowState.LATER
    if dose.given and lane == PREPARE and state == WindowState.OPEN:
        state = WindowState.MISSED
    return JourneyWindow(lane, dose.number, window.opens_at, window.closes_at, state.value)


def drawings(drawn: Journey) -> dict:
    """What the component needs: both drawings, and the same dates as a table."""
    return {
        "wide": draw_journey(drawn, wide=True),
        "narrow": draw_journey(drawn, wide=False),
        "headings": ["Dose", "Date", *map(", ".join, zip(HEADINGS, drawn.notes, strict=True))],
        "rows": table(drawn),
        "untold": any(window.state == UNTOLD for window in drawn.windows),
    }


def table(drawn: Journey) -> list[list[str]]:
    """One row a dose: its date, and each of its windows in words."""
    rows = []
    for dose in drawn.doses:
        what = dose.label or ("given" if dose.given else "planned")
        windows = {w.lane: w for w in drawn.windows if w.number == dose.number}
        cells = [_in_words(drawn, windows[lane]) for lane in SERVES]
        rows.append([str(dose.number), f"{moment(dose.at)}, {what}", *cells])
    return rows


def _in_words(drawn: Journey, window: JourneyWindow) -> str:
    if window.state == UNTOLD:
        return f"{moment(window.opens_at)} to {moment(window.closes_at)}"
    if window.state == "open":
        return f"Open until {moment(window.closes_at)}"
    if window.state == "later":
        return f"Opens {moment(window.opens_at)}"
    held = [
        s.at
        for s in drawn.sessions
        if s.state == "held" and window.lane in s.lanes and window.contains(s.at)
    ]
    return f"Held {day(held[0])}" if held else "Closed, none held"


def next_action(drawing: Journey) -> Next | None:
    """The windows that one session now would serve, or may have been served already; else the next
    window to open."""
    open_ = [w for w in drawing.windows if w.state == "open"]
    if open_:
        return _now(sorted(open_, key=lambda w: w.closes_at), drawing.now)
    untold = [w for w in drawing.windows if w.state == UNTOLD and w.contains(drawing.now)]
    if untold:
        return _untold(sorted(untold, key=lambda w: w.closes_at), drawing.now)
    given = {dose.number for dose in drawing.doses if dose.given}
    later = [
        w
        for w in drawing.windows
        if w.state == "later" and (w.lane == PREPARE or w.number in given)
    ]
    return _later(min(later, key=lambda w: w.opens_at)) if later else None


def _now(windows: list[JourneyWindow], now: datetime) -> Next:
    closes = windows[0].closes_at
    today = timezone.localdate(closes) == timezone.localdate(now)
    when = f"{clock(closes)} today" if today else moment(closes)
    served = [SERVES[w.lane].format(w.number) for w in windows]
    count = COUNTED[len(served)] if len(served) < len(COUNTED) else f"{len(served)} windows"
    return Next(
        f"One session before {when} serves {count}",
        f"{_sentence(', '.join(served))}. No session is logged yet.",
        closes - now,
    )


def _untold(windows: list[JourneyWindow], now: datetime) -> Next:
    served = ", ".join(SERVES[w.lane].format(w.number) for w in windows)
    closes = windows[0].closes_at
    return Next(
        f"Open until {moment(closes)}",
        f"{_sentence(served)}. No release tells you of sessions that others hold: one may have "
        "been held.",
        closes - now,
    )


def _later(window: JourneyWindow) -> Next:
    served = SERVES[window.lane].format(window.number)
    return Next(
        f"{_sentence(served)} opens {moment(window.opens_at)}",
        f"It stays open until {moment(window.closes_at)}. Nothing is due before.",
        None,
    )


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
