"""`outbox`: what is to be sent, to whom and when, and how that went. `views`: how somebody likes
their list of clients."""

from reminders.models.outbox import (
    SPEAKS_OF,
    THRESHOLDS,
    Attempt,
    Heartbeat,
    Letter,
    Outgoing,
    Reminder,
)
from reminders.models.views import SavedView

__all__ = [
    "Attempt",
    "Heartbeat",
    "Letter",
    "Outgoing",
    "Reminder",
    "SPEAKS_OF",
    "SavedView",
    "THRESHOLDS",
]
