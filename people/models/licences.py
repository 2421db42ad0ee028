"""Licences of people in outside practices: what they state, and what each clinic found.

A practice answers to no clinic, and a clinic keeps no file about it. So the therapist states the
licence, and each clinic that works with the practice looks it up for itself. Both only add rows.
"""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q

from people.enums import LicenceKind, LookupResult
from people.models.accounts import Organization, User


class LicenceFacts(models.Model):
    """What stands on a licence."""

    kind = models.CharField(max_length=10, choices=LicenceKind.choices)
    number = models.CharField(max_length=40)
    issuer = models.CharField(max_length=80, help_text="The state or board that issued it")
    expires_on = models.DateField(help_text="The last day on which it is valid")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=LicenceKind.values) & ~Q(number="") & ~Q(issuer=""),
                name="%(class)s_licence_whole",
            ),
        ]

    @property
    def title(self) -> str:
        return f"{LicenceKind(self.kind).short}, {self.issuer}"


class PracticeLicence(LicenceFacts):
    """A licence as somebody of an outside practice states it. What changes is a new row."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    practice = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(LicenceFacts.Meta):
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["person", "practice"], name="practicelicence_of")]

    def __str__(self) -> str:
        return self.title


class LicenceCheck(models.Model):
    """That a clinic looked a licence up: where, when, what it found. The newest one counts."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    licence = models.ForeignKey(PracticeLicence, models.PROTECT, related_name="checks")
    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    result = models.CharField(max_length=15, choices=LookupResult.choices)
    source = models.CharField(max_length=120, help_text="The register where it was looked up")
    looked_up_on = models.DateField()
    valid_until = models.DateField(
        null=True, blank=True, help_text="The last day, as the register says"
    )
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-checked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="licencecheck_has_a_source"),
            models.CheckConstraint(
                condition=Q(result=LookupResult.VALID, valid_until__isnull=False)
                & Q(valid_until__gte=F("looked_up_on"))
                | Q(result=LookupResult.NOT_CONFIRMED, valid_until=None),
                name="licencecheck_valid_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result} at {self.clinic_id}"

    def holds_on(self, day: date) -> bool:
        return self.valid_until is not None and self.valid_until >= day
