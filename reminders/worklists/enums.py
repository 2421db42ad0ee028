"""The words by which a list of clients is narrowed and sorted; they stand in addresses."""

from django.db.models import TextChoices


class Group(TextChoices):
    """Whose move it is."""

    YOU = "you", "Waiting on you"
    CLOSING = "closing", "Closing, nothing booked"  # of no row: those of any group that are so
    CLINIC = "clinic", "Waiting on the clinic"
    CLIENT = "client", "Waiting on the client"
    PRACTICE = "practice", "Waiting on the practice"
    NOBODY = "none", "Nothing waits"
    ENDED = "ended", "Ended"


class Stage(TextChoices):
    """Where the client is on their way."""

    REFERRAL = "referral", "Referral"
    INTAKE = "intake", "Intake"
    CARE = "care", "In care"
    SCREENING = "screening", "Screening and clearance"
    PREPARATION = "preparation", "Preparation"
    TREATMENT = "treatment", "Dosing and integration"
    ENDED = "ended", "After treatment"


class Sort(TextChoices):
    """What comes first inside each group."""

    CLOSING = "closing", "Next to close"
    WAIT = "wait", "Longest wait"
    CLIENT = "client", "Client’s name"
