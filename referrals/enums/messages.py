"""The vocabulary of messages between a practice and a clinic."""

from django.db.models import TextChoices

from consent.enums import IN_CATEGORIES, OUT_CATEGORIES, Category


class Side(TextChoices):
    """The two houses that write in a thread."""

    PRACTICE = "practice", "The practice"
    CLINIC = "clinic", "The clinic"


class MessageKind(TextChoices):
    """The template that a message was written on."""

    CHECK_IN = "check_in", "Check-in before a dose"
    QUESTION = "question", "Question"
    SCHEDULING = "scheduling", "Scheduling"
    AFTERCARE = "aftercare", "Aftercare"
    ANSWER = "answer", "Answer"


class Adherence(TextChoices):
    """How the client takes their medicines, as the therapist knows it."""

    AS_PRESCRIBED = "as_prescribed", "As prescribed"
    IRREGULAR = "irregular", "Not every dose"
    STOPPED = "stopped", "Stopped"
    NO_MEDICINES = "no_medicines", "Takes no medicines"
    NOT_KNOWN = "not_known", "Not known"


K = MessageKind
# What each side begins; an answer answers a message that is there.
BEGUN_BY: dict[Side, tuple[MessageKind, ...]] = {
    Side.PRACTICE: (K.CHECK_IN, K.QUESTION, K.SCHEDULING),
    Side.CLINIC: (K.AFTERCARE, K.QUESTION, K.SCHEDULING),
}
# What a release may open in each direction.
CATEGORIES_OF: dict[Side, tuple[Category, ...]] = {
    Side.PRACTICE: IN_CATEGORIES,
    Side.CLINIC: OUT_CATEGORIES,
}
# The template says what it is about; for the others the writer chooses.
CATEGORY_OF_KIND: dict[MessageKind, Category] = {
    K.CHECK_IN: Category.THEMES,
    K.SCHEDULING: Category.SCHEDULE,
    K.AFTERCARE: Category.SCHEDULE,
}
# The parts that only a check-in has, each with its heading.
CHECK_IN_PARTS: dict[str, str] = {
    "themes": "Themes",
    "mental_status": "Mental status",
    "readiness": "Readiness",
    "stressors": "Stressors",
    "adherence": "Medicines",
}
