"""What is recorded before a dose: the order, who the client is, the checks, the way home.

Rows are history: the newest of a kind counts.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from sessions.enums.dosing import Route
from sessions.enums.gates import PreDoseItem
from sessions.models.dosing import MOST_MG, DosingSession


class BeforeDose(models.Model):
    """Written once by one person about one dose; the same form sent twice gives one row."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="%(class)ss")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["-recorded_at", "-pk"]


class DoseOrder(BeforeDose):
    """What a prescriber orders, in mg. Changing it is ordering anew."""

    route = models.CharField(max_length=12, choices=Route.choices)
    dose_mg = models.DecimalField(max_digits=6, decimal_places=2)
    instructions = models.CharField(max_length=300, blank=True)
    despite = models.CharField(
        max_length=300, blank=True, help_text="Why, although something weighs strongly against it"
    )
    weighed = models.JSONField(default=list, help_text="The warnings that were shown, in words")

    class Meta(BeforeDose.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(dose_mg__gt=0, dose_mg__lte=MOST_MG), name="order_mg_above_0_to_1000"
            ),
            models.CheckConstraint(condition=Q(route__in=Route.values), name="order_route_known"),
        ]

    def __str__(self) -> str:
        return f"Order for {self.dosing}"


class IdentityCheck(BeforeDose):
    """The date of birth as somebody beside the client heard and typed it. A trigger compares it."""

    date_of_birth = models.DateField()

    def __str__(self) -> str:
        return f"Identity before {self.dosing}"


class PreDoseCheck(BeforeDose):
    """Every question of `PreDoseItem`, and today's weight."""

    weight_kg = models.DecimalField(max_digits=5, decimal_places=1)
    concern = models.CharField(max_length=300, blank=True, help_text="What a “no” is about")

    class Meta(BeforeDose.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(weight_kg__gte=20, weight_kg__lte=350), name="predose_weight_kg"
            )
        ]

    def __str__(self) -> str:
        return f"Checks before {self.dosing}"

    @property
    def concerns(self) -> list[str]:
        """The questions answered with no, in words."""
        return [PreDoseItem(a.item).label for a in self.answers.all() if not a.is_so]


class PreDoseAnswer(models.Model):
    """Yes or no to one question."""

    check_made = models.ForeignKey(PreDoseCheck, models.CASCADE, related_name="answers")
    item = models.CharField(max_length=12, choices=PreDoseItem.choices)
    is_so = models.BooleanField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["check_made", "item"], name="predose_asked_once"),
            models.CheckConstraint(
                condition=Q(item__in=PreDoseItem.values), name="predose_item_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.is_so}"


class EscortPlan(BeforeDose):
    """Who takes the client home, arranged before the dose."""

    name = models.CharField(max_length=120)
    reached_by = models.CharField(max_length=120, help_text="A phone number, or how else")

    class Meta(BeforeDose.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(reached_by=""), name="escort_named_and_reached"
            )
        ]

    def __str__(self) -> str:
        return f"Escort after {self.dosing}"
