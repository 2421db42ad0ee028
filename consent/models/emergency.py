"""Emergency access: what was opened without a release, for one client and one hour.

Kept apart from releases because its basis is another: 45 CFR 164.506(c) with 42 CFR 2.51, or
45 CFR 164.512(j)(1)(i). That each one is judged afterwards is our policy.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.enums import EmergencyBasis
from consent.querysets import EmergencyQuerySet
from people.models import Client, Organization

HOUR = timedelta(hours=1)


class EmergencyAccess(models.Model):
    """One person's access to one client's record in an emergency, with all that 2.51(c) asks."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    clinic = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", help_text="Whose administrators review it"
    )
    basis = models.CharField(max_length=10, choices=EmergencyBasis.choices)
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", help_text="The reader's facility"
    )
    nature = models.CharField(max_length=500, help_text="Of the emergency or the threat")
    told_to = models.CharField(
        max_length=200, blank=True, help_text="Threat: who can lessen it and is told"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Given back before the hour")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    justified = models.BooleanField(null=True)
    review = models.CharField(max_length=500, blank=True)

    objects = EmergencyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["reader", "client", "-opened_at"], name="emergency_of_reader"),
            models.Index(fields=["clinic", "-opened_at"], name="emergency_of_clinic"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(nature="")
                & (
                    Q(basis=EmergencyBasis.MEDICAL)
                    | (Q(basis=EmergencyBasis.THREAT) & ~Q(told_to=""))
                ),
                name="emergency_reason_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, justified=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, justified__isnull=False)
                & ~Q(review=""),
                name="emergency_reviewed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"emergency {self.pk}"

    @property
    def until(self) -> datetime:
        """The first moment at which it opens nothing any more."""
        return min(filter(None, [self.opened_at + HOUR, self.closed_at]))
