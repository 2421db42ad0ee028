"""The clinic's people beside a client."""

from django.db.models import QuerySet

from people.enums import TREATING_ROLES
from people.models import Organization, User
from sessions.permissions import MEDICAL_ROLES


def treating_staff(clinic: Organization, roles=TREATING_ROLES) -> QuerySet[User]:
    """Those who treat at `clinic` now, by name."""
    rows = User.objects.filter(
        memberships__organization=clinic,
        memberships__role__in=roles,
        memberships__ended_at=None,
    )
    return rows.order_by("name", "pk")


def judges(clinic: Organization) -> QuerySet[User]:
    """Who may find a client stable enough to leave."""
    return treating_staff(clinic, MEDICAL_ROLES)
