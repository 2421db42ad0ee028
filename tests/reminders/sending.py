"""Rounds of delivery, for tests."""

from reminders.delivery import deliver, sweep
from reminders.enums import Outcome
from reminders.models import Reminder
from tests.builder import Builder


def due_now(case: Builder) -> Reminder:
    """The primary reminder of a dose that was given 25 hours ago, and no other."""
    case.give(hours_ago=25)
    Reminder.objects.exclude(kind="primary").delete()
    return Reminder.objects.get(dosing=case.dosing)


def change(reminder: Reminder, **fields) -> None:
    Reminder.objects.filter(pk=reminder.pk).update(**fields)


def state(reminder: Reminder) -> str:
    reminder.refresh_from_db()
    return reminder.state


def round_of() -> list[Outcome | None]:
    return [deliver(pk) for pk in sweep()]
