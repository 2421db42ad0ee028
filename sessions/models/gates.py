"""A gate lifted by a prescriber who answers for it, and what a colleague said of it afterwards."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sessions.enums.gates import Gate
from sessions.models.dosing import DosingSession


class GateOverride(models.Model):
    """One gate of one dose, lifted once, with the reason."""

    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="overrides")
    gate = models.CharField(max_length=12, choices=Gate.choices)
    stood_at = models.CharField(max_length=300, help_text="What the gate said when it was lifted")
    reason = models.CharField(max_length=500)
    overridden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    overridden_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-overridden_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["dosing", "gate"], name="override_once"),
            models.CheckConstraint(
                condition=Q(gate__in=Gate.values) & ~Q(reason=""), name="override_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate} of {self.dosing} lifted"


class OverrideReview(models.Model):
    """What somebody else found about an override. A trigger holds that it is somebody else."""

    override = models.OneToOneField(GateOverride, models.PROTECT, related_name="review")
    finding = models.CharField(max_length=500)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(finding=""), name="override_review_in_words")
        ]

    def __str__(self) -> str:
        return f"Review of {self.override}"
