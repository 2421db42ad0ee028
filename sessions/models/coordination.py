"""The coordination plan of two houses: versions that are proposed, answered and never changed.

Its category is `integration`: who prepares and who integrates is its matter, and of the categories
that fit it is the one that a release can open in both directions, so that either side may propose.
`safety` travels from the clinic outwards alone.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from consent.enums import Category
from consent.models import DisclosableItem
from referrals.enums import COLLABORATION_SEEN_BY_CLINIC, Collaboration
from sessions.enums.coordination import AnswerKind, Duty, Side, SpokenHow, TalkHow, TalkOften
from sessions.models.episodes import EpisodeOfCare

LEAST_MINUTES, USUAL_MINUTES, MOST_MINUTES = 5, 30, 240


class CoordinationPlan(DisclosableItem):
    """One version: who does what, how to talk, and what is done when it goes badly.

    `starts_from` is the version that it began with; `minutes_to_acknowledge` (5 to 240) is how
    long an emergency notice may wait for somebody who says that they have it.
    """

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    starts_from = models.ForeignKey("self", models.PROTECT, related_name="+", null=True)
    collaboration = models.CharField(max_length=20, choices=Collaboration.choices)
    preparation_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    integration_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    talk_how = models.CharField(max_length=10, choices=TalkHow.choices)
    talk_often = models.CharField(max_length=12, choices=TalkOften.choices)
    safety_protocol = models.CharField(max_length=2000)
    escalation = models.CharField(max_length=1000)
    hospitalisation = models.CharField(max_length=2000)
    after_hours_who = models.CharField(max_length=120)
    after_hours_phone = models.CharField(max_length=40)
    after_hours_when = models.CharField(max_length=120)
    minutes_to_acknowledge = models.PositiveSmallIntegerField(
        default=USUAL_MINUTES,
        validators=[MinValueValidator(LEAST_MINUTES), MaxValueValidator(MOST_MINUTES)],
    )
    remark = models.CharField(max_length=300, blank=True, help_text="A word to the other side")

    read_with: ClassVar = (
        *DisclosableItem.read_with,
        "preparation_owner",
        "integration_owner",
    )

    class Meta(DisclosableItem.Meta):
        verbose_name = "coordination plan"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.UniqueConstraint(
                fields=["episode", "version"], name="coordinationplan_version_once"
            ),
            models.CheckConstraint(
                condition=Q(category=Category.INTEGRATION, version__gte=1),
                name="coordinationplan_is_integration",
            ),
            models.CheckConstraint(
                condition=Q(
                    collaboration__in=Collaboration.values,
                    talk_how__in=TalkHow.values,
                    talk_often__in=TalkOften.values,
                ),
                name="coordinationplan_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    minutes_to_acknowledge__gte=LEAST_MINUTES,
                    minutes_to_acknowledge__lte=MOST_MINUTES,
                ),
                name="coordinationplan_minutes_5_to_240",
            ),
            models.CheckConstraint(
                condition=~Q(safety_protocol="")
                & ~Q(escalation="")
                & ~Q(hospitalisation="")
                & ~Q(after_hours_who="")
                & ~Q(after_hours_phone="")
                & ~Q(after_hours_when=""),
                name="coordinationplan_says_all",
            ),
        ]

    def __str__(self) -> str:
        return f"Coordination plan {self.version} of {self.episode_id}"

    @property
    def collaboration_words(self) -> str:
        """Who does what, in words that are right on either side."""
        return COLLABORATION_SEEN_BY_CLINIC[Collaboration(self.collaboration)]


class PlanDuty(models.Model):
    """Who holds one session of one dose, in the shared model. It is a part of its plan."""

    plan = models.ForeignKey(CoordinationPlan, models.PROTECT, related_name="duties")
    dose_number = models.PositiveSmallIntegerField()
    duty = models.CharField(max_length=12, choices=Duty.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["dose_number", "-duty"]  # preparation comes before integration
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "dose_number", "duty"], name="planduty_owner_once"
            ),
            models.CheckConstraint(
                condition=Q(dose_number__gte=1, dose_number__lte=60, duty__in=Duty.values),
                name="planduty_of_a_dose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.dose_number} of {self.plan_id}"


class CoordinationAnswer(DisclosableItem):
    """That a side agreed to a version, or took its own back.

    `said_by`, `said_how` and `said_at` are of a practice that agreed by phone or on paper, as the
    clinic recorded it: then the author is of the clinic.
    """

    plan = models.ForeignKey(CoordinationPlan, models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    kind = models.CharField(max_length=10, choices=AnswerKind.choices)
    said_by = models.CharField(max_length=120, blank=True)
    said_how = models.CharField(max_length=8, choices=SpokenHow.choices, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)

    class Meta(DisclosableItem.Meta):
        verbose_name = "answer to a coordination plan"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.UniqueConstraint(
                fields=["plan", "side", "kind"], name="coordinationanswer_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    category=Category.INTEGRATION,
                    side__in=Side.values,
                    kind__in=AnswerKind.values,
                ),
                name="coordinationanswer_is_integration",
            ),
            models.CheckConstraint(
                condition=Q(said_by="", said_how="", said_at=None)
                | Q(
                    ~Q(said_by=""),
                    said_how__in=SpokenHow.values,
                    said_at__isnull=False,
                    side=Side.PRACTICE,
                    kind=AnswerKind.AGREED,
                ),
                name="coordinationanswer_said_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.side} on {self.plan_id}"
