"""What is kept of a signature: the signed PDF, the paper, the receipts. History, never changed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent.enums import ReceiptKind, Signer
from consent.models.releases import Release
from consent.models.signed import Signed
from consent.models.treatment import TreatmentConsent


class KeptPdf(models.Model):
    """What was signed as PDF (pdf/ua-1), made when it was signed and never again."""

    pdf = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)
    text_sha256 = models.CharField(max_length=64, help_text="Of the text inside")
    made_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(condition=~Q(pdf_sha256=""), name="%(class)s_hashed")]


class SignedDocument(KeptPdf):
    release = models.OneToOneField(Release, models.PROTECT, related_name="document")

    def __str__(self) -> str:
        return f"document of {self.release_id}"


class TreatmentDocument(KeptPdf):
    consent = models.OneToOneField(TreatmentConsent, models.PROTECT, related_name="document")

    def __str__(self) -> str:
        return f"document of {self.consent_id}"


class SignedPaper(models.Model):
    """Signed on paper: uploaded and transcribed by one person, verified by a second."""

    SIGNS: ClassVar[str]  # the field that names its document

    pdf = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    signed_on = models.DateField()
    signer = models.CharField(max_length=20)
    signer_name = models.CharField(max_length=160)
    signer_authority = models.CharField(max_length=160, blank=True)
    witness_name = models.CharField(max_length=160, blank=True)
    text_sha256 = models.CharField(max_length=64, help_text="Of the text that was transcribed")
    transcribed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    transcribed_at = models.DateTimeField()
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    verified_at = models.DateTimeField(null=True)
    rejected_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None, rejected_reason="")
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="%(class)s_verified_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("transcribed_by")),
                name="%(class)s_verified_by_a_second",
            ),
        ]

    @property
    def document(self) -> Signed:
        """What was signed on it."""
        return getattr(self, self.SIGNS)

    @property
    def name_differs(self) -> bool:
        """Whether the client wrote another name than the record has."""
        mine = self.signer == Signer.CLIENT
        return mine and not self.document.is_clients_name(self.signer_name)


class PaperCopy(SignedPaper):
    """A release signed on paper."""

    SIGNS = "release"
    release = models.ForeignKey(Release, models.PROTECT, related_name="papers")
    shared = models.JSONField(help_text="[direction, category] as ticked on the paper")

    class Meta(SignedPaper.Meta):
        constraints = [
            *SignedPaper.Meta.constraints,
            models.UniqueConstraint(
                fields=["release"], condition=Q(verified_at=None), name="papercopy_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"paper of {self.release_id}"


class TreatmentPaper(SignedPaper):
    """A consent to treatment signed on paper."""

    SIGNS = "consent"
    consent = models.ForeignKey(TreatmentConsent, models.PROTECT, related_name="papers")

    class Meta(SignedPaper.Meta):
        constraints = [
            *SignedPaper.Meta.constraints,
            models.UniqueConstraint(
                fields=["consent"], condition=Q(verified_at=None), name="treatmentpaper_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"paper of {self.consent_id}"


class Receipt(models.Model):
    """What the client is told about a release, once each: it waits on their page."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=10, choices=ReceiptKind.choices)
    about = models.CharField(
        max_length=200, blank=True, help_text="The one recipient withdrawn, or empty for all"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["release", "kind", "about"], name="receipt_once"),
            models.CheckConstraint(
                condition=Q(kind__in=ReceiptKind.values), name="receipt_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.release_id}"
