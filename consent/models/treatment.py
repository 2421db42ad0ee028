"""Informed consent to treatment: a document of its own, never the same paper as a release.

What is prepared never changes: it is answered once, or put away and prepared anew. Once answered,
nothing of it changes but its withdrawal. Triggers hold both.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from consent.enums import RevokedBy, TreatmentState
from consent.models.signed import Signed
from consent.models.withdrawal import Withdrawable
from consent.models.wording import TreatmentWording
from consent.querysets import TreatmentConsentQuerySet
from people.models import Client, Organization


class TreatmentConsent(Signed, Withdrawable):
    """One client's answer to one clinic: yes until a day, or no."""

    noun, title, letter = "treatment_consent", "Consent to treatment", "T"
    no = "I do not agree to this treatment."

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", help_text="The clinic that treats"
    )
    wording = models.ForeignKey(
        TreatmentWording, models.PROTECT, related_name="+", null=True, help_text="Empty: kapcare's"
    )
    until = models.DateTimeField(help_text="The first moment it is over")
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        help_text="The prescriber who explained risks, benefits and alternatives",
    )
    explained_on = models.DateField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    discarded_at = models.DateTimeField(null=True, blank=True)

    objects = TreatmentConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["client", "organization"], name="treatmentconsent_of_client")
        ]
        constraints = [
            *Signed.signed_whole(
                "treatmentconsent", also=Q(discarded_at=None) & Q(until__gt=F("signed_at"))
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None) | Q(discarded_at=None),
                name="treatmentconsent_answered_or_put_away",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("created_at")), name="treatmentconsent_has_an_end_ahead"
            ),
            models.UniqueConstraint(
                fields=["client", "organization"],
                condition=Q(signed_at=None, declined_at=None, discarded_at=None),
                name="treatmentconsent_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=False) | Q(revoked_at=None),
                name="treatmentconsent_ends_once_signed",
            ),
            models.CheckConstraint(
                condition=~Q(revocation_asked_by=RevokedBy.CLINIC),
                name="treatmentconsent_withdrawn_by_the_client",
            ),
            Withdrawable.whole("treatmentconsent"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def yes(self) -> str:
        return (
            "I have read all of this, or it was read to me, and my questions were answered. "
            f"I agree to this treatment at {self.organization}."
        )

    @property
    def answered_at(self) -> datetime | None:
        """When the client said yes or no."""
        return self.signed_at or self.declined_at

    def state(self, at: datetime) -> TreatmentState:
        """Where it stands by itself at the moment `at`, derived from what is recorded.

        Whether a later answer took its place is told by `consent.treatment.in_turn`.
        """
        if self.discarded_at:
            return TreatmentState.DISCARDED
        if self.declined_at:
            return TreatmentState.DECLINED
        if self.signed_at is None:
            return TreatmentState.AWAITING
        if self.revoked_at and self.revoked_at <= at:
            return TreatmentState.WITHDRAWN
        return TreatmentState.LAPSED if self.until <= at else TreatmentState.ACTIVE
