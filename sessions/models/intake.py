"""Behavioural-health intake."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from referrals.enums import FIT_KINDS, Answer
from sessions.enums.therapy import TRAUMA_PROCESSING, Modality, Readiness
from sessions.models.clinical import Recorded

MOST_DOSES = 60  # in one episode


class Intake(Recorded):
    """Fit, goals, readiness, way of working and support. Recorded again, the newest counts."""

    fit_stable = models.CharField(max_length=10, choices=Answer.choices)
    fit_willing = models.CharField(max_length=10, choices=Answer.choices)
    fit_support = models.CharField(max_length=10, choices=Answer.choices)
    fit_open = models.CharField(max_length=10, choices=Answer.choices)
    fit_comment = models.CharField(max_length=500, blank=True)
    goals = models.TextField(max_length=4000)
    readiness = models.CharField(max_length=12, choices=Readiness.choices)
    readiness_words = models.TextField(max_length=2000, blank=True)
    expected_doses = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DOSES)]
    )
    modality = models.CharField(max_length=14, choices=Modality.choices)
    modality_other = models.CharField(max_length=120, blank=True)
    trauma_lead = models.CharField(
        max_length=200, blank=True, help_text="Who processes trauma, trained and supervised in it"
    )
    support_plan = models.TextField(max_length=4000, help_text="Who is there after a dose")
    support_contact = models.CharField(max_length=300, help_text="Whom to call")

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{kind}__in": Answer.values for kind in FIT_KINDS})
                & Q(readiness__in=Readiness.values, modality__in=Modality.values),
                name="intake_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(expected_doses__gte=1, expected_doses__lte=MOST_DOSES),
                name="intake_expected_doses_1_to_60",
            ),
            models.CheckConstraint(
                condition=~Q(modality=Modality.OTHER) | ~Q(modality_other=""),
                name="intake_other_modality_named",
            ),
            models.CheckConstraint(
                condition=~Q(modality__in=TRAUMA_PROCESSING) | ~Q(trauma_lead=""),
                name="intake_trauma_lead_named",
            ),
        ]

    def __str__(self) -> str:
        return f"Intake of {self.episode_id}"

    @property
    def fit(self) -> list[tuple[str, str]]:
        """(question, answer) of the four questions of fit."""
        return [(kind.label, Answer(getattr(self, kind)).label) for kind in FIT_KINDS]

    @property
    def fits(self) -> bool:
        """Whether all four are answered with yes."""
        return all(getattr(self, kind) == Answer.YES for kind in FIT_KINDS)
