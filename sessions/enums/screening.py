"""Vocabulary of screening and clearance."""

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


class ClearanceResult(TextChoices):
    CLEARED = "cleared", "Cleared"
    CONDITIONAL = "conditional", "Cleared with conditions"
    DEFERRED = "deferred", "Deferred"
    NOT_CLEARED = "not_cleared", "Not cleared"
