"""Who may see, record and check training and licences, write a clinic’s profile, invite people,
change their roles and end them. Each check, here and in the other apps, raises PermissionDenied
with a sentence that can be shown."""

from django.core.exceptions import PermissionDenied

from people.enums import Role
from people.models import Membership, Organization, Partnership, User

RESPONSIBLE = frozenset({Role.ADMINISTRATOR, Role.PRESCRIBER})


def check_user_can_see(user: User, member: Membership) -> None:
    """One's own file; administrators and prescribers see everybody's at their clinic."""
    if user.pk != member.user_id and not _is_responsible(user, member.organization_id):
        raise PermissionDenied("An administrator or prescriber of the clinic sees this.")


def check_user_can_record(user: User, member: Membership) -> None:
    """Everybody at a clinic for themselves, its administrators for everybody there."""
    membership = user.membership
    if not member.organization.is_clinic or membership is None:
        raise PermissionDenied("The staff of a clinic record this.")
    if user.pk == member.user_id:
        return
    here = membership.organization_id == member.organization_id
    if not here or membership.role != Role.ADMINISTRATOR:
        raise PermissionDenied("Only they themselves or an administrator can record this.")


def check_user_can_check(user: User, row) -> None:
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


def _is_responsible(user: User, clinic_id: int) -> bool:
    membership = user.membership
    if membership is None or membership.organization_id != clinic_id:
        return False
    return membership.role in RESPONSIBLE


def check_user_administers(user: User, clinic_id: int) -> None:
    membership = user.membership
    here = membership is not None and membership.organization_id == clinic_id
    if membership is None or not here or membership.role != Role.ADMINISTRATOR:
        raise PermissionDenied("An administrator of the clinic does this.")


def check_user_can_invite(user: User, place: Organization) -> None:
    """An administrator to their own clinic and to practices that work with it; a therapist to
    their own practice."""
    membership = user.membership
    if membership is None or membership.role not in (Role.ADMINISTRATOR, Role.THERAPIST):
        raise PermissionDenied("An administrator of a clinic, or a therapist, invites people.")
    if membership.organization_id == place.pk:
        return
    if membership.role != Role.ADMINISTRATOR or not works_with(membership.organization_id, place):
        raise PermissionDenied("You can invite people to your own place, or a practice of yours.")


def check_user_can_manage(user: User, member: Membership) -> None:
    """Somebody of the administrator's clinic or of a practice that works with it; not oneself."""
    membership = user.membership
    if membership is None or membership.role != Role.ADMINISTRATOR:
        raise PermissionDenied("An administrator of the clinic does this.")
    clinic = membership.organization_id
    if member.organization_id != clinic and not works_with(clinic, member.organization):
        raise PermissionDenied("This person does not work with your clinic.")
    if user.pk == member.user_id:
        raise PermissionDenied("Another administrator changes what is about you.")


def check_user_can_look_up(user: User, practice: Organization) -> None:
    """An administrator or prescriber of a clinic that works with the practice."""
    membership = user.membership
    clinic_id = membership.organization_id if membership else 0
    if not _is_responsible(user, clinic_id) or not works_with(clinic_id, practice):
        raise PermissionDenied("An administrator or prescriber of the clinic checks this.")


def works_with(clinic_id: int, practice: Organization) -> bool:
    return Partnership.objects.filter(clinic=clinic_id, practice=practice.pk).exists()
