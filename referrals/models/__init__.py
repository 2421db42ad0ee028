"""`referral`: the whole, and who is on the case · `context`: what the practice says ·
`replies`: what the clinic answers · `messages`: what the two houses write to each other.
"""

from referrals.models.context import ContextItem
from referrals.models.messages import Message, MessageDraft, MessagePdf
from referrals.models.referral import Referral, ReferralGroupPermission, ReferralUserPermission
from referrals.models.replies import ClinicReply

__all__ = [
    "ClinicReply",
    "ContextItem",
    "Message",
    "MessageDraft",
    "MessagePdf",
    "Referral",
    "ReferralGroupPermission",
    "ReferralUserPermission",
]
