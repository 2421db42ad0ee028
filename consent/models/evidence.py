"""What is kept of a signature: the signed PDF, the paper, the receipts. History, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent.enums import ReceiptKind
from consent.models.releases import Release


class SignedDocument(models.Model):
    """The signed release as PDF (pdf/ua-1), made when it was signed and never again."""

    release = models.OneToOneField(Release, models.PROTECT, related_name="document")
    pdf = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)
    text_sha256 = models.CharField(max_length=64, help_text="Of the text inside")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(pdf_sha256=""), name="signeddocument_hashed")
        ]

    def __str__(self) -> str:
        return f"document of {self.release_id}"


class PaperCopy(models.Model):
    """A release signed on paper: uploaded and transcribed by one person, verified by a second."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="papers")
    pdf = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    signed_on = models.DateField()
    signer = models.CharField(max_length=20)
    signer_name = models.CharField(max_length=160)
    signer_authority = models.CharField(max_length=160, blank=True)
    witness_name = models.CharField(max_length=160, blank=True)
    shared = models.JSONField(help_text="[direction, category] as ticked on the paper")
    text_sha256 = models.CharField(max_length=64, help_text="Of the text that was transcribed")
    transcribed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    transcribed_at = models.DateTimeField()
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    verified_at = models.DateTimeField(null=True)
    rejected_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by=None, rejected_reason="")
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="papercopy_verified_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("transcribed_by")),
                name="papercopy_verified_by_a_second",
            ),
            models.UniqueConstraint(
                fields=["release"], condition=Q(verified_at=None), name="papercopy_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"paper of {self.release_id}"


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
