"""Celery's part: nudge, and carry ids. A lost task loses nothing: the next round finds it."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from reminders.delivery import Claim, deliver, sweep

logger = logging.getLogger("reminders")


@shared_task(name="reminders.send_due")
def send_due() -> None:
    for claim in sweep():
        send_one.delay(*claim)


@shared_task(name="reminders.send_one")
def send_one(kind: str, pk: int, lease: str) -> None:
    deliver(Claim(kind, pk, lease))


def nudge() -> None:
    """Begin a round now. Where the broker is away, the next round or cron finds what is due."""
    try:
        send_due.apply_async(retry=False)
    except OperationalError:
        logger.warning("the broker does not answer; the next round sends what is due")
