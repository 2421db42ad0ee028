"""How a referral ended before care began, what took it up again, and what stands in between."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent.enums import Category
from consent.models import DisclosableItem
from referrals.enums import STALE, CancelReason, ErrorReason
from referrals.models.referral import Referral

ERRORS = ErrorReason.values


class Closing(DisclosableItem):
    """Why the practice withdrew a referral or took it back as an error, or that time closed it.

    A readiness item. The practice reads its own; the clinic reads why something was withdrawn where
    a release opens that, and of an error nothing but that it was one. Time has no author.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="+")
    author = models.ForeignKey(  # type: ignore[assignment]
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    reason = models.CharField(
        max_length=20,
        choices=[*CancelReason.choices, *ErrorReason.choices, (STALE, "Nobody took the next step")],
    )
    text = models.TextField(max_length=2000, blank=True)

    class Meta(DisclosableItem.Meta):
        verbose_name = "why the referral was closed"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(category=Category.READINESS), name="closing_is_readiness"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[*CancelReason.values, *ERRORS, STALE]),
                name="closing_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(reason=STALE) ^ Q(author__isnull=False), name="closing_by_somebody"
            ),
            models.UniqueConstraint(
                fields=["referral"], condition=~Q(reason__in=ERRORS), name="closing_ended_once"
            ),
            models.UniqueConstraint(
                fields=["referral"], condition=Q(reason__in=ERRORS), name="closing_in_error_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} of {self.referral_id}"

    @property
    def in_error(self) -> bool:
        return self.reason in ERRORS

    def cross(self) -> None:
        """That it was entered in error is all that leaves the house."""
        if self.in_error:
            self.reason = self.text = ""


class Reopening(models.Model):
    """A referral that takes up a closed one (FHIR: a new Task that points to the old).

    The note comes with the new referral, as its reason does.
    """

    referral = models.OneToOneField(Referral, models.PROTECT, related_name="reopening")
    of = models.ForeignKey(Referral, models.PROTECT, related_name="taken_up_by")
    note = models.TextField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(referral=F("of")), name="reopening_of_another"),
            models.CheckConstraint(condition=~Q(note=""), name="reopening_has_a_note"),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} takes up {self.of_id}"


class InterimMessage(models.Model):
    """ "We need more time, expect to hear from us by this day."

    No free text and nothing of an answer: it says what "received" says, that nobody has decided,
    and so it needs no release (see `referrals.actions.interim`).
    """

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="interims")
    answer_by = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"more time for {self.referral_id}"


class Nudge(models.Model):
    """That whoever has the next move was told that it waits; once for each time it waits."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="nudges")
    since = models.DateTimeField(help_text="Since when that move waited")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "since"], name="nudge_once"),
            models.CheckConstraint(condition=Q(at__gt=F("since")), name="nudge_after_waiting"),
        ]

    def __str__(self) -> str:
        return f"nudge about {self.referral_id}"
