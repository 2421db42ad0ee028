"""The vocabulary of referrals."""

from referrals.enums.reasons import (
    REPLY_REASONS,
    STALE,
    AskReason,
    CancelReason,
    DeclineReason,
    ErrorReason,
)
from referrals.enums.referral import (
    CATEGORY_OF,
    CLINICAL_KINDS,
    COLLABORATION_SEEN_BY_CLINIC,
    FIT_KINDS,
    Agreement,
    Answer,
    Collaboration,
    ContextKind,
    Mover,
    ReferralState,
    ReplyKind,
    Verb,
)

__all__ = [
    "Agreement",
    "Answer",
    "AskReason",
    "CATEGORY_OF",
    "CLINICAL_KINDS",
    "COLLABORATION_SEEN_BY_CLINIC",
    "CancelReason",
    "Collaboration",
    "ContextKind",
    "DeclineReason",
    "ErrorReason",
    "FIT_KINDS",
    "Mover",
    "REPLY_REASONS",
    "ReferralState",
    "ReplyKind",
    "STALE",
    "Verb",
]
