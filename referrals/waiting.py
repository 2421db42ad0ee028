"""Whose move it is and how long it has waited. Pure: every moment and day is an argument."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from people.formats import waited
from referrals.enums import Mover, ReferralState
from referrals.transitions import MOVER

S = ReferralState
# The clinic's answer is what is waited for: from the day it was sent, whatever it did meanwhile.
UNANSWERED = frozenset({S.REQUESTED, S.RECEIVED})


def after_working_days(day: date, count: int) -> date:
    """The day `count` (0 or more) working days after `day`; Monday to Friday are worked."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def reply_expected(sent_at: datetime, working_days: int, promised: Iterable[date] = ()) -> date:
    """The day by which the clinic answers: so many working days after the day it was sent (see
    `Referral.reply_days`), or as it last asked for more time."""
    return max([after_working_days(timezone.localdate(sent_at), working_days), *promised])


@dataclass(frozen=True)
class Waiting:
    """`mover` has the next move, since `since`; an answer is due on `due`, where one is."""

    mover: Mover
    since: datetime
    due: date | None
    words: str  # how long: today, 1 day, 6 days
    overdue: bool


def waiting(
    state: str,
    *,
    begun: datetime,
    sent: datetime | None,
    since: datetime,
    now: datetime,
    reply_days: int,
    promised: Iterable[date] = (),
    unheard: bool = False,
) -> Waiting:
    """How a referral stands that is in `state`, or is known to be.

    `begun`, `sent`, `since`: when the draft was begun, when it was sent, and when it came into its
    state. `reply_days`, `promised`: as in `reply_expected`. `unheard`: the clinic asked what nobody
    may read, so that the move stays with the clinic.
    """
    known = ReferralState(state)
    mover = Mover.CLINIC if unheard else MOVER[known]
    if known in UNANSWERED or unheard:
        assert sent
        due = reply_expected(sent, reply_days, promised)
        return Waiting(mover, sent, due, waited(sent, now), due <= timezone.localdate(now))
    start = begun if known == S.DRAFT else since
    return Waiting(mover, start, None, waited(start, now), False)
