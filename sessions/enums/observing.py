"""Vocabulary of what is seen and done beside the client."""

from django.db.models import IntegerChoices, TextChoices


class InterventionKind(TextChoices):
    """What was done, one tap each."""

    GROUNDING = "grounding", "Breathing, grounding"
    REPOSITIONED = "repositioned", "Repositioned"
    REASSURED = "reassured", "Reassured"
    MUSIC = "music", "Music changed"
    OXYGEN = "oxygen", "Oxygen"
    ANTIEMETIC = "antiemetic", "Antiemetic"
    PRESSURE_MEDICINE = "pressure_medicine", "Blood-pressure medicine"
    FLUIDS = "fluids", "Fluids"
    PRESCRIBER_CALLED = "prescriber_called", "Prescriber called"
    OTHER = "other", "Something else"


class SessionPhase(TextChoices):
    """The phases of a session, in their order."""

    BEFORE = "before", "Pre-session"
    ONSET = "onset", "Onset"
    PEAK = "peak", "Peak"
    RESOLUTION = "resolution", "Resolution"
    AFTER = "after", "Post-session"


class Grade(IntegerChoices):
    """How severe an adverse event is: CTCAE v5.0 (US National Cancer Institute, 2017)."""

    MILD = 1, "Mild"
    MODERATE = 2, "Moderate"
    SEVERE = 3, "Severe"
    LIFE_THREATENING = 4, "Life-threatening"
    DEATH = 5, "Death"


class Outcome(TextChoices):
    """How an adverse event ended, in the terms of ICH E2B(R3), E.i.7."""

    RECOVERED = "recovered", "Recovered"
    RECOVERING = "recovering", "Recovering"
    NOT_RECOVERED = "not_recovered", "Not recovered"
    SEQUELAE = "sequelae", "Recovered with lasting effects"
    FATAL = "fatal", "Fatal"
    NOT_KNOWN = "not_known", "Not known"
