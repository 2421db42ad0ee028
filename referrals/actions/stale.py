"""What time does to a referral that stands still: whoever has the next move is told once, and what
waits for the practice in vain is closed. The rule stands in `referrals.stale`."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from audit.record import record
from referrals.actions.closing import close_by_time
from referrals.enums import Mover, ReferralState, Verb
from referrals.models import Nudge, Referral
from referrals.reading import unheard
from referrals.stale import NUDGE_AFTER, NUDGED, close_due, nudge_due
from referrals.transitions import MOVER

MOST = 200  # in one round; the others come in the next


def mover_of(referral: Referral, at: datetime) -> Mover:
    """Whose move it is. A question that no release brings to the practice stays the clinic's."""
    if unheard([referral], at):
        return Mover.CLINIC
    return MOVER[ReferralState(referral.state)]


def still_waits(nudge: Nudge) -> bool:
    """Nobody has moved since."""
    return nudge.referral.state_since == nudge.since


def standing_still(now: datetime) -> list[Referral]:
    """Referrals about which a nudge is due that nobody was given yet."""
    rows = (
        Referral.objects.filter(state__in=NUDGED, state_since__lt=now - timedelta(days=NUDGE_AFTER))
        .exclude(pk__in=Nudge.objects.filter(since=F("referral__state_since")).values("referral"))
        .prefetch_related("interims")
        .order_by("state_since", "pk")
    )
    return [
        each for each in rows[:MOST] if nudge_due(each.state, each.state_since, each.promised, now)
    ]


def nudge_about(referral: Referral, now: datetime) -> Nudge | None:
    """Note that somebody is told, in the caller's transaction; None where they were already."""
    nudge, made = Nudge.objects.get_or_create(
        referral=referral, since=referral.state_since, defaults={"at": now}
    )
    if not made:
        return None
    record("referral.nudged", by=None, on=referral, mover=mover_of(referral, now))
    return nudge


@transaction.atomic
def close_stale(*, nudge: Nudge, told_at: datetime, now: datetime) -> bool:
    """Close what was nudged about, told at `told_at`, where that is due; whether it was."""
    rows = Referral.objects.select_for_update(of=("self",), no_key=True)
    referral = rows.select_related("client", "practice", "clinic").get(pk=nudge.referral_id)
    mover = mover_of(referral, now)
    if referral.state_since != nudge.since or not close_due(
        referral.state, referral.state_since, mover, told_at, now
    ):
        return False
    verb = Verb.CANCEL if referral.state == ReferralState.DRAFT else Verb.LAPSE
    close_by_time(referral=referral, verb=verb)
    return True
