"""A release of information (FHIR Consent) and its parts.

Once signed, nothing of it changes but its revocation: triggers of the first migration hold that,
and that no release is signed without a recipient, a category and a purpose.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent.enums import (
    Category,
    Direction,
    Effect,
    Purpose,
    ReleaseState,
    RevokedBy,
    Signer,
)
from consent.fields import ALL_STORED, SensitivitiesField
from consent.querysets import ReleaseQuerySet
from people.models import Client, Organization


class Release(models.Model):
    """Permission, signed by the client, for named people to read named categories until a date."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", help_text="The clinic that discloses"
    )
    sensitivities = SensitivitiesField()
    starts_at = models.DateTimeField(null=True, blank=True, help_text="Empty: when it is signed")
    until = models.DateTimeField(null=True, blank=True, help_text="The first moment it is over")
    service_from = models.DateTimeField(null=True, blank=True)
    service_until = models.DateTimeField(null=True, blank=True)
    revocation_how = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="Ready for the client to sign")

    signed_at = models.DateTimeField(null=True, blank=True)
    signer = models.CharField(max_length=20, choices=Signer.choices, blank=True)
    signer_name = models.CharField(max_length=160, blank=True)
    signer_authority = models.CharField(max_length=160, blank=True)
    electronic_agreed = models.BooleanField(default=False)
    text = models.TextField(blank=True, help_text="Exactly what was signed")
    text_sha256 = models.CharField(max_length=64, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    witnessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        help_text="Whose screen it was signed on",
    )

    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    revocation_asked_by = models.CharField(max_length=20, choices=RevokedBy.choices, blank=True)
    revocation_reason = models.CharField(max_length=300, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["client"],
                include=["until"],
                condition=Q(signed_at__isnull=False, revoked_at=None),
                name="release_in_force",
            ),
            models.Index(fields=["organization", "until"], name="release_by_clinic"),
        ]
        constraints = [
            # 45 CFR 164.508(c)(1) and 42 CFR 2.31(a): nothing is signed with one of these missing.
            models.CheckConstraint(
                condition=Q(signed_at=None)
                | (
                    Q(until__isnull=False, electronic_agreed=True, declined_at=None)
                    & Q(signer__in=Signer.values, witnessed_by__isnull=False)
                    & ~Q(signer_name="")
                    & ~Q(revocation_how="")
                    & ~Q(text="")
                    & ~Q(text_sha256="")
                ),
                name="release_signed_whole",
            ),
            models.CheckConstraint(
                condition=~Q(signer=Signer.REPRESENTATIVE) | ~Q(signer_authority=""),
                name="release_representative_has_authority",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(starts_at=None) | Q(until__gt=F("starts_at")),
                name="release_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(until__gt=F("signed_at")),
                name="release_ends_after_signing",
            ),
            models.CheckConstraint(
                condition=Q(service_from=None)
                | Q(service_until=None)
                | Q(service_until__gt=F("service_from")),
                name="release_service_period_ordered",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revocation_asked_by="")
                | (
                    Q(revoked_at__isnull=False, signed_at__isnull=False, revoked_by__isnull=False)
                    & ~Q(revocation_asked_by="")
                    & ~Q(revocation_reason="")
                ),
                name="release_revoked_whole",
            ),
            models.CheckConstraint(
                condition=Q(sensitivities__in=ALL_STORED), name="release_sensitivities_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"KC-R-{self.pk:04d}"

    @property
    def valid_from(self) -> datetime | None:
        """The later of its start and its signature; None while it is unsigned."""
        if self.signed_at is None:
            return None
        return max(self.signed_at, self.starts_at or self.signed_at)

    def state(self, at: datetime) -> ReleaseState:
        """Where the release stands at the moment `at`."""
        if self.revoked_at and at >= self.revoked_at:
            return ReleaseState.REVOKED
        if self.declined_at:
            return ReleaseState.DECLINED
        if self.valid_from is None or self.until is None:
            return ReleaseState.AWAITING if self.sent_at else ReleaseState.DRAFT
        if at < self.valid_from:
            return ReleaseState.FUTURE
        return ReleaseState.ACTIVE if at < self.until else ReleaseState.EXPIRED


class ReleaseRecipient(models.Model):
    """A person whom the release names, at the organisation where they receive it."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="recipients")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "user"], name="release_recipient_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organization}"


class ReleaseCategory(models.Model):
    """One category in one direction: shared, or declined by the client when signing."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="categories")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    category = models.CharField(max_length=20, choices=Category.choices)
    effect = models.CharField(max_length=6, choices=Effect.choices, default=Effect.PERMIT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "direction", "category"], name="release_category_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    direction__in=Direction.values,
                    category__in=Category.values,
                    effect__in=Effect.values,
                ),
                name="release_category_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.direction} {self.effect}"


class ReleasePurpose(models.Model):
    """Each purpose has its row; the client's own words may stand beside it."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="purposes")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    in_their_words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "purpose"], name="release_purpose_once"),
            models.CheckConstraint(
                condition=Q(purpose__in=Purpose.values), name="release_purpose_known"
            ),
        ]

    def __str__(self) -> str:
        return self.in_their_words or Purpose(self.purpose).label
