"""Taking back what waits to be sent."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from audit.record import record
from consent.clock import database_now
from reminders.enums import CancelReason, ReminderState
from reminders.models import Outgoing

Message = TypeVar("Message", bound=Outgoing)


def cancel(messages: Iterable[Outgoing], reason: CancelReason) -> int:
    """Cancel each of these; how many."""
    found = list(messages)
    for message in found:
        message.state, message.cancel_reason = ReminderState.CANCELLED, reason
        message.state_since = database_now()
        message.leased_until = message.lease = None
        message.save()
        event = f"{message._meta.model_name}.cancelled"
        record(event, by=None, on=message, reason=reason)
    return len(found)


def cancel_barred(
    messages: Iterable[Message],
    obstacle: Callable[[Message, datetime], CancelReason | None],
    at: datetime,
) -> int:
    """Cancel those that have an obstacle at the moment `at`; how many."""
    reasons = [(message, obstacle(message, at)) for message in messages]
    return sum(cancel([message], reason) for message, reason in reasons if reason)
