"""Which licences and trainings, and which version of a profile, are meant."""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Subquery

from people.enums import TREATING_ROLES


class CredentialQuerySet(models.QuerySet):
    def of_staff(self, clinic_id: int) -> Self:
        """What this clinic keeps about the people who work there now."""
        return self.filter(
            organization=clinic_id,
            person__memberships__organization=clinic_id,
            person__memberships__ended_at=None,
        )

    def beside_clients(self, clinic_ids: Collection[int]) -> Self:
        """What each of these clinics keeps about those who treat there now."""
        return self.filter(
            organization__in=clinic_ids,
            person__memberships__organization=F("organization"),
            person__memberships__ended_at=None,
            person__memberships__role__in=TREATING_ROLES,
        )


class ProfileQuerySet(models.QuerySet):
    def newest(self) -> Self:
        """Of each clinic the version that counts."""
        rows = type(self)(self.model).filter(organization=OuterRef("organization"))
        return self.filter(pk=Subquery(rows.order_by("-version").values("pk")[:1]))

    def of(self, clinic_id: int):
        """What this clinic says now, or None."""
        return self.filter(organization=clinic_id).order_by("-version").first()
