"""The one way from state to state."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.record import record
from people.models import User
from referrals.enums import Verb
from referrals.models import Referral
from referrals.permissions import check_user_can_do
from referrals.signals import referral_moved
from referrals.transitions import EVENTS, TRANSITIONS, possible


def move(*, by: User | None, referral: Referral, verb: Verb, **fields) -> Referral:
    """Do `verb`, in the caller's transaction: a conditional update that must change one row.

    `by` None: time does it, where the caller found that it is due. Listeners of `referral_moved`
    follow in the same transaction.

    Raises PermissionDenied when `by` may not, or the state does not allow it; ValidationError when
    somebody else moved it in the same moment.
    """
    if by is not None:
        check_user_can_do(by, referral, verb)
    elif not possible(referral.state, verb):
        raise PermissionDenied(f"This referral is {referral.get_state_display().lower()}.")
    sources, target = TRANSITIONS[verb]
    changed = Referral.objects.filter(pk=referral.pk, state__in=sources).update(
        state=target, state_since=timezone.now(), **fields
    )
    if changed != 1:
        raise ValidationError("Somebody else answered this referral a moment ago.")
    record(EVENTS[verb], by=by, on=referral)
    referral.refresh_from_db()
    referral_moved.send(Referral, referral=referral, verb=verb, by=by)
    return referral
