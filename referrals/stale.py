"""When a referral stands still for too long. Pure: every moment is an argument.

Whoever has the next move is nudged. What waits for the practice is closed some time after it was
told: a draft that nobody touches, and a question of the clinic's that nobody answers. What waits
for the clinic is never closed, however long it takes.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from referrals.enums import Mover, ReferralState
from referrals.waiting import after_working_days

S = ReferralState
NUDGE_AFTER = 5  # working days without a move
CLOSE_AFTER = timedelta(days=14)  # from when whoever has the move was told
DRAFT_LASTS = timedelta(days=90)  # from when a draft was last saved

# Where somebody is waited for. While care goes on its own reminders do this.
NUDGED = frozenset({S.DRAFT, S.REQUESTED, S.RECEIVED, S.INFORMATION_ASKED, S.ACCEPTED})
CLOSABLE = frozenset({S.DRAFT, S.INFORMATION_ASKED})


def nudge_due(state: str, since: datetime, promised: Iterable[date], now: datetime) -> bool:
    """Whether `now` is the time to nudge: more than five working days after the day of `since`,
    and after the last day by which the clinic said that it answers."""
    if state not in NUDGED:
        return False
    last = max([after_working_days(timezone.localdate(since), NUDGE_AFTER), *promised])
    return timezone.localdate(now) > last


def close_due(state: str, since: datetime, mover: Mover, told_at: datetime, now: datetime) -> bool:
    """Whether time closes it `now`: it waits for the practice, which was told at `told_at`."""
    if state not in CLOSABLE or mover != Mover.THERAPIST or now < told_at + CLOSE_AFTER:
        return False
    return state != S.DRAFT or now >= since + DRAFT_LASTS
