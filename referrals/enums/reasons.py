"""Why a referral stands still or ends: short lists, each with room for words.

None of them says that the clinic knows the client already, for that is told nobody outside.
"""

from django.db.models import TextChoices

from referrals.enums.referral import ReplyKind


class AskReason(TextChoices):
    """What the clinic misses (FHIR Task.statusReason of on-hold)."""

    HISTORY = "history", "Treatment history or diagnoses"
    MEDICINES = "medicines", "Medicines and their doses"
    MEDICAL = "medical", "Medical findings or tests"
    RISK = "risk", "Risk, and the plan for it"
    SUPPORT = "support", "Support after sessions"
    CONTACT = "contact", "How to reach the client"
    OTHER = "other", "Something else"


class DeclineReason(TextChoices):
    """Why the clinic does not take the client on (FHIR Task.statusReason of rejected)."""

    MEDICAL = "medical", "Not safe medically at present"
    OUTPATIENT = "outpatient", "Needs more than outpatient care gives"
    OTHER_FIRST = "other_first", "Another treatment comes first"
    CRITERIA = "criteria", "Outside the clinic’s criteria"
    CAPACITY = "capacity", "No place in good time"
    NOT_REACHED = "not_reached", "The client could not be reached"
    CLIENT_DECIDED = "client_decided", "The client decided against it"
    COST = "cost", "Cost or insurance"
    OTHER = "other", "Another reason"


class CancelReason(TextChoices):
    """Why a referral is withdrawn (FHIR Task.statusReason of cancelled)."""

    CLIENT_DECIDED = "client_decided", "The client decided against it"
    ELSEWHERE = "elsewhere", "The client is treated elsewhere"
    NOT_NOW = "not_now", "It does not fit the client now"
    NOT_REACHED = "not_reached", "The client is out of reach"
    ANOTHER = "another", "Another referral takes its place"
    OTHER = "other", "Another reason"


class ErrorReason(TextChoices):
    """Why a referral should never have been sent (FHIR Task entered-in-error)."""

    WRONG_CLIENT = "wrong_client", "It is about the wrong client"
    WRONG_CLINIC = "wrong_clinic", "It went to the wrong clinic"
    NOT_AGREED = "not_agreed", "The client had not agreed"
    BY_MISTAKE = "by_mistake", "It was sent by mistake"


STALE = "stale"  # nobody's choice: time closed it

REPLY_REASONS: dict[str, type[TextChoices]] = {
    ReplyKind.ASKED: AskReason,
    ReplyKind.DECLINED: DeclineReason,
}
