"""Vocabulary of the coordination plan, and of goals."""

from django.db.models import TextChoices


class Duty(TextChoices):
    """What is divided session by session where the work is shared."""

    PREPARATION = "preparation", "Preparation before it"
    INTEGRATION = "integration", "Integration after it"


class TalkHow(TextChoices):
    PHONE = "phone", "By phone"
    MESSAGE = "message", "By message in the portal"
    VIDEO = "video", "By video"


class TalkOften(TextChoices):
    EACH_DOSE = "each_dose", "After each dose"
    WEEKLY = "weekly", "Every week"
    FORTNIGHTLY = "fortnightly", "Every two weeks"
    MONTHLY = "monthly", "Every month"


class Side(TextChoices):
    CLINIC = "clinic", "The clinic"
    PRACTICE = "practice", "The practice"


class AnswerKind(TextChoices):
    AGREED = "agreed", "Agreed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class SpokenHow(TextChoices):
    """How the other side agreed where no release lets it answer here."""

    PHONE = "phone", "By phone"
    PAPER = "paper", "On paper"


class PlanState(TextChoices):
    """Where one version of the plan stands. Derived, never stored."""

    WAITING = "waiting", "Waits for an answer"
    IN_FORCE = "in_force", "Agreed, in force"
    REPLACED = "replaced", "Replaced by a later one"
    WITHDRAWN = "withdrawn", "Withdrawn"


class GoalEnding(TextChoices):
    REACHED = "reached", "Reached"
    LET_GO = "let_go", "Let go"
