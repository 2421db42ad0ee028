"""`outbox`, `texts`: what is to be sent, to whom and when · `attempts`: how that went ·
`notifications`: what is told in the portal, and how mail says so · `views`: how somebody likes
their list of clients · `conferences`: how often a clinic confers, and who was there · `agenda`:
about which cases, why, and what was decided.
"""

from reminders.models.agenda import (
    CATEGORY_OF_REASON,
    SAID_OF,
    ConferenceCase,
    ConferenceDecision,
    ConferenceInvitation,
    ConferenceReason,
)
from reminders.models.attempts import Attempt, Heartbeat
from reminders.models.conferences import Conference, ConferenceAttendance, ConferenceSeries
from reminders.models.notifications import Notification, Preferences
from reminders.models.outbox import (
    SPEAKS_OF,
    THRESHOLDS,
    UNSENT,
    Letter,
    Outgoing,
    Reminder,
)
from reminders.models.texts import TextMessage
from reminders.models.views import SavedView

__all__ = [
    "Attempt",
    "CATEGORY_OF_REASON",
    "Conference",
    "ConferenceAttendance",
    "ConferenceCase",
    "ConferenceDecision",
    "ConferenceInvitation",
    "ConferenceReason",
    "ConferenceSeries",
    "Heartbeat",
    "Letter",
    "Notification",
    "Outgoing",
    "Preferences",
    "Reminder",
    "SAID_OF",
    "SPEAKS_OF",
    "SavedView",
    "THRESHOLDS",
    "TextMessage",
    "UNSENT",
]
