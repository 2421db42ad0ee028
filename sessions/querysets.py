"""Which rows of the clinical record a person may work with."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import QuerySet

from people.enums import CLINICAL_ROLES

if TYPE_CHECKING:
    from people.models import User


class EpisodeQuerySet(models.QuerySet):
    def at_clinic_of(self, user: "User") -> QuerySet:
        """The episodes of the clinic where `user` has a clinical role; nothing for anybody else."""
        membership = user.membership
        if membership is None or membership.role not in CLINICAL_ROLES:
            return self.none()
        return self.filter(clinic=membership.organization_id)


class AlertQuerySet(models.QuerySet):
    def standing(self) -> "AlertQuerySet":
        """Acknowledged by nobody yet, the oldest first."""
        return self.filter(acknowledged_at=None)
