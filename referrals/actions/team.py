"""Who is on a case. Guardian holds it; the release says what they may read. Both must agree."""

from guardian.shortcuts import assign_perm, remove_perm

from audit.record import record
from people.models import User
from referrals.models import Referral

REFERRER = ("view_case", "contribute_case", "coordinate_case")
RECIPIENT = ("view_case",)


def add_to_case(*, by: User, referral: Referral, user: User, permissions=RECIPIENT) -> None:
    """Put `user` on the case; repeating it changes nothing."""
    for permission in permissions:
        assign_perm(permission, user, referral)
    record("case.joined", by=by, on=referral, user=user.pk, permissions=list(permissions))


def remove_from_case(*, by: User | None, referral: Referral, user: User) -> None:
    """Take `user` off the case. The referrer stays on the case they began."""
    if user.pk == referral.referrer_id:
        return
    for permission in REFERRER:
        remove_perm(permission, user, referral)
    record("case.left", by=by, on=referral, user=user.pk)
