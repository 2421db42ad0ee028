"""What the clinic answers."""

from django.db import models
from django.db.models import Q

from consent.enums import Category
from consent.models import DisclosableItem
from referrals.enums import ReplyKind
from referrals.models.referral import Referral


class ClinicReply(DisclosableItem):
    """What the clinic answers. Even "accepted" is health information, so it is a readiness item."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReplyKind.choices)
    text = models.TextField(max_length=4000, blank=True)

    class Meta(DisclosableItem.Meta):
        verbose_name = "answer to the referral"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(category=Category.READINESS), name="clinicreply_is_readiness"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.referral_id}"
