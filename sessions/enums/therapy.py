"""Vocabulary of intake, preparation, integration and the check some days after a dose."""

from django.db.models import TextChoices


class Readiness(TextChoices):
    NOT_READY = "not_ready", "Not ready"
    UNSURE = "unsure", "Unsure"
    READY = "ready", "Ready"
    VERY_READY = "very_ready", "Very ready"


class Modality(TextChoices):
    SUPPORTIVE = "supportive", "Supportive"
    CBT = "cbt", "Cognitive behavioural (CBT)"
    ACT = "act", "Acceptance and commitment (ACT)"
    PARTS = "parts", "Parts work (IFS)"
    PSYCHODYNAMIC = "psychodynamic", "Psychodynamic"
    SOMATIC = "somatic", "Somatic"
    EMDR = "emdr", "EMDR"
    TRAUMA = "trauma", "Prolonged exposure or other trauma processing"
    OTHER = "other", "Another"


TRAUMA_PROCESSING = (Modality.EMDR, Modality.TRAUMA)
COMPETENCY = (
    "Whoever processes trauma during or around a dose needs training and supervision in it. "
    "Name who that will be."
)


class Challenge(TextChoices):
    """What was hard to bear in an experience, and asks for somebody to come back to it."""

    NONE = "none", "None"
    TRAUMA = "trauma", "Trauma emerged"
    EXISTENTIAL = "existential", "Existential distress"
    FRIGHTENING = "frightening", "Frightening or dysphoric"


class DelayedEffect(TextChoices):
    """Asked one by one in the days after a dose. Each is a column of the check."""

    HEADACHE = "headache", "Headache"
    NAUSEA = "nausea", "Nausea"
    SLEEP = "sleep", "Poor sleep"
    SELF_HARM = "self_harm", "Thoughts of being better off dead, or of self-harm"
    MOOD_WORSE = "mood_worse", "Mood worse than before the dose"
    URINARY = "urinary", "Urinary symptoms: pain, urgency, blood"
    DISSOCIATION = "dissociation", "Dissociation that goes on"
