"""What time alone brings about, noted once a minute. One bad row does not stop the others."""

import logging
from datetime import datetime

from django.db import transaction

from consent.actions.ending import note_expired
from referrals.actions.covers import note_covers_over
from reminders.actions.letters import ending_unannounced, write_ending_letters

logger = logging.getLogger("reminders")


def keep_up(now: datetime) -> None:
    """Releases that came to their end get their receipt; those that end soon are told of. That a
    cover is over is recorded."""
    note_expired(now)
    note_covers_over(now)
    for release, days in ending_unannounced(now):
        try:
            with transaction.atomic():
                write_ending_letters(release, days, now)
        except Exception as error:
            logger.error("release %s: no letters, %s", release.pk, type(error).__name__)
