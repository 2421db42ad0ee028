"""What becomes of somebody's cases when they leave the practice."""

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from people.joining.actions.memberships import successors
from people.models import Membership, User
from referrals.actions.covers import end_covers_of
from referrals.actions.team import REFERRER, add_to_case
from referrals.enums import ReferralState
from referrals.models import Referral, ReferralUserPermission
from referrals.signals import referral_handed_over

OVER = (ReferralState.DECLINED, ReferralState.COMPLETED, ReferralState.CANCELLED)
CHOOSE = "Choose who takes over: {} open."
ALONE = (
    "You are the only therapist here, and {} open. Withdraw what the clinic has not begun, or "
    "invite a colleague who takes over. The administrator of the clinic can end your account too."
)


@transaction.atomic
def take_off_all(*, by: User, membership: Membership, successor: Membership | None) -> None:
    """Whoever leaves a practice is on no case any more, covers for nobody and is not covered.

    All they answered for goes to `successor`. Raises ValidationError where something is open and
    there is nobody to take it over, unless somebody else ends the membership and no therapist is
    left: then it stays with nobody at the practice.
    """
    person = membership.user
    end_covers_of(person, by=by)
    theirs = _answered_for(person, membership.organization_id)
    open_now = [each for each in theirs if each.state not in OVER]
    if open_now and successor is None:
        _refuse_unless_alone(by, membership, len(open_now))
    for referral in theirs:
        if successor is not None:
            hand_over(by=by, referral=referral, was=person, to=successor.user)
        else:
            record("referral.left_alone", by=by, on=referral, was=person.pk)
    taken = ReferralUserPermission.objects.filter(user=person)
    cases = Referral.objects.filter(pk__in=taken.values("content_object"))
    for referral in cases:
        record("case.left", by=by, on=referral, user=person.pk)
    taken.delete()


def hand_over(*, by: User, referral: Referral, was: User, to: User) -> None:
    """From now on `to`, of the same practice, answers for this referral."""
    add_to_case(by=by, referral=referral, user=to, permissions=REFERRER)
    if referral.referrer_id == was.pk:
        referral.referrer = to
        referral.save(update_fields=["referrer"])
    record("referral.handed_over", by=by, on=referral, was=was.pk, to=to.pk)
    referral_handed_over.send(Referral, referral=referral, was=was, by=by)


def _answered_for(person: User, practice_id: int) -> list[Referral]:
    """The practice's referrals that `person` answers for, locked."""
    answers = ReferralUserPermission.objects.filter(
        user=person, permission__codename="coordinate_case"
    )
    rows = Referral.objects.select_for_update(no_key=True).of_practice(practice_id)
    return list(rows.filter(pk__in=answers.values("content_object")).order_by("pk"))


def _refuse_unless_alone(by: User, membership: Membership, count: int) -> None:
    what = "1 referral is" if count == 1 else f"{count} referrals are"
    if successors(membership).exists():
        raise ValidationError({"successor": CHOOSE.format(what)})
    if by.pk == membership.user_id:
        raise ValidationError(ALONE.format(what))
