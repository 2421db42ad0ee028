"""Who may do what with a referral. Each check raises with a sentence that can be shown."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied

from people.enums import CLINICAL_ROLES, Role
from referrals.enums import ReferralState, Side, Verb
from referrals.messages import side_of
from referrals.models import Cover, Referral
from referrals.transitions import BY_TIME, possible

PRACTICE_VERBS = frozenset({Verb.SUBMIT, Verb.ANSWER, Verb.CANCEL, Verb.MARK_IN_ERROR})
CARE_VERBS = frozenset({Verb.BEGIN, Verb.COMPLETE})
TRIAGE_ROLES = frozenset({Role.COORDINATOR, Role.PRESCRIBER})


def check_user_can_refer(user) -> None:
    membership = user.membership
    if membership is None or membership.role != Role.THERAPIST:
        raise PermissionDenied("Only a therapist of an outside practice can refer a client.")


def check_user_can_edit(user, referral: Referral) -> None:
    """The referrer and whoever coordinates the case at the practice, while it is a draft."""
    if not Referral.objects.filter(pk=referral.pk).open_to(user, "coordinate_case").exists():
        raise PermissionDenied("Only the person who refers can change this.")
    if user.membership.organization_id != referral.practice_id:
        raise PermissionDenied("Only the referring practice can change this.")


def user_can_edit(user, referral: Referral) -> bool:
    try:
        check_user_can_edit(user, referral)
    except PermissionDenied:
        return False
    return True


def check_user_can_do(user, referral: Referral, verb: Verb) -> None:
    """Raise PermissionDenied unless `user` may do `verb` with this referral in its state."""
    if verb in BY_TIME:
        raise PermissionDenied("Nobody does this: time does.")
    if verb in PRACTICE_VERBS:
        check_user_can_edit(user, referral)
    else:
        roles = {Role.PRESCRIBER} if verb in CARE_VERBS else TRIAGE_ROLES
        _check_at_clinic(user, referral, roles)
    if not possible(referral.state, verb):
        raise PermissionDenied(f"This referral is {referral.get_state_display().lower()}.")


def check_user_can_ask_for_time(user, referral: Referral) -> None:
    """Those who triage, while the answer is still the clinic's to give."""
    _check_at_clinic(user, referral, TRIAGE_ROLES)
    if referral.state not in (ReferralState.REQUESTED, ReferralState.RECEIVED):
        raise PermissionDenied(f"This referral is {referral.get_state_display().lower()}.")


def _check_at_clinic(user, referral: Referral, roles: Collection[Role]) -> None:
    membership = user.membership
    if membership is None or membership.organization_id != referral.clinic_id:
        raise PermissionDenied("Only the clinic can do this.")
    if membership.role not in roles:
        raise PermissionDenied("A coordinator or a prescriber of the clinic does this.")


def user_can_do(user, referral: Referral, verb: Verb) -> bool:
    try:
        check_user_can_do(user, referral, verb)
    except PermissionDenied:
        return False
    return True


def check_user_can_end_cover(user, cover: Cover) -> None:
    """Whoever is covered, and whoever covers, while they work there."""
    membership = user.membership
    at_practice = membership is not None and membership.organization_id == cover.practice_id
    if not at_practice or user.pk not in (cover.covered_id, cover.colleague_id):
        raise PermissionDenied("Only the two whom it concerns can end this.")


def user_can_read_context(user) -> bool:
    """Clinical roles read clinical content; administrators never do."""
    return bool(user.membership and user.membership.role in CLINICAL_ROLES)


def check_user_can_write(user, referral: Referral) -> None:
    """In the thread of a referral that was sent: clinical staff of the clinic, and at the practice
    whoever may contribute to the case. In every state, for a state may not be known outside; only
    what the practice withdrew itself is closed."""
    side = side_of(user, referral)
    if side is None or not referral.submitted_at:
        raise PermissionDenied("Only the two sides of a referral write in its thread.")
    if referral.state == ReferralState.CANCELLED:
        raise PermissionDenied("This referral was withdrawn. Call them instead.")
    rows = Referral.objects.filter(pk=referral.pk)
    if side == Side.PRACTICE and not rows.open_to(user, "contribute_case").exists():
        raise PermissionDenied("Whoever contributes to the case writes in its thread.")
