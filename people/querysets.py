"""Which licences and trainings are meant."""

from typing import Self

from django.db import models


class CredentialQuerySet(models.QuerySet):
    def of_staff(self, clinic_id: int) -> Self:
        """What this clinic keeps about the people who work there now."""
        return self.filter(
            organization=clinic_id,
            person__memberships__organization=clinic_id,
            person__memberships__ended_at=None,
        )
