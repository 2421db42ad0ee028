"""Vocabulary of appointments."""

from django.db.models import TextChoices


class AppointmentKind(TextChoices):
    PREPARATION = "preparation", "Preparation"
    INTEGRATION = "integration", "Integration"
    DOSE = "dose", "Dose"


class AppointmentState(TextChoices):
    PROPOSED = "proposed", "Waits for an answer"
    BOOKED = "booked", "Booked"
    TAKEN = "taken", "Chosen, and booked"
    DECLINED = "declined", "Declined"
    LAPSED = "lapsed", "Another time was chosen"
    CANCELLED = "cancelled", "Cancelled"


_S = AppointmentState
# From where it may go; whatever stands in neither place stays as it is.
MOVES = {
    _S.PROPOSED: (_S.TAKEN, _S.DECLINED, _S.LAPSED, _S.CANCELLED),
    _S.BOOKED: (_S.CANCELLED,),
}
LEAST_MINUTES, USUAL_MINUTES, MOST_MINUTES = 5, 50, 480
MOST_CHOICES = 3  # times in one offer


class AppointmentChange(TextChoices):
    """What those concerned are told."""

    PROPOSED = "proposed", "Times were proposed"
    BOOKED = "booked", "A time was booked"
    MOVED = "moved", "It was moved to another time"
    DECLINED = "declined", "None of the times suits"
    CANCELLED = "cancelled", "It was cancelled"
