"""What time alone brings about, noted once a minute. One bad row does not stop the others."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from consent.actions.ending import note_expired
from referrals.actions.covers import note_covers_over
from referrals.actions.stale import close_stale, nudge_about, standing_still
from reminders.actions.expiring import tell_of_expiring
from reminders.actions.letters import (
    ending_unannounced,
    told_in_vain,
    write_ending_letters,
    write_nudge_letters,
)
from reminders.actions.missed import note_missed
from reminders.notifications.actions import gather_news
from reminders.notifications.outbox import tell_of_ending
from sessions.actions.notices import escalate_notice, overdue

logger = logging.getLogger("reminders")


def keep_up(now: datetime) -> None:
    """Releases that came to their end get their receipt; those that end soon are told of; so are
    referrals that stand still. That a cover is over is recorded. Emergency notices that nobody
    acknowledged in time go to the next in line. Windows that closed with nothing held are noted,
    and clearances and licences that end soon. What is new is gathered into mail, last.

    What fails is logged, by the class of its error alone, and stops nothing that comes after it."""
    for step in STEPS:
        try:
            step(now)
        except Exception as error:
            logger.error("upkeep: %s failed, %s", step.__name__, type(error).__name__)


def announce_endings(now: datetime) -> None:
    """Those whom a release concerns are told that it ends soon."""
    for release, days in ending_unannounced(now):
        try:
            with transaction.atomic():
                write_ending_letters(release, days, now)
                tell_of_ending(release, now)
        except Exception as error:
            logger.error("release %s: no letters, %s", release.pk, type(error).__name__)


def pass_notices_on(now: datetime) -> None:
    """To the next in line, what nobody acknowledged in time."""
    for notice, to in overdue(now):
        try:
            escalate_notice(notice=notice, to=to, at=now)
        except Exception as error:
            logger.error("notice %s: not escalated, %s", notice.pk, type(error).__name__)


def keep_referrals_moving(now: datetime) -> None:
    """Whoever has the next move is told that it waits; what waits in vain is closed."""
    for referral in standing_still(now):
        try:
            with transaction.atomic():
                if nudge := nudge_about(referral, now):
                    write_nudge_letters(nudge, now)
        except Exception as error:
            logger.error("referral %s: no nudge, %s", referral.pk, type(error).__name__)
    for nudge, told_at in told_in_vain(now):
        try:
            close_stale(nudge=nudge, told_at=told_at, now=now)
        except Exception as error:
            logger.error("referral %s: not closed, %s", nudge.referral_id, type(error).__name__)


STEPS: tuple[Callable[[datetime], object], ...] = (
    note_expired,
    note_covers_over,
    announce_endings,
    pass_notices_on,
    note_missed,
    tell_of_expiring,
    keep_referrals_moving,
    gather_news,
)
