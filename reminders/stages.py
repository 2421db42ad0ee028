"""When somebody is told of a window, and of what waits before a dose. Pure: moments are arguments.

`[from, until)` of each: a message goes out inside it or not at all.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from reminders.enums import ReminderKind, Stage
from sessions.windows import Window, stretches

Span = tuple[datetime, datetime]
LAST_CALL = timedelta(hours=12)  # before a window closes, or its last quarter where that is less
GAP = timedelta(hours=6)  # nobody is told twice in it of what one session can serve
CHECK_IN = (timedelta(hours=48), timedelta(hours=3))  # before the planned dose: from, until
QUESTIONS = (timedelta(hours=72), timedelta(0))


def stages_of(window: Window) -> dict[Stage, Span]:
    """When each message about a window may go out: at its opening, half-way, before it closes."""
    opens, closes = window.opens_at, window.closes_at
    length = closes - opens
    last = closes - min(LAST_CALL, length / 4)
    return {
        Stage.OPENING: (opens, closes),
        Stage.HALFWAY: (opens + length / 2, last),
        Stage.CLOSING: (last, closes),
    }


def before_dose(planned_at: datetime) -> dict[ReminderKind, Span]:
    """When a check-in is asked for, and when questionnaires are."""
    return {
        ReminderKind.CHECK_IN: (planned_at - CHECK_IN[0], planned_at - CHECK_IN[1]),
        ReminderKind.QUESTIONS: (planned_at - QUESTIONS[0], planned_at - QUESTIONS[1]),
    }


def with_mine(mine: Window, others: Iterable[Window]) -> set[Window]:
    """Of `others`, open or to come and unanswered, those that one session would serve together
    with `mine`."""
    for stretch in stretches({mine, *others}):
        if mine in stretch.windows:
            return {*stretch.windows} - {mine}
    return set()
