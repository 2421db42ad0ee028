"""The vocabulary of what is sent."""

from django.db.models import TextChoices


class ReminderKind(TextChoices):
    PREPARATION = "preparation", "Preparation, 72–24 h before"
    PRIMARY = "primary", "Integration, 24–48 h"
    SECONDARY = "secondary", "Consolidation, 4–7 days"


class LetterKind(TextChoices):
    RECEIPT = "receipt", "A receipt waits for the client"
    ENDING = "ending", "A release ends soon"
    EMERGENCY = "emergency", "Emergency access was opened"
    ALERT = "alert", "A safety alert stands"
    NUDGE = "nudge", "A referral waits for its next step"
    NOTICE = "notice", "An emergency notice was raised"
    UNANSWERED = "unanswered", "Nobody acknowledged an emergency notice in time"


class ReminderState(TextChoices):
    PENDING = "pending", "Waiting for its window"
    SENT = "sent", "Sent"
    DONE = "done", "Session held"
    MISSED = "missed", "Window closed"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Could not be sent"


class CancelReason(TextChoices):
    DOSE_CHANGED = "dose_changed", "The dose was given or cancelled"
    RELEASE_ENDED = "release_ended", "No release permits it"
    NOT_THEIRS = "not_theirs", "It is no longer for this person"
    ANSWERED = "answered", "Somebody has answered it"


class Outcome(TextChoices):
    UNKNOWN = "unknown", "Not known"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"


class ReasonKind(TextChoices):
    """Why a case is talked over at a conference, the most urgent first."""

    ALERT = "alert", "Safety alert"
    ADVERSE = "adverse", "Adverse event"
    WORSE = "worse", "Deterioration"
    MISSED = "missed", "Missed window"
    REFERRAL = "referral", "New referral"
    BY_HAND = "by_hand", "Put on by the team"

    @property
    def rank(self) -> int:
        """0 is the most urgent."""
        return list(ReasonKind).index(self)
