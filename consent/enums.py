"""The vocabulary of releases."""

from django.db.models import TextChoices


class Category(TextChoices):
    """What an item is about. An item carries exactly one; a release lists those it opens."""

    SCHEDULE = "schedule", "Schedule"
    READINESS = "readiness", "Readiness"
    TREATMENT = "treatment", "Treatment"
    RESPONSE = "response", "Response"
    SAFETY = "safety", "Safety"
    INTEGRATION = "integration", "Integration"
    OUTCOMES = "outcomes", "Outcomes"
    HISTORY = "history", "History"
    RISK = "risk", "Risk"
    CONTRAINDICATIONS = "contraindications", "Contraindications"
    THEMES = "themes", "Therapy themes"


class Sensitivity(TextChoices):
    """Specially protected content: stays shut unless the release names it beside the category."""

    SUBSTANCE_USE = "substance_use", "Substance-use records (42 CFR Part 2)"


class Direction(TextChoices):
    OUT = "out", "From the clinic to the recipient"
    IN = "in", "From the recipient's organisation to the clinic"


class Effect(TextChoices):
    PERMIT = "permit", "Shared"
    DENY = "deny", "Declined by the client"


class Purpose(TextChoices):
    """Why it is disclosed. A legal purpose is never offered here: 42 CFR 2.31(d)."""

    COORDINATION = "coordination", "Coordinating care"
    AT_REQUEST = "at_request", "At the request of the client"


class Channel(TextChoices):
    """How something was read."""

    PAGE = "page", "Page"
    FRAGMENT = "fragment", "Part of a page"
    WORKLIST = "worklist", "Worklist"
    PDF = "pdf", "PDF"


class ReleaseState(TextChoices):
    DRAFT = "draft", "Draft"
    AWAITING = "awaiting", "Awaiting signature"
    DECLINED = "declined", "Client said no"
    FUTURE = "future", "Signed, not yet in force"
    ACTIVE = "active", "Active"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"


class RevokedBy(TextChoices):
    CLIENT = "client", "The client"
    REPRESENTATIVE = "representative", "Their representative"
    CLINIC = "clinic", "The clinic, for a reason of its own"


class Signer(TextChoices):
    CLIENT = "client", "The client"
    REPRESENTATIVE = "representative", "A personal representative"


# Which categories usually travel which way; a release offers no others.
OUT_CATEGORIES = (
    Category.SCHEDULE,
    Category.READINESS,
    Category.TREATMENT,
    Category.RESPONSE,
    Category.SAFETY,
    Category.INTEGRATION,
    Category.OUTCOMES,
)
IN_CATEGORIES = (
    Category.HISTORY,
    Category.RISK,
    Category.CONTRAINDICATIONS,
    Category.READINESS,
    Category.INTEGRATION,
    Category.SCHEDULE,
    Category.OUTCOMES,
    Category.THEMES,
)

# (what it holds, an example in the client's words)
EXPLANATIONS = {
    Category.SCHEDULE: (
        "Dates of doses and sessions, what comes next",
        "“Next visit on 17-Jul-2026.”",
    ),
    Category.READINESS: (
        "Referral outcome, fit and clearance; even “accepted” is health information",
        "“Cleared until 14-Aug-2026.”",
    ),
    Category.TREATMENT: ("What was given and how", "“50 mg, by injection.”"),
    Category.RESPONSE: (
        "General response and themes, never transcripts",
        "“Settled quickly, calm afterwards.”",
    ),
    Category.SAFETY: (
        "Adverse events, state at discharge, concerns",
        "“Blood pressure was high for an hour, then normal.”",
    ),
    Category.INTEGRATION: (
        "Intentions, goals, suggested focus, action steps",
        "“Suggested focus: sleep routine.”",
    ),
    Category.OUTCOMES: ("Questionnaire scores", "“Mood score 9 on 13-Jul-2026.”"),
    Category.HISTORY: (
        "Diagnoses, treatment history, medicines",
        "“Lisinopril 10 mg daily.”",
    ),
    Category.RISK: ("Risk considerations", "“Lives alone; sister nearby.”"),
    Category.CONTRAINDICATIONS: ("Possible contraindications", "“ECG normal, May 2026.”"),
    Category.THEMES: ("What is being worked on before a dose", "“Grief, and asking for help.”"),
}
