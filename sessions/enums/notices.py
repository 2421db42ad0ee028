"""The vocabulary of emergency notices."""

from django.db.models import TextChoices


class Called(TextChoices):
    """Who is called, in the order in which they are offered."""

    SERVICES = "services", "Emergency services"
    OWNER = "owner", "The outside therapist"
    ON_CALL = "on_call", "The clinic, on call"
    PRESCRIBER = "prescriber", "Prescriber of the clinic"


class NextInLine(TextChoices):
    """To whom a notice goes that nobody has acknowledged in time, in this order."""

    PRESCRIBERS = "prescribers", "The clinic’s prescribers"
    ADMINISTRATORS = "administrators", "The clinic’s administrators"
