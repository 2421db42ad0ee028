"""What was confirmed before the client left."""

from django.db import models
from django.db.models import Q

from sessions.enums import DischargeCheck
from sessions.models.dosing import DosingSession


class DischargeConfirmation(models.Model):
    """One check of a discharge. A trigger refuses a discharge that has not all of them."""

    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="confirmations")
    check_made = models.CharField(max_length=12, choices=DischargeCheck.choices)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dosing", "check_made"], name="discharge_confirmed_once"
            ),
            models.CheckConstraint(
                condition=Q(check_made__in=DischargeCheck.values), name="discharge_check_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_made} of {self.dosing}"
