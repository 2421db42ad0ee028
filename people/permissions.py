"""Who may record, see and check training and licences, and write a clinic's profile. Each check,
here and in the other apps, raises PermissionDenied with a sentence that can be shown."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from people.enums import Role

if TYPE_CHECKING:
    from people.models import Membership, User

RESPONSIBLE = frozenset({Role.ADMINISTRATOR, Role.PRESCRIBER})


def check_user_can_see(user: "User", member: "Membership") -> None:
    """One's own file; administrators and prescribers see everybody's at their clinic."""
    if user.pk != member.user_id and not _is_responsible(user, member.organization_id):
        raise PermissionDenied("An administrator or prescriber of the clinic sees this.")


def check_user_can_record(user: "User", member: "Membership") -> None:
    """Everybody at a clinic for themselves, its administrators for everybody there."""
    membership = user.membership
    if not member.organization.is_clinic or membership is None:
        raise PermissionDenied("The staff of a clinic record this.")
    if user.pk == member.user_id:
        return
    here = membership.organization_id == member.organization_id
    if not here or membership.role != Role.ADMINISTRATOR:
        raise PermissionDenied("Only they themselves or an administrator can record this.")


def check_user_can_check(user: "User", row) -> None:
    """An administrator or prescriber of the clinic, and never the person themselves."""
    if not _is_responsible(user, row.organization_id):
        raise PermissionDenied("An administrator or prescriber of the clinic checks this.")
    if user.pk == row.person_id:
        raise PermissionDenied("Somebody else has to check what is about you.")


def check_user_can_write_profile(user: "User", clinic_id: int) -> None:
    """An administrator or prescriber of the clinic: one answers for hours, phone and the wait, the
    other for what is said of doses and safety."""
    if not _is_responsible(user, clinic_id):
        raise PermissionDenied("An administrator or prescriber of the clinic writes this.")


def allowed(check, *args) -> bool:
    """Whether a check, such as those above, passes."""
    try:
        check(*args)
    except PermissionDenied:
        return False
    return True


def _is_responsible(user: "User", clinic_id: int) -> bool:
    membership = user.membership
    if membership is None or membership.organization_id != clinic_id:
        return False
    return membership.role in RESPONSIBLE
