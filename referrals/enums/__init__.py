"""The vocabulary of referrals."""

from referrals.enums.messages import (
    BEGUN_BY,
    CATEGORIES_OF,
    CATEGORY_OF_KIND,
    CHECK_IN_PARTS,
    Adherence,
    MessageKind,
    Side,
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
    "Adherence",
    "Agreement",
    "Answer",
    "BEGUN_BY",
    "CATEGORIES_OF",
    "CATEGORY_OF",
    "CATEGORY_OF_KIND",
    "CHECK_IN_PARTS",
    "CLINICAL_KINDS",
    "COLLABORATION_SEEN_BY_CLINIC",
    "Collaboration",
    "ContextKind",
    "FIT_KINDS",
    "MessageKind",
    "Mover",
    "ReferralState",
    "ReplyKind",
    "Side",
    "Verb",
]
