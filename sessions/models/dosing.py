"""The dose, from planned to discharged."""

import uuid
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent.models import TreatmentConsent
from sessions.enums import Route
from sessions.models.episodes import EpisodeOfCare

# Beyond any dose reported for any route: past it a unit or a decimal point is wrong.
MOST_MG = 1000


class DosingSession(models.Model):
    """One dose, from planned to discharged."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="doses")
    number = models.PositiveSmallIntegerField()
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    route = models.CharField(max_length=12, choices=Route.choices, blank=True)
    dose_mg = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    weight_kg = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    # The clinic's day of it, and what it was given on: a trigger asks for each, or for an override.
    given_on = models.DateField(null=True, blank=True)
    order = models.OneToOneField(
        "DoseOrder", models.PROTECT, related_name="+", null=True, blank=True
    )
    clearance = models.ForeignKey(
        "Clearance", models.PROTECT, related_name="+", null=True, blank=True
    )
    consent = models.ForeignKey(
        TreatmentConsent, models.PROTECT, related_name="+", null=True, blank=True
    )
    identity = models.ForeignKey(
        "IdentityCheck", models.PROTECT, related_name="+", null=True, blank=True
    )
    checks = models.ForeignKey(
        "PreDoseCheck", models.PROTECT, related_name="+", null=True, blank=True
    )
    escort_plan = models.ForeignKey(
        "EscortPlan", models.PROTECT, related_name="+", null=True, blank=True
    )

    discharged_at = models.DateTimeField(null=True, blank=True)
    discharged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    mental_status = models.CharField(max_length=300, blank=True)
    escort = models.CharField(max_length=120, blank=True)
    left_against = models.TextField(blank=True, help_text="The warnings when they left, by line")
    left_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["episode", "number"]
        indexes = [models.Index(fields=["planned_at"], name="dose_by_plan")]
        constraints = [
            models.UniqueConstraint(fields=["episode", "number"], name="dose_number_once"),
            models.CheckConstraint(
                condition=Q(dose_mg=None) | Q(dose_mg__gt=0, dose_mg__lte=MOST_MG),
                name="dose_mg_above_0_to_1000",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg=None) | Q(weight_kg__gte=20, weight_kg__lte=350),
                name="dose_weight_kg",
            ),
            models.CheckConstraint(
                condition=Q(given_at=None, given_by=None, dose_mg=None, route="", given_on=None)
                | (
                    Q(given_at__isnull=False, given_by__isnull=False, dose_mg__isnull=False)
                    & Q(weight_kg__isnull=False, route__in=Route.values, cancelled_at=None)
                    & Q(given_on__isnull=False, order__isnull=False)
                ),
                name="dose_given_whole",
            ),
            models.CheckConstraint(
                condition=Q(discharged_at=None, discharged_by=None, judged_by=None)
                | (
                    Q(discharged_at__gt=F("given_at"), discharged_by__isnull=False)
                    & Q(judged_by__isnull=False)
                    & ~Q(escort="")
                    & ~Q(mental_status="")
                ),
                name="dose_discharged_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"Dose {self.number} of {self.episode}"

    @property
    def at(self):
        """When it was given, or is planned."""
        return self.given_at or self.planned_at

    @property
    def note(self):
        """The continuity note that holds, drafted or signed; None before it and after a mistake."""
        notes = self.notes.all()
        return next((n for n in notes if n.adds_to_id is None and n.in_error_at is None), None)

    @property
    def mg_per_kg(self) -> Decimal | None:
        if self.dose_mg is None or not self.weight_kg:
            return None
        return (self.dose_mg / self.weight_kg).quantize(Decimal("0.01"), ROUND_HALF_UP)


class DoseCorrection(models.Model):
    """What the record said of a dose that was given, and what it says since. Appended."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="corrections")
    was_given_at = models.DateTimeField()
    was_mg = models.DecimalField(max_digits=6, decimal_places=2)
    given_at = models.DateTimeField()
    dose_mg = models.DecimalField(max_digits=6, decimal_places=2)
    reason = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="")
                & (~Q(given_at=F("was_given_at")) | ~Q(dose_mg=F("was_mg"))),
                name="dose_corrected_with_reason",
            )
        ]

    def __str__(self) -> str:
        return f"Correction of {self.dosing}"
