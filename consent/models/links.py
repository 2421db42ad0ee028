"""Secret links for people without an account. Only the hash of a token is ever stored."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.models.releases import Release
from consent.models.signed import Signed
from consent.models.treatment import TreatmentConsent
from people.models import Client, Organization

MOST_TRIES = 5


class SecretLink(models.Model):
    """A link that opens after the client's date of birth, until it ends or five tries failed."""

    token_sha256 = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: models.Manager = models.Manager()
    clinic: Any  # the organisation that made it

    class Meta:
        abstract = True

    def is_open(self, at: datetime) -> bool:
        return self.closed_at is None and at < self.expires_at and self.failures < MOST_TRIES


class AnswerLink(SecretLink):
    """One way for a client to sign or decline one document, once: by mail, or on our screen."""

    LASTS = timedelta(days=14)
    DOOR: ClassVar[str]  # the route that opens it
    LEADS_TO: ClassVar[str]  # the field that names its document

    on_screen = models.BooleanField(help_text="Handed over on the clinic's own screen")
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def is_open(self, at: datetime) -> bool:
        return self.used_at is None and super().is_open(at)

    @property
    def document(self) -> Signed:
        """The one document that it leads to."""
        return getattr(self, self.LEADS_TO)

    @property
    def client_id(self) -> int:
        return self.document.client_id

    @property
    def clinic(self) -> Organization:
        return self.document.organization


def _opens_one(field: str) -> list[models.BaseConstraint]:
    """One open link leads to each document, and one was used."""
    return [
        models.UniqueConstraint(
            fields=[field], condition=Q(closed_at=None, used_at=None), name="%(class)s_one_open"
        ),
        models.UniqueConstraint(
            fields=[field], condition=Q(used_at__isnull=False), name="%(class)s_used_once"
        ),
    ]


class SigningLink(AnswerLink):
    """Leads to a release, and to nothing else."""

    DOOR, LEADS_TO = "consent:open_link", "release"
    release = models.ForeignKey(Release, models.PROTECT, related_name="links")

    class Meta:
        constraints = _opens_one("release")

    def __str__(self) -> str:
        return f"link to {self.release_id}"


class TreatmentLink(AnswerLink):
    """Leads to a consent to treatment, and to nothing else."""

    DOOR, LEADS_TO = "consent:open_agreement", "consent"
    consent = models.ForeignKey(TreatmentConsent, models.PROTECT, related_name="links")

    class Meta:
        constraints = _opens_one("consent")

    def __str__(self) -> str:
        return f"link to {self.consent_id}"


class ClientLink(SecretLink):
    """The client's own page at one clinic: what is shared, who looked, withdraw."""

    LASTS = timedelta(days=365)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "organization"],
                condition=Q(closed_at=None),
                name="clientlink_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"page of {self.client_id}"

    @property
    def clinic(self) -> Organization:
        return self.organization
