"""What is seen and done beside the client. Rows are history: one is corrected by another."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people.enums import TREATING_ROLES, Role
from people.formats import moment
from sessions.enums import Effect, Sedation, Severity
from sessions.enums.observing import InterventionKind, SessionPhase
from sessions.models.dosing import DosingSession


class ObservedQuerySet(models.QuerySet):
    def current(self):
        """What counts: neither corrected by a later row nor withdrawn."""
        return self.filter(corrected_by=None, entered_in_error=False)


class Observed(models.Model):
    """Appended, never changed; one form gives one row.

    A row that `corrects` another takes its place, with a reason; one that is `entered_in_error`
    says that what it repeats never happened. A trigger holds that both are of one dose.
    """

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, related_name="corrected_by", null=True, blank=True
    )
    entered_in_error = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was corrected")

    objects = ObservedQuerySet.as_manager()

    dosing: Any  # what it is about; each kind has its own
    corrects_id: int | None

    class Meta:
        abstract = True
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects=None, reason="", entered_in_error=False)
                | (Q(corrects__isnull=False) & ~Q(reason="")),
                name="%(class)s_corrected_with_reason",
            )
        ]

    def facts(self) -> dict[str, str]:
        """What it says, by the words that name each part; shown where a part was corrected."""
        return {"Time": moment(self.at)}


class Vitals(Observed):
    """One row of the flow sheet: mmHg, beats and breaths a minute, per cent."""

    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="vitals")
    systolic = models.PositiveSmallIntegerField()
    diastolic = models.PositiveSmallIntegerField()
    heart_rate = models.PositiveSmallIntegerField()
    spo2 = models.PositiveSmallIntegerField()
    respiratory_rate = models.PositiveSmallIntegerField(null=True, blank=True)
    sedation = models.CharField(max_length=12, choices=Sedation.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta(Observed.Meta):
        verbose_name = "vitals"
        constraints = [
            *Observed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(systolic__gte=40, systolic__lte=300, diastolic__gte=20)
                & Q(diastolic__lt=F("systolic")),
                name="vitals_blood_pressure",
            ),
            models.CheckConstraint(
                condition=Q(heart_rate__gte=20, heart_rate__lte=250), name="vitals_heart_rate"
            ),
            models.CheckConstraint(condition=Q(spo2__gte=50, spo2__lte=100), name="vitals_spo2"),
            models.CheckConstraint(
                condition=Q(respiratory_rate=None)
                | Q(respiratory_rate__gte=2, respiratory_rate__lte=60),
                name="vitals_respiratory_rate",
            ),
        ]

    def __str__(self) -> str:
        return f"Vitals of {self.dosing}"

    def facts(self) -> dict[str, str]:
        return {
            "Blood pressure": f"{self.systolic}/{self.diastolic}",
            "Heart rate": str(self.heart_rate),
            "SpO2": f"{self.spo2} %",
            "Breaths": str(self.respiratory_rate or ""),
            "Sedation": self.get_sedation_display(),
            "Note": self.note,
            **super().facts(),
        }


class SideEffect(Observed):
    """A side effect seen or told during the dose."""

    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="side_effects")
    effect = models.CharField(max_length=20, choices=Effect.choices)
    severity = models.CharField(max_length=10, choices=Severity.choices, default=Severity.MILD)
    note = models.CharField(max_length=200, blank=True)

    class Meta(Observed.Meta):
        verbose_name = "side effect"
        constraints = [
            *Observed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(effect__in=Effect.values, severity__in=Severity.values),
                name="side_effect_known",
            ),
            models.CheckConstraint(
                condition=~Q(effect=Effect.OTHER) | ~Q(note=""), name="side_effect_other_in_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effect} in {self.dosing}"

    @property
    def sentence(self) -> str:
        words = f"{self.get_effect_display()}, {self.get_severity_display().lower()}."
        return f"{words} {self.note}".strip()

    def facts(self) -> dict[str, str]:
        return {"It": self.sentence, **super().facts()}


class Intervention(Observed):
    """Something that was done for the client during the dose."""

    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="interventions")
    kind = models.CharField(max_length=20, choices=InterventionKind.choices)
    note = models.CharField(max_length=200, blank=True)

    class Meta(Observed.Meta):
        verbose_name = "intervention"
        constraints = [
            *Observed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=InterventionKind.values), name="intervention_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind=InterventionKind.OTHER) | ~Q(note=""),
                name="intervention_other_in_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.dosing}"

    @property
    def sentence(self) -> str:
        return f"{self.get_kind_display()}. {self.note}".strip()

    def facts(self) -> dict[str, str]:
        return {"It": self.sentence, **super().facts()}


class PhaseMark(Observed):
    """That a phase of the session begins, as whoever is beside the client sees it."""

    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="phase_marks")
    phase = models.CharField(max_length=12, choices=SessionPhase.choices)

    class Meta(Observed.Meta):
        verbose_name = "phase"
        constraints = [
            *Observed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(phase__in=SessionPhase.values), name="phase_mark_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase} of {self.dosing}"

    @property
    def sentence(self) -> str:
        return f"{self.get_phase_display()} begins."

    def facts(self) -> dict[str, str]:
        return {"It": self.sentence, **super().facts()}


class Presence(Observed):
    """That somebody of the staff came into the room, or left it, in the role they have."""

    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="presences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    is_here = models.BooleanField()

    class Meta(Observed.Meta):
        verbose_name = "presence"
        constraints = [
            *Observed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(role__in=sorted(TREATING_ROLES)), name="presence_of_treating_staff"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.dosing}"

    @property
    def sentence(self) -> str:
        what = "comes in" if self.is_here else "leaves the room"
        return f"{self.person} ({self.get_role_display()}) {what}."

    def facts(self) -> dict[str, str]:
        return {"It": self.sentence, **super().facts()}
