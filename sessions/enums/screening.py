"""Vocabulary of screening, clearance and the documents that belong to them."""

from django.db.models import TextChoices


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


# "Must not be used" in the esketamine label: EU section 4.3, US section 4.
ABSOLUTE = (
    Contraindication.CARDIOVASCULAR_EVENT,
    Contraindication.ANEURYSM,
    Contraindication.MALFORMATION,
    Contraindication.HAEMORRHAGE,
    Contraindication.ALLERGY,
)


class Precaution(TextChoices):
    """Asked at every screening; a yes calls for care and bars nothing."""

    DEPRESSANTS = "depressants", "Takes what sedates (CNS depressants, alcohol)"
    STIMULANTS = "stimulants", "Takes psychostimulants"
    MAO_INHIBITORS = "mao_inhibitors", "Takes an MAO inhibitor"
    URINARY = "urinary", "Urinary symptoms: pain, urgency, blood"


# Every question of a screening, in the order in which it is asked: value, words.
QUESTIONS = {**dict(Contraindication.choices), **dict(Precaution.choices)}


class ClearanceResult(TextChoices):
    CLEARED = "cleared", "Cleared"
    CONDITIONAL = "conditional", "Cleared with conditions"
    DEFERRED = "deferred", "Deferred"
    NOT_CLEARED = "not_cleared", "Not cleared"


PERMITTING = (ClearanceResult.CLEARED, ClearanceResult.CONDITIONAL)


class DocumentKind(TextChoices):
    ECG = "ecg", "ECG"
    LABORATORY = "laboratory", "Laboratory"
    LETTER = "letter", "Letter"
    OTHER = "other", "Something else"
