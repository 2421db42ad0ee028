"""How often a clinic takes vitals after a dose, by route."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people.models import Organization
from sessions.enums import Route


class MonitoringPlan(models.Model):
    """Minutes after the dose. Changing it is writing it anew: the newest of a route counts."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    route = models.CharField(max_length=12, choices=Route.choices)
    first = models.PositiveSmallIntegerField(help_text="The first vitals")
    every = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Then every; or once")
    until = models.PositiveSmallIntegerField(help_text="The last, unless a value is out of range")
    observe = models.PositiveSmallIntegerField(help_text="Nobody leaves earlier without a thought")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["clinic", "route"], name="monitoring_by_route")]
        constraints = [
            models.CheckConstraint(
                condition=Q(route__in=Route.values), name="monitoring_route_known"
            ),
            models.CheckConstraint(
                condition=Q(first__gte=5, first__lte=120, until__gte=F("first"), until__lte=480)
                & (Q(every=None) | Q(every__gte=5, every__lte=120))
                & Q(observe__lte=720),
                name="monitoring_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"Monitoring after {self.route} at {self.clinic}"
