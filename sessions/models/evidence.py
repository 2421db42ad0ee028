"""What others contribute to a clearance: documents that were sent, colleagues who were asked."""

from django.db import models
from django.db.models import Q

from sessions.enums.screening import DocumentKind
from sessions.models.clinical import Recorded


class CareDocument(Recorded):
    """A PDF from elsewhere, checked when it came and kept as it is."""

    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    title = models.CharField(max_length=120)
    pdf = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DocumentKind.values, pages__gte=1)
                & ~Q(title="")
                & ~Q(pdf_sha256=""),
                name="caredocument_whole",
            )
        ]

    def __str__(self) -> str:
        return f"Document {self.pk} of {self.episode_id}"


class DocumentInError(Recorded):
    """That a document does not belong here, and why. It stays, and is no longer offered."""

    document = models.OneToOneField(CareDocument, models.PROTECT, related_name="error")
    reason = models.CharField(max_length=300)

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="documentinerror_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} entered in error"


class Consult(Recorded):
    """A question to a colleague, in the house or outside it."""

    question = models.TextField(max_length=2000)
    of_whom = models.CharField(max_length=160, help_text="A role or a name")
    urgent = models.BooleanField(default=False)

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(question="") & ~Q(of_whom=""), name="consult_asks_somebody"
            )
        ]

    def __str__(self) -> str:
        return f"Consult {self.pk} of {self.episode_id}"


class ConsultAnswer(Recorded):
    """What came back: once, and never changed."""

    consult = models.OneToOneField(Consult, models.PROTECT, related_name="answer")
    text = models.TextField(max_length=4000)
    by_whom = models.CharField(max_length=160)
    answered_on = models.DateField()

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(by_whom=""), name="consultanswer_says_who"
            )
        ]

    def __str__(self) -> str:
        return f"Answer to {self.consult_id}"
