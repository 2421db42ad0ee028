"""Licences and training of a clinic's staff, as that clinic has seen and checked them.

Each clinic keeps its own file about its people, and checks for itself. Nothing recorded changes:
it is checked once, by somebody else, and what was wrong is marked as entered in error.
"""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q

from people.enums import LicenceKind, TrainingKind
from people.models.accounts import Organization, User
from people.querysets import CredentialQuerySet

MOST_HOURS = 500  # in one entry: more is a slip of the pen, or several trainings


class Credential(models.Model):
    """What somebody may show for themselves at one clinic."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="%(class)ss")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, help_text="Who has seen the proof"
    )
    checked_at = models.DateTimeField(null=True)
    error_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    error_at = models.DateTimeField(null=True)
    error_reason = models.CharField(max_length=200, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_at=None, checked_by=None)
                | (
                    Q(checked_at__isnull=False, checked_by__isnull=False)
                    & ~Q(checked_by=F("person"))
                ),
                name="%(class)s_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(error_at=None, error_by=None, error_reason="")
                | (Q(error_at__isnull=False, error_by__isnull=False) & ~Q(error_reason="")),
                name="%(class)s_error_whole",
            ),
        ]

    @property
    def counts(self) -> bool:
        """Whether somebody else has checked it, and it was not entered in error."""
        return self.checked_at is not None and self.error_at is None


class Licence(Credential):
    """A licence to practise, valid through its last day."""

    kind = models.CharField(max_length=10, choices=LicenceKind.choices)
    number = models.CharField(max_length=40)
    issuer = models.CharField(max_length=80, help_text="The state or board that issued it")
    expires_on = models.DateField(help_text="The last day on which it is valid")

    class Meta(Credential.Meta):
        ordering = ["-expires_on", "-pk"]
        constraints = [
            *Credential.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=LicenceKind.values) & ~Q(number="") & ~Q(issuer=""),
                name="licence_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{LicenceKind(self.kind).short}, {self.issuer}"

    def holds_on(self, day: date) -> bool:
        return self.expires_on >= day


class Training(Credential):
    """Hours of training in ketamine-assisted psychotherapy, completed on a day."""

    kind = models.CharField(max_length=12, choices=TrainingKind.choices)
    topic = models.CharField(max_length=120, help_text="Program and what it was about")
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    completed_on = models.DateField()
    expires_on = models.DateField(
        null=True, blank=True, help_text="The last day on which it counts; empty: it does not end"
    )

    class Meta(Credential.Meta):
        ordering = ["-completed_on", "-pk"]
        constraints = [
            *Credential.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=TrainingKind.values) & ~Q(topic=""), name="training_whole"
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=MOST_HOURS), name="training_hours_0_to_500"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("completed_on")),
                name="training_expires_after_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.topic}"

    def holds_on(self, day: date) -> bool:
        return self.completed_on <= day and (self.expires_on is None or self.expires_on >= day)
