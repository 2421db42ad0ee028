"""Vocabulary of the dose."""

from django.db.models import TextChoices


class Route(TextChoices):
    IV = "iv", "IV"
    IM = "im", "IM"
    INTRANASAL = "intranasal", "Intranasal"
    SUBLINGUAL = "sublingual", "Sublingual"
    ORAL = "oral", "Oral"


class Sedation(TextChoices):
    ALERT = "alert", "Alert"
    CALM = "calm", "Calm"
    DROWSY = "drowsy", "Drowsy"
    DISSOCIATED = "dissociated", "Dissociated"
    UNRESPONSIVE = "unresponsive", "Does not respond"


class Effect(TextChoices):
    NAUSEA = "nausea", "Nausea"
    VOMITING = "vomiting", "Vomiting"
    DIZZINESS = "dizziness", "Dizziness"
    HEADACHE = "headache", "Headache"
    DISTRESS = "distress", "Distress"
    RAISED_PRESSURE = "raised_pressure", "Raised blood pressure"
    OTHER = "other", "Something else"


class Severity(TextChoices):
    MILD = "mild", "Mild"
    MODERATE = "moderate", "Moderate"
    SEVERE = "severe", "Severe"


class DischargeCheck(TextChoices):
    """Each is confirmed before the client leaves; a trigger counts seven."""

    VITALS = "vitals", "Vitals near baseline, two readings"
    ORIENTED = "oriented", "Oriented: name, place, time"
    STEADY = "steady", "Walks steadily alone"
    COMFORTABLE = "comfortable", "No nausea, or eased; drinks"
    ESCORT_HERE = "escort_here", "Escort here, name checked"
    NO_DRIVING = "no_driving", "Told: no driving for 24 h, and not before a night’s sleep"
    AFTERCARE = "aftercare", "Aftercare sheet and emergency number given"

    @property
    def missing(self) -> str:
        """What is said where it is not confirmed."""
        return f"Confirm before the client leaves: {self.label}."
