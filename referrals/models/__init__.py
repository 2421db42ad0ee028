"""`referral`: the whole, and who is on the case · `context`: what the practice says ·
`replies`: what the clinic answers · `cover`: a colleague stands in for some days ·
`closing`: how it ends, and what comes before and after · `messages`: what the two houses write to
each other.
"""

from referrals.models.closing import Closing, InterimMessage, Nudge, Reopening
from referrals.models.context import ContextItem
from referrals.models.cover import Cover
from referrals.models.messages import Message, MessageDraft, MessagePdf
from referrals.models.referral import Referral, ReferralGroupPermission, ReferralUserPermission
from referrals.models.replies import ClinicReply

__all__ = [
    "ClinicReply",
    "Closing",
    "ContextItem",
    "Cover",
    "InterimMessage",
    "Nudge",
    "Message",
    "MessageDraft",
    "MessagePdf",
    "Referral",
    "ReferralGroupPermission",
    "ReferralUserPermission",
    "Reopening",
]
