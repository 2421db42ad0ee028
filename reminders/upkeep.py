"""What time alone brings about, noted once a minute. One bad row does not stop the others."""

import logging
from datetime import datetime

from django.db import transaction

from consent.actions.ending import note_expired
from reminders.actions.letters import ending_unannounced, write_ending_letters
from sessions.actions.notices import escalate_notice, overdue

logger = logging.getLogger("reminders")


def keep_up(now: datetime) -> None:
    """Releases that came to their end get their receipt; those that end soon are told of; emergency
    notices that nobody acknowledged in time go to the next in line."""
    note_expired(now)
    for release, days in ending_unannounced(now):
        try:
            with transaction.atomic():
                write_ending_letters(release, days, now)
        except Exception as error:
            logger.error("release %s: no letters, %s", release.pk, type(error).__name__)
    for notice, to in overdue(now):
        try:
            escalate_notice(notice=notice, to=to, at=now)
        except Exception as error:
            logger.error("notice %s: not escalated, %s", notice.pk, type(error).__name__)
