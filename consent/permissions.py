"""Who may do what with a release. Each check raises with a sentence that can be shown."""

from django.core.exceptions import PermissionDenied

from consent.models import Release
from people.enums import Role


def check_user_can_administer(user, organization_id: int) -> None:
    """Only an administrator of the clinic answers for its releases."""
    membership = user.membership
    if (
        membership is None
        or membership.role != Role.ADMINISTRATOR
        or membership.organization_id != organization_id
    ):
        raise PermissionDenied("Only an administrator of the clinic can do this.")


def user_can_administer(user, release: Release) -> bool:
    try:
        check_user_can_administer(user, release.organization_id)
    except PermissionDenied:
        return False
    return True
