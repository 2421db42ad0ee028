"""The vocabulary of the clinical record."""

from django.db.models import TextChoices

from consent.enums import Category


class TreatmentModel(TextChoices):
    PI = "pi", "Preparation and integration around the dose"
    KAP = "kap", "Psychotherapy during the dose"
    PARALLEL = "parallel", "Parallel: the therapist goes on separately"


class Phase(TextChoices):
    INDUCTION = "induction", "Induction"
    MAINTENANCE = "maintenance", "Maintenance"


class Contraindication(TextChoices):
    """Asked one by one before clearance."""

    HYPERTENSION = "hypertension", "Uncontrolled high blood pressure"
    CARDIAC = "cardiac", "Significant heart disease"
    CARDIOVASCULAR_EVENT = "cardiovascular_event", "A cardiovascular event within six weeks"
    ANEURYSM = "aneurysm", "Aneurysm"
    MALFORMATION = "malformation", "Arteriovenous malformation"
    HAEMORRHAGE = "haemorrhage", "Prior intracerebral haemorrhage"
    PRESSURE = "pressure", "Raised intracranial or intraocular pressure"
    PSYCHOSIS = "psychosis", "Active psychosis"
    MANIA = "mania", "Mania"
    SUBSTANCE_USE = "substance_use", "Active substance use"
    PREGNANCY = "pregnancy", "Pregnancy or breastfeeding"
    ORGAN = "organ", "Severe liver, thyroid or respiratory disease"
    ALLERGY = "allergy", "Allergy to ketamine"


class ClearanceResult(TextChoices):
    CLEARED = "cleared", "Cleared"
    CONDITIONAL = "conditional", "Cleared with conditions"
    DEFERRED = "deferred", "Deferred"
    NOT_CLEARED = "not_cleared", "Not cleared"


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
    """Each is confirmed before the client leaves."""

    VITALS = "vitals", "Vitals near baseline"
    ORIENTED = "oriented", "Oriented: name, place, time"
    NO_DRIVING = "no_driving", "Told: no driving until tomorrow, after sleep"

    @property
    def missing(self) -> str:
        """What is said where it is not confirmed."""
        return f"Confirm before the client leaves: {self.label}."


class EventKind(TextChoices):
    CLEARANCE = "clearance", "Clearance"
    PREPARATION_HELD = "preparation_held", "Preparation session"
    DOSE_PLANNED = "dose_planned", "Dose planned"
    DOSE_GIVEN = "dose_given", "Dose given"
    DOSE_CANCELLED = "dose_cancelled", "Dose cancelled"


CATEGORY_OF_EVENT = {
    EventKind.CLEARANCE: Category.READINESS,
    EventKind.PREPARATION_HELD: Category.SCHEDULE,
    EventKind.DOSE_PLANNED: Category.SCHEDULE,
    EventKind.DOSE_GIVEN: Category.SCHEDULE,
    EventKind.DOSE_CANCELLED: Category.SCHEDULE,
}


class SessionState(TextChoices):
    HELD = "held", "Held"
    MISSED = "missed", "Missed"


# The sections of a continuity note, in the order in which they are read.
NOTE_CATEGORIES = (
    Category.TREATMENT,
    Category.RESPONSE,
    Category.SAFETY,
    Category.INTEGRATION,
    Category.SCHEDULE,
)
