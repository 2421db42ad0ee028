"""Safety alerts: raised by the record itself, and standing until somebody says what was done."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sessions.enums.outcomes import AlertKind
from sessions.models.episodes import EpisodeOfCare
from sessions.querysets import AlertQuerySet


def source_of(row: models.Model) -> str:
    """As an alert names what raised it."""
    return f"{row._meta.label_lower}:{row.pk}"


class SafetyAlert(models.Model):
    """Something at which the clinic has to look now. `source` names the row that raised it."""

    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=20, choices=AlertKind.choices)
    source = models.CharField(max_length=80, help_text="Model and id: care_sessions.vitals:12")
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    done = models.TextField(max_length=2000, blank=True, help_text="What was done about it")

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "pk"]
        indexes = [
            models.Index(
                fields=["episode"], condition=Q(acknowledged_at=None), name="alert_standing"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "source"], name="alert_once"),
            models.CheckConstraint(
                condition=Q(kind__in=AlertKind.values) & ~Q(source=""), name="alert_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None, done="")
                | (Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False) & ~Q(done="")),
                name="alert_acknowledged_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Alert {self.pk}: {self.kind}"

    def raised_by(self, row: models.Model) -> bool:
        return self.source == source_of(row)

    @property
    def source_pk(self) -> int:
        """The id of the row that raised it."""
        return int(self.source.rpartition(":")[2])
