"""The vocabulary of referrals."""

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
    "CATEGORY_OF",
    "CLINICAL_KINDS",
    "COLLABORATION_SEEN_BY_CLINIC",
    "Collaboration",
    "ContextKind",
    "FIT_KINDS",
    "Mover",
    "ReferralState",
    "ReplyKind",
    "Verb",
]
