"""The vocabulary of referrals."""

from django.db.models import TextChoices

from consent.enums import Category


class ReferralState(TextChoices):
    """FHIR Task: draft, requested, received, on-hold ("more information asked"), accepted, rejected
    ("declined"), in-progress, completed, cancelled, failed ("closed unanswered"), entered-in-error.
    """

    DRAFT = "draft", "Draft"
    REQUESTED = "requested", "Sent"
    RECEIVED = "received", "Received"
    INFORMATION_ASKED = "information_asked", "More information asked"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"
    CANCELLED = "cancelled", "Cancelled"
    LAPSED = "lapsed", "Closed unanswered"
    IN_ERROR = "in_error", "Entered in error"


class Verb(TextChoices):
    SUBMIT = "submit", "Send"
    RECEIVE = "receive", "Confirm receipt"
    ASK = "ask", "Ask for information"
    ANSWER = "answer", "Answer"
    ACCEPT = "accept", "Accept"
    DECLINE = "decline", "Decline"
    BEGIN = "begin", "Open an episode of care"
    COMPLETE = "complete", "End treatment"
    CANCEL = "cancel", "Cancel"
    LAPSE = "lapse", "Nobody answers in time"
    MARK_IN_ERROR = "mark_in_error", "Mark as entered in error"


class Mover(TextChoices):
    """Whose move it is."""

    THERAPIST = "therapist", "Therapist"
    CLINIC = "clinic", "Clinic"
    NOBODY = "nobody", "Nobody"


class Collaboration(TextChoices):
    """Who does what, chosen for every episode of care."""

    CLINIC_MEDICAL = "clinic_medical", "Clinic medical only: I prepare and integrate"
    CLINIC_FULL = "clinic_full", "The clinic also prepares and integrates"
    SHARED = "shared", "Shared: divided session by session"


# the practice's choice, as the clinic reads it
COLLABORATION_SEEN_BY_CLINIC = {
    Collaboration.CLINIC_MEDICAL: "Clinic medical only: the therapist prepares and integrates",
    Collaboration.CLINIC_FULL: "The clinic also prepares and integrates",
    Collaboration.SHARED: "Shared: divided session by session",
}


class Agreement(TextChoices):
    """How the client agreed to being referred."""

    TOGETHER = "together", "We wrote this referral together"
    VERBAL = "verbal", "In conversation"
    WRITTEN = "written", "In writing"


class Answer(TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_KNOWN = "not_known", "Not known"


class ContextKind(TextChoices):
    GOALS = "goals", "Goals"
    FIT_STABLE = "fit_stable", "Stable enough for outpatient care"
    FIT_WILLING = "fit_willing", "Willing to prepare and integrate"
    FIT_SUPPORT = "fit_support", "A support plan for after sessions"
    FIT_OPEN = "fit_open", "Open to a structured process"
    HISTORY = "history", "Treatment history and diagnoses"
    MEDICINES = "medicines", "Medicines"
    RISK = "risk", "Risk considerations"
    CONTRAINDICATIONS = "contraindications", "Possible contraindications"
    ADDITION = "addition", "Answer to the clinic"


FIT_KINDS = (
    ContextKind.FIT_STABLE,
    ContextKind.FIT_WILLING,
    ContextKind.FIT_SUPPORT,
    ContextKind.FIT_OPEN,
)
CLINICAL_KINDS = (
    ContextKind.HISTORY,
    ContextKind.MEDICINES,
    ContextKind.RISK,
    ContextKind.CONTRAINDICATIONS,
)
CATEGORY_OF = {
    ContextKind.GOALS: Category.INTEGRATION,
    **dict.fromkeys(FIT_KINDS, Category.READINESS),
    ContextKind.HISTORY: Category.HISTORY,
    ContextKind.MEDICINES: Category.HISTORY,
    ContextKind.RISK: Category.RISK,
    ContextKind.CONTRAINDICATIONS: Category.CONTRAINDICATIONS,
    ContextKind.ADDITION: Category.HISTORY,
}


class ReplyKind(TextChoices):
    ASKED = "asked", "The clinic asks for information"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
