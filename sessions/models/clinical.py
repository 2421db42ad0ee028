"""What is recorded before a dose: intake, screening and clearance, preparation."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from referrals.enums import Answer
from sessions.enums import ClearanceResult, Contraindication
from sessions.models.episodes import EpisodeOfCare


class Recorded(models.Model):
    """Written once by one person; the same form sent twice gives one row."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="%(class)ss")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["-recorded_at", "-pk"]


class Intake(Recorded):
    """Behavioural-health intake."""

    goals = models.TextField(max_length=4000)
    readiness = models.TextField(max_length=4000)
    modality = models.CharField(max_length=120, help_text="Therapy modality")
    support_plan = models.TextField(max_length=4000)

    def __str__(self) -> str:
        return f"Intake of {self.episode}"


class Clearance(Recorded):
    """Medical screening and its result, given by a prescriber and valid until a date."""

    result = models.CharField(max_length=12, choices=ClearanceResult.choices)
    conditions = models.TextField(max_length=2000, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="The last day it holds")
    allergies = models.CharField(max_length=300, help_text="With reaction; “None known” if none")
    medicines = models.TextField(max_length=2000, blank=True)
    weight_kg = models.DecimalField(max_digits=5, decimal_places=1)
    systolic = models.PositiveSmallIntegerField()
    diastolic = models.PositiveSmallIntegerField()

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(result__in=[ClearanceResult.CLEARED, ClearanceResult.CONDITIONAL])
                | Q(valid_until__isnull=False),
                name="clearance_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(result=ClearanceResult.CONDITIONAL) | ~Q(conditions=""),
                name="clearance_states_conditions",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg__gte=20, weight_kg__lte=350), name="clearance_weight_kg"
            ),
            models.CheckConstraint(
                condition=Q(systolic__gte=40, systolic__lte=300, diastolic__gte=20)
                & Q(diastolic__lt=models.F("systolic")),
                name="clearance_blood_pressure",
            ),
        ]

    def __str__(self) -> str:
        return f"Clearance of {self.episode}"

    @property
    def permits_dosing(self) -> bool:
        return self.result in (ClearanceResult.CLEARED, ClearanceResult.CONDITIONAL)


class ContraindicationAnswer(models.Model):
    """Yes, no or not known to one contraindication, with a comment."""

    clearance = models.ForeignKey(Clearance, models.CASCADE, related_name="answers")
    condition = models.CharField(max_length=24, choices=Contraindication.choices)
    answer = models.CharField(max_length=10, choices=Answer.choices)
    comment = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clearance", "condition"], name="contraindication_once"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=Answer.values, condition__in=Contraindication.values),
                name="contraindication_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.condition}: {self.answer}"


class PreparationSession(Recorded):
    """Preparation held by the clinic, usually 24–72 h before a dose."""

    held_at = models.DateTimeField()
    intentions = models.TextField(max_length=4000)
    coping_tools = models.TextField(max_length=4000, blank=True)
    themes = models.TextField(max_length=4000, blank=True)
    expectations_discussed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"Preparation of {self.episode}"
