"""`outbox`: what is to be sent, to whom and when, and how that went · `notifications`: what is told
in the portal, and how mail says so · `views`: how somebody likes their list of clients.
"""

from reminders.models.notifications import Notification, Preferences
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
    "Notification",
    "Outgoing",
    "Preferences",
    "Reminder",
    "SPEAKS_OF",
    "SavedView",
    "THRESHOLDS",
]
