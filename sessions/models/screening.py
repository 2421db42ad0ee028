"""What was asked and measured before a dose may be thought of, and what a prescriber made of it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from referrals.enums import Answer
from sessions.enums.screening import PERMITTING, QUESTIONS, ClearanceResult
from sessions.models.clinical import Recorded


def _between(field: str, least: int, most: int) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{field: None}) | Q(**{f"{field}__gte": least, f"{field}__lte": most}),
        name=f"screening_{field}",
    )


def _number(least: int, most: int, **kwargs) -> models.PositiveSmallIntegerField:
    limits = [MinValueValidator(least), MaxValueValidator(most)]
    return models.PositiveSmallIntegerField(null=True, blank=True, validators=limits, **kwargs)


class Screening(Recorded):
    """Answers, allergies, medicines, measurements. What stays empty was not asked."""

    completes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The unfinished one whose answers this one repeats",
    )
    no_known_allergies = models.BooleanField(default=False)
    medicines = models.TextField(max_length=2000, blank=True, help_text="With dose, or “None”")
    systolic = _number(40, 300, help_text="mmHg")
    diastolic = _number(20, 200, help_text="mmHg")
    heart_rate = _number(20, 250, help_text="beats a minute")
    spo2 = _number(50, 100, help_text="%")
    weight_kg = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    height_cm = _number(80, 250)

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(systolic=None, diastolic=None)
                | Q(systolic__gte=40, systolic__lte=300, diastolic__gte=20)
                & Q(diastolic__isnull=False, systolic__isnull=False)
                & Q(diastolic__lt=F("systolic")),
                name="screening_blood_pressure",
            ),
            _between("heart_rate", 20, 250),
            _between("spo2", 50, 100),
            _between("weight_kg", 20, 350),
            _between("height_cm", 80, 250),
        ]

    def __str__(self) -> str:
        return f"Screening of {self.episode_id}"

    @property
    def allergies_words(self) -> str:
        """Penicillin (rash), Latex (hives) · None known · empty where nobody asked."""
        if self.no_known_allergies:
            return "None known"
        return ", ".join(map(str, self.allergies.all()))

    @property
    def pressure(self) -> tuple[int, int] | None:
        """(systolic, diastolic) in mmHg."""
        if self.systolic is None or self.diastolic is None:
            return None
        return self.systolic, self.diastolic


class ScreeningAnswer(models.Model):
    """Yes, no or not known to one contraindication or precaution, with a comment."""

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="answers")
    question = models.CharField(max_length=24, choices=list(QUESTIONS.items()))
    answer = models.CharField(max_length=10, choices=Answer.choices)
    comment = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "question"], name="screeninganswer_question_once"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=Answer.values, question__in=list(QUESTIONS)),
                name="screeninganswer_known",
            ),
            models.CheckConstraint(
                condition=~Q(answer=Answer.YES) | ~Q(comment=""),
                name="screeninganswer_yes_has_a_comment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"


class Allergy(models.Model):
    """To what, and what happens."""

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="allergies")
    substance = models.CharField(max_length=120)
    reaction = models.CharField(max_length=160, help_text="“not known” where nobody knows")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "allergies"
        constraints = [
            models.CheckConstraint(
                condition=~Q(substance="") & ~Q(reaction=""), name="allergy_with_its_reaction"
            )
        ]

    def __str__(self) -> str:
        return f"{self.substance} ({self.reaction})"


class Clearance(Recorded):
    """What a prescriber concludes from one screening; valid until a date."""

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="clearances")
    result = models.CharField(max_length=12, choices=ClearanceResult.choices)
    conditions = models.TextField(max_length=2000, blank=True)
    despite = models.TextField(
        max_length=2000, blank=True, help_text="Why, although something speaks strongly against it"
    )
    valid_until = models.DateField(null=True, blank=True, help_text="The last day it holds")

    class Meta(Recorded.Meta):
        indexes = [models.Index(fields=["valid_until"], name="clearance_by_last_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=ClearanceResult.values), name="clearance_result_known"
            ),
            models.CheckConstraint(
                condition=~Q(result__in=PERMITTING) | Q(valid_until__isnull=False),
                name="clearance_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(result=ClearanceResult.CONDITIONAL) | ~Q(conditions=""),
                name="clearance_states_conditions",
            ),
        ]

    def __str__(self) -> str:
        return f"Clearance of {self.episode_id}"

    @property
    def permits_dosing(self) -> bool:
        return self.result in PERMITTING
