"""Who may do what with a release or a consent. Each check raises a sentence that can be shown."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied

from people.enums import CLINICAL_ROLES, Role
from people.models import User


def check_user_can_administer(user, organization_id: int) -> None:
    """Only an administrator of the clinic answers for its releases."""
    membership = user.membership
    if (
        membership is None
        or membership.role != Role.ADMINISTRATOR
        or membership.organization_id != organization_id
    ):
        raise PermissionDenied("Only an administrator of the clinic can do this.")


def check_user_can_present(user: User, clinic_id: int) -> None:
    """Clinical staff of the clinic put a consent to treatment to a client, and note its end."""
    _check_is_at(user, clinic_id, CLINICAL_ROLES, "Clinical staff of the clinic do this.")


def check_user_can_explain(user: User, clinic_id: int) -> None:
    """A prescriber of the clinic answers for what the consent says, and explains it."""
    _check_is_at(user, clinic_id, {Role.PRESCRIBER}, "Only a prescriber can do this.")


def _check_is_at(user: User, clinic_id: int, roles: Collection[str], sentence: str) -> None:
    membership = user.membership
    if membership is None or membership.organization_id != clinic_id:
        raise PermissionDenied("Only the clinic that treats the client can do this.")
    if membership.role not in roles:
        raise PermissionDenied(sentence)
