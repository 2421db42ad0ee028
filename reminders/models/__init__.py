"""`outbox`: what is to be sent, to whom and when, and how that went."""

from reminders.models.outbox import (
    SPEAKS_OF,
    THRESHOLDS,
    Attempt,
    Heartbeat,
    Letter,
    Outgoing,
    Reminder,
)

__all__ = [
    "Attempt",
    "Heartbeat",
    "Letter",
    "Outgoing",
    "Reminder",
    "SPEAKS_OF",
    "THRESHOLDS",
]
