"""When somebody asks how the client is after a dose: a pure rule in absolute hours, like windows.

House rule: once, from 24 h on and before 72 h are over. It is asked for a month; later nobody
can act on the answer.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

SOURCE = "House rule"
OPENS, CLOSES, GIVEN_UP = timedelta(hours=24), timedelta(hours=72), timedelta(days=31)


class CheckState(StrEnum):
    LATER = "later"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"
    NEVER = "never"


def check_state(given_at: datetime, now: datetime, reached: Iterable[datetime]) -> CheckState:
    """Where the check after the dose of `given_at` stands at `now`.

    `reached`: the moments, after the dose, at which the client was spoken to. Whoever was reached
    before 24 h has not been asked about delayed effects yet. Intervals are half-open.
    """
    since = now - given_at
    if any(moment - given_at >= OPENS for moment in reached):
        return CheckState.DONE
    if since < OPENS:
        return CheckState.LATER
    if since < CLOSES:
        return CheckState.DUE
    return CheckState.OVERDUE if since < GIVEN_UP else CheckState.NEVER
