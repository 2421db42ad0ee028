"""The hours of a clinic's windows."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people.models import Organization
from sessions.windows import HOURS, NAMES, SHORTEST, WindowKind, in_words

KINDS = [(kind.value, NAMES[kind]) for kind in WindowKind]
_INSIDE = [
    Q(kind=kind, opens__gte=earliest, closes__lte=latest)
    for kind, (earliest, latest) in HOURS.items()
]


class WindowPlan(models.Model):
    """Whole hours from the dose, below 0 before it, within the usual ones. Changing them is
    writing them anew: the newest of a kind counts."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=KINDS)
    opens = models.SmallIntegerField()
    closes = models.SmallIntegerField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["clinic", "kind"], name="window_plan_by_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(*_INSIDE, _connector=Q.OR) & Q(closes__gte=F("opens") + SHORTEST),
                name="windowplan_within_the_usual",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} windows at {self.clinic}"

    @property
    def name(self) -> str:
        return NAMES[WindowKind(self.kind)]

    @property
    def words(self) -> str:
        return in_words((self.opens, self.closes))

    @property
    def usual(self) -> str:
        return in_words(HOURS[WindowKind(self.kind)])
