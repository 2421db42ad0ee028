"""What the client works towards, kept by the therapist over time."""

import uuid

from django.db import models
from django.db.models import Q

from consent.enums import Category
from consent.models import DisclosableItem
from referrals.models import Referral
from sessions.enums.coordination import GoalEnding

HIGHEST = 10


class Goal(DisclosableItem):
    """A goal in words, begun on a day. Of the referral, for it may be older than the care."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)
    begun_on = models.DateField()

    class Meta(DisclosableItem.Meta):
        verbose_name = "goal"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(category=Category.INTEGRATION) & ~Q(text=""), name="goal_in_words"
            ),
        ]

    def __str__(self) -> str:
        return f"Goal {self.pk} of {self.referral_id}"


class GoalProgress(DisclosableItem):
    """How near the client feels to it: 0 to 10, by the client's own word, and a line.

    A second one of the same day counts instead of the first, which stays.
    """

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="+")
    day = models.DateField()
    rating = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300, blank=True)

    class Meta(DisclosableItem.Meta):
        verbose_name = "progress towards a goal"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(category=Category.INTEGRATION, rating__lte=HIGHEST),
                name="goalprogress_0_to_10",
            ),
        ]

    def __str__(self) -> str:
        return f"Progress of {self.goal_id}"


class GoalEnd(DisclosableItem):
    """That a goal was reached, or let go."""

    goal = models.OneToOneField(Goal, models.PROTECT, related_name="+")
    ending = models.CharField(max_length=8, choices=GoalEnding.choices)
    day = models.DateField()
    text = models.CharField(max_length=300, blank=True)

    class Meta(DisclosableItem.Meta):
        verbose_name = "end of a goal"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(category=Category.INTEGRATION, ending__in=GoalEnding.values),
                name="goalend_known",
            ),
        ]

    def __str__(self) -> str:
        return f"End of {self.goal_id}"
