"""`referral`: the whole, and who is on the case · `context`: what the practice says ·
`replies`: what the clinic answers · `cover`: a colleague stands in for some days.
"""

from referrals.models.context import ContextItem
from referrals.models.cover import Cover
from referrals.models.referral import Referral, ReferralGroupPermission, ReferralUserPermission
from referrals.models.replies import ClinicReply

__all__ = [
    "ClinicReply",
    "ContextItem",
    "Cover",
    "Referral",
    "ReferralGroupPermission",
    "ReferralUserPermission",
]
