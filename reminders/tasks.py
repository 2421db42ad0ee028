"""Celery's part: nudge, and carry ids. A lost task loses nothing: the next round finds it."""

from celery import shared_task

from reminders.delivery import deliver, sweep


@shared_task(name="reminders.send_due")
def send_due() -> None:
    for reminder_id in sweep():
        send_one.delay(reminder_id)


@shared_task(name="reminders.send_one")
def send_one(reminder_id: int) -> None:
    deliver(reminder_id)
