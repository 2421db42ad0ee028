"""Which releases there are for whom."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from consent.models import Release


class ReleaseQuerySet(models.QuerySet):
    def of_clinic(self, organization_id: int) -> "ReleaseQuerySet":
        """The releases that a clinic answers for."""
        return self.filter(organization_id=organization_id)

    def signed(self) -> "ReleaseQuerySet":
        return self.filter(signed_at__isnull=False)

    def in_force(self, at: datetime) -> "ReleaseQuerySet":
        """Signed, begun, neither over nor revoked at the moment `at`."""
        begun = Q(starts_at=None) | Q(starts_at__lte=at)
        return self.signed().filter(begun, signed_at__lte=at, revoked_at=None, until__gt=at)

    def naming(self, person_id: int, organization_id: int) -> "ReleaseQuerySet":
        """Releases from which this person may receive something, in either direction."""
        return self.filter(
            Q(recipients__user_id=person_id, recipients__organization_id=organization_id)
            | Q(organization_id=organization_id)
        ).distinct()

    def beside(self, release: "Release", at: datetime) -> "ReleaseQuerySet":
        """Other releases in force by which a recipient of `release` may still read."""
        same = self.in_force(at).filter(
            client=release.client_id, recipients__user__in=release.recipients.values("user")
        )
        return same.exclude(pk=release.pk).distinct()

    def with_parts(self) -> "ReleaseQuerySet":
        return self.prefetch_related("categories", "purposes", "recipients")
