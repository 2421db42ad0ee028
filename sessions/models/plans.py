"""How an episode is to go, each time it was decided."""

from django.db import models
from django.db.models import Q

from referrals.enums import COLLABORATION_SEEN_BY_CLINIC, Collaboration
from sessions.enums import TreatmentModel
from sessions.models.clinical import Recorded
from sessions.models.episodes import Plan


class CarePlan(Plan, Recorded):
    """The plan from this moment on, and why. The newest is the one that the episode repeats."""

    reason = models.CharField(max_length=300)

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(expected_doses__gte=1, expected_doses__lte=60),
                name="careplan_expected_doses_1_to_60",
            ),
            models.CheckConstraint(
                condition=Q(collaboration__in=Collaboration.values)
                & Q(treatment_model__in=TreatmentModel.values),
                name="careplan_choices_known",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="careplan_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"Plan {self.pk} of {self.episode_id}"

    @property
    def collaboration_words(self) -> str:
        return COLLABORATION_SEEN_BY_CLINIC[Collaboration(self.collaboration)]
