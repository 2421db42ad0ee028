"""Celery's part: nudge, and share the work. A lost task loses nothing: the next round finds it.

No task waits for its time (no ETA, no countdown), carries a result or is missed when it is lost:
who sends what is decided by the rows alone.
"""

import logging
from time import monotonic

from celery import Task, shared_task
from django.conf import settings
from kombu.exceptions import OperationalError

from reminders.delivery import BATCH, begin_round, claim, deliver, give_back

logger = logging.getLogger("reminders")


@shared_task(name="reminders.send_due")
def send_due() -> None:
    """A round. What is due already goes out beside it: upkeep may take its time."""
    _ask_for(send_some)
    begin_round()
    _ask_for(send_some)


@shared_task(name="reminders.send_some", time_limit=settings.SEND_SECONDS)
def send_some() -> None:
    """Send batch after batch for some seconds. Where one is full there may be more than one process
    can do: whoever is free joins in. Should the broker forget that, this one still goes on."""
    until, asked = monotonic() + settings.HOLD_SECONDS, False
    while monotonic() < until and (claims := claim()):
        if len(claims) >= BATCH and not asked:
            _ask_for(send_some)
            asked = True
        while claims and monotonic() < until:
            deliver(claims.pop(0))
        give_back(claims)


def nudge() -> None:
    """Begin a round now. Where the broker is away, the next round or cron finds what is due."""
    _ask_for(send_due)


def _ask_for(task: Task) -> None:
    try:
        task.apply_async(retry=False, expires=settings.SWEEP_SECONDS)
    except OperationalError:
        logger.warning("the broker does not answer; the next round sends what is due")
