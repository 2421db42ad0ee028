"""A client's question about one entry of who looked, and the administrator's answer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from people.models import Client, Organization


class DisclosureQuestion(models.Model):
    """Asked on the client's own page about the disclosure `sequence` of their ledger."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField()
    text = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "organization", "sequence"],
                condition=Q(answered_at=None),
                name="question_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="question_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"
