"""Vocabulary of the episode: model, phase, dates that others may see, sessions."""

from django.db.models import TextChoices

from consent.enums import Category


class TreatmentModel(TextChoices):
    PI = "pi", "Preparation and integration around the dose"
    KAP = "kap", "Psychotherapy during the dose"
    PARALLEL = "parallel", "Parallel: the therapist goes on separately"


class Phase(TextChoices):
    INDUCTION = "induction", "Induction"
    MAINTENANCE = "maintenance", "Maintenance"


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
