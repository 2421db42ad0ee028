"""How people come in: a clinic and the practices it works with, requests, invitations.

None of these rows is ever deleted. An invitation is closed, accepted, or runs out; a request is
answered once.
"""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from people.enums import RequestAnswer, Role
from people.models.accounts import Organization, User
from people.models.licences import LicenceFacts


class Partnership(models.Model):
    """That a clinic and a practice work together: it was invited, referred, or was released to."""

    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    practice = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "practice"], name="partnership_once")
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} with {self.clinic_id}"


class JoinRequest(LicenceFacts):
    """Somebody without an account asks a clinic to work with them. Nothing in it is checked."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    credentials = models.CharField(max_length=40, blank=True)
    email = models.EmailField()
    practice = models.CharField(max_length=120, help_text="As they call it")
    asked_at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(max_length=10, choices=RequestAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was declined")

    class Meta(LicenceFacts.Meta):
        ordering = ["asked_at", "pk"]
        constraints = [
            *LicenceFacts.Meta.constraints,
            models.UniqueConstraint(
                fields=["clinic", "email"], condition=Q(answer=""), name="joinrequest_one_waiting"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="joinrequest_email_low"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None, reason="")
                | Q(answered_at__isnull=False, answered_by__isnull=False)
                & (
                    Q(answer=RequestAnswer.APPROVED, reason="")
                    | Q(answer=RequestAnswer.DECLINED) & ~Q(reason="")
                ),
                name="joinrequest_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"


class Invitation(models.Model):
    """A one-time link by mail to one address, for one role in one place."""

    LASTS = timedelta(days=7)

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    token_sha256 = models.CharField(max_length=64, unique=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    clinic = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="Whose administrator invites; empty: a therapist of the practice itself",
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True, help_text="As the inviter knows them")
    request = models.ForeignKey(
        JoinRequest, models.PROTECT, related_name="+", null=True, blank=True
    )
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(closed_at=None, accepted_at=None),
                name="invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, closed_at=None),
                name="invitation_accepted_whole",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="invitation_lasts"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_low"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def is_open(self, at: datetime) -> bool:
        """Whether its link still works at the aware moment `at`."""
        return self.closed_at is None and self.accepted_at is None and at < self.expires_at
