"""What the practice says of the client."""

from django.db import models
from django.db.models import Q

from consent.models import DisclosableItem
from referrals.enums import CATEGORY_OF, Answer, ContextKind, ReferralState
from referrals.models.referral import Referral


class ContextItem(DisclosableItem):
    """One thing the practice says of the client. The clinic reads it where a release covers it."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=ContextKind.choices)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    text = models.TextField(max_length=8000, blank=True)

    read_with = (*DisclosableItem.read_with, "referral")

    class Meta(DisclosableItem.Meta):
        verbose_name = "what the practice told the clinic"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.UniqueConstraint(
                fields=["referral", "kind"],
                condition=~Q(kind=ContextKind.ADDITION),
                name="contextitem_kind_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    *[Q(kind=kind, category=category) for kind, category in CATEGORY_OF.items()],
                    _connector=Q.OR,
                ),
                name="contextitem_category_of_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.referral_id}"

    def cross(self) -> None:
        """Of a referral that was entered in error no word reaches the clinic."""
        if self.referral.state == ReferralState.IN_ERROR:
            self.text = self.answer = ""
