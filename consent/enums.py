"""The vocabulary of releases and of consent to treatment."""

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


class LegalForm(TextChoices):
    """Which law the paper is made for. Part 2 elements join either one where they are due."""

    AUTHORIZATION = "authorization", "HIPAA authorization (45 CFR 164.508)"
    PART2_CARE = "part2_care", "Part 2 consent for treatment, payment and operations (42 CFR 2.31)"


class Ending(TextChoices):
    """What ends a release besides a date. An authorization needs a date or an event."""

    ON_DATE = "", "On a date"
    END_OF_TREATMENT = "end_of_treatment", "When treatment at the clinic ends"
    NONE = "none", "It does not end by itself"


class RecipientKind(TextChoices):
    PERSON = "person", "A person with an account"
    ROLE = "role", "Everybody with a role at an organisation"
    CONTACT = "contact", "Somebody without an account"


class Effect(TextChoices):
    PERMIT = "permit", "Shared"
    DENY = "deny", "Declined by the client"


class Step(TextChoices):
    """The five steps in which a release is drafted."""

    WHO = "who", "Who to whom"
    WHAT = "what", "What and why"
    UNTIL = "until", "Until when"
    SIGNING = "signing", "How it is signed"
    CHECK = "check", "Check and preview"

    @property
    def number(self) -> int:
        return list(Step).index(self) + 1


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
    EXPORT = "export", "Copy handed over"
    SCHEDULE = "schedule", "Schedule"
    CALENDAR = "calendar", "Calendar feed"


class ReleaseState(TextChoices):
    DRAFT = "draft", "Draft"
    AWAITING = "awaiting", "Awaiting signature"
    DECLINED = "declined", "Client said no"
    FUTURE = "future", "Signed, not yet in force"
    ACTIVE = "active", "Active"
    EXPIRED = "expired", "Ended"
    REVOKED = "revoked", "Withdrawn"
    SUPERSEDED = "superseded", "Replaced by a newer one"
    DISCARDED = "discarded", "Discarded"


class TreatmentState(TextChoices):
    """Where a consent to treatment stands."""

    AWAITING = "awaiting", "Waits for the client’s answer"
    DECLINED = "declined", "The client did not agree"
    ACTIVE = "active", "In force"
    LAPSED = "lapsed", "Lapsed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REPLACED = "replaced", "Replaced by a later answer"
    DISCARDED = "discarded", "Put away"


class RevokedBy(TextChoices):
    CLIENT = "client", "The client"
    REPRESENTATIVE = "representative", "Their representative"
    CLINIC = "clinic", "The clinic, for a reason of its own"


class AskedHow(TextChoices):
    """How a withdrawal reached us."""

    PHONE = "phone", "By phone"
    WRITING = "writing", "In writing"
    IN_PERSON = "in_person", "In person"
    OWN_PAGE = "own_page", "On the client's own page"


class Method(TextChoices):
    """How something was signed."""

    SCREEN = "screen", "On the clinic's screen"
    LINK = "link", "By a link sent to the client"
    PAPER = "paper", "On paper"


class ReceiptKind(TextChoices):
    """What the client gets a receipt for."""

    SIGNED = "signed", "You signed"
    AMENDED = "amended", "You replaced it with a newer one"
    EXPIRED = "expired", "It came to its end"
    WITHDRAWN = "withdrawn", "It was withdrawn"


class EmergencyBasis(TextChoices):
    """Two reasons, two forms: 45 CFR 164.506(c) with 42 CFR 2.51, and 45 CFR 164.512(j)(1)(i)."""

    MEDICAL = "medical", "Medical emergency"
    THREAT = "threat", "Serious and imminent threat"


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

# (what it holds, an example in the client's words, what it does not open)
EXPLANATIONS = {
    Category.SCHEDULE: (
        "Dates of doses and sessions, what comes next",
        "“Next visit on 17-Jul-2026.”",
        "what was given, or how a visit went",
    ),
    Category.READINESS: (
        "Referral outcome, fit and clearance; even “accepted” is health information",
        "“Cleared until 14-Aug-2026.”",
        "the answers and findings behind it",
    ),
    Category.TREATMENT: (
        "What was given and how",
        "“50 mg, by injection.”",
        "how it was experienced, or what was said",
    ),
    Category.RESPONSE: (
        "General response and themes, never transcripts",
        "“Settled quickly, calm afterwards.”",
        "transcripts, or what was given",
    ),
    Category.SAFETY: (
        "Adverse events, state at discharge, concerns",
        "“Blood pressure was high for an hour, then normal.”",
        "themes of the session, or the rest of its record",
    ),
    Category.INTEGRATION: (
        "Intentions, goals, suggested focus, action steps",
        "“Suggested focus: sleep routine.”",
        "notes of therapy sessions",
    ),
    Category.OUTCOMES: (
        "Questionnaire scores",
        "“Mood score 9 on 13-Jul-2026.”",
        "notes about what lies behind a score",
    ),
    Category.HISTORY: (
        "Diagnoses, treatment history, medicines",
        "“Lisinopril 10 mg daily.”",
        "notes of therapy sessions",
    ),
    Category.RISK: (
        "Risk considerations",
        "“Lives alone; sister nearby.”",
        "diagnoses and medicines",
    ),
    Category.CONTRAINDICATIONS: (
        "Possible contraindications",
        "“ECG normal, May 2026.”",
        "the rest of the treatment history",
    ),
    Category.THEMES: (
        "What is being worked on before a dose",
        "“Grief, and asking for help.”",
        "notes of therapy sessions",
    ),
}

# What each is called where a client reads it.
IN_THEIR_WORDS = {
    Category.SCHEDULE: "My appointment dates",
    Category.READINESS: "Whether I am ready for treatment",
    Category.TREATMENT: "What I was given",
    Category.RESPONSE: "How I responded",
    Category.SAFETY: "Safety",
    Category.INTEGRATION: "What I am working on",
    Category.OUTCOMES: "My questionnaire scores",
    Category.HISTORY: "My history and medicines",
    Category.RISK: "What could put me at risk",
    Category.CONTRAINDICATIONS: "What may speak against treatment",
    Category.THEMES: "What we talk about in therapy",
}
