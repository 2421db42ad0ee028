"""The agenda of a case conference: which cases, why, who is invited, and what was decided.

Three of these are items, each of one category, and cross to an outside practice through the one
door: that the case is talked over (`integration`, as the plan of two houses), why (the category
of the reason), and what was decided (as its writer says).
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.enums import Category
from consent.models import DisclosableItem
from referrals.models import Referral
from reminders.enums import ReasonKind
from reminders.models.conferences import Conference

K = ReasonKind
CATEGORY_OF_REASON = {
    K.ALERT: Category.SAFETY,
    K.ADVERSE: Category.SAFETY,
    K.WORSE: Category.OUTCOMES,
    K.MISSED: Category.SCHEDULE,
    K.REFERRAL: Category.INTEGRATION,
}
# What may be said of one's own accord: put on by hand, and decided.
SAID_OF = (Category.INTEGRATION, Category.SCHEDULE, Category.SAFETY)
OF_CONFERENCE = ("conference__series__clinic", "referral__practice", "referral__client")


class ConferenceCase(DisclosableItem):
    """A case on the agenda of one conference: once, until it is taken off."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    conference = models.ForeignKey(Conference, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="+")
    taken_off_at = models.DateTimeField(null=True, blank=True)
    taken_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    taken_off_why = models.CharField(max_length=200, blank=True)

    read_with: ClassVar = (*DisclosableItem.read_with, *OF_CONFERENCE, "taken_off_by")

    class Meta(DisclosableItem.Meta):
        verbose_name = "case on the agenda of a conference"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.UniqueConstraint(
                fields=["conference", "referral"],
                condition=Q(taken_off_at=None),
                name="conferencecase_once",
            ),
            models.CheckConstraint(
                condition=Q(category=Category.INTEGRATION), name="conferencecase_is_integration"
            ),
            models.CheckConstraint(
                condition=Q(taken_off_at=None, taken_off_by=None, taken_off_why="")
                | (
                    Q(taken_off_at__isnull=False, taken_off_by__isnull=False) & ~Q(taken_off_why="")
                ),
                name="conferencecase_taken_off_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.referral_id} of conference {self.conference_id}"

    def cross(self) -> None:
        """Why it was taken off is the clinic's own."""
        self.taken_off_why = ""


class ConferenceReason(DisclosableItem):
    """Why a case is on the agenda: a fact of the record as a code, or the words of whoever put it
    there. `occurred_at` is when it happened; `detail` a window, a grade, an instrument."""

    case = models.ForeignKey(ConferenceCase, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReasonKind.choices)
    detail = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=300, blank=True)

    read_with: ClassVar = (
        *DisclosableItem.read_with,
        *(f"case__{each}" for each in OF_CONFERENCE),
    )

    class Meta(DisclosableItem.Meta):
        verbose_name = "reason for a case conference"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.UniqueConstraint(
                fields=["case", "kind", "detail", "occurred_at"], name="conferencereason_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    *[Q(kind=kind, category=of) for kind, of in CATEGORY_OF_REASON.items()],
                    Q(kind=K.BY_HAND, category__in=SAID_OF),
                    _connector=Q.OR,
                ),
                name="conferencereason_category_of_kind",
            ),
            models.CheckConstraint(
                condition=(Q(kind=K.BY_HAND) & ~Q(text="")) | (~Q(kind=K.BY_HAND) & Q(text="")),
                name="conferencereason_in_words_by_hand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"

    def cross(self) -> None:
        """What a client answered to one question, and how an alert arose, stay at the clinic."""
        if self.kind == K.ALERT:
            self.detail = ""


class ConferenceInvitation(models.Model):
    """That somebody of the practice was asked to join for one case."""

    case = models.ForeignKey(ConferenceCase, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "person"], name="conferenceinvitation_once")
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} to {self.case_id}"


class ConferenceDecision(DisclosableItem):
    """What is to be done about a case, by whom and until which day. Corrected by another one that
    replaces it; done once."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(ConferenceCase, models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField()
    replaces = models.OneToOneField("self", models.PROTECT, related_name="+", null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    read_with: ClassVar = (
        *DisclosableItem.read_with,
        *(f"case__{each}" for each in OF_CONFERENCE),
        "owner",
        "done_by",
    )

    class Meta(DisclosableItem.Meta):
        verbose_name = "decision of a case conference"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(category__in=SAID_OF) & ~Q(text=""), name="conferencedecision_whole"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="conferencedecision_done_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk} of {self.case_id}"
