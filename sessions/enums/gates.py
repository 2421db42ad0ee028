"""Vocabulary of what stands between a planned dose and a dose that is given."""

from django.db.models import TextChoices


class Gate(TextChoices):
    """Each is open by a recorded fact, or by a prescriber who answers for it."""

    CLEARANCE = "clearance", "Clearance"
    CONSENT = "consent", "Consent to treatment"
    IDENTITY = "identity", "Date of birth, entered again"
    CHECKS = "checks", "Checks before the dose"
    ESCORT = "escort", "Escort home"


class PreDoseItem(TextChoices):
    """What is asked before every dose, each with yes or no and never answered in advance."""

    FASTED = "fasted", "Has not eaten or drunk for as long as was asked"
    SOBER = "sober", "No alcohol, sedatives or stimulants since yesterday"
    MEDICINES = "medicines", "Medicines taken as agreed, none new"
    SYMPTOMS = "symptoms", "No new symptoms, urinary ones included"
    PREGNANCY = "pregnancy", "Not pregnant as far as can be known"
    MIND = "mind", "Safe to go on: no acute suicidality, psychosis or mania"
    AGREES = "agrees", "Knows what happens today and still agrees"
    EQUIPMENT = "equipment", "Oxygen and emergency medicines are at hand"
