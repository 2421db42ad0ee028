"""What the clinic answers."""

from django.db import models
from django.db.models import Q

from consent.enums import Category
from consent.models import DisclosableItem
from referrals.enums import REPLY_REASONS, ReplyKind
from referrals.models.referral import Referral


class ClinicReply(DisclosableItem):
    """What the clinic answers. Even "accepted" is health information, so it is a readiness item."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReplyKind.choices)
    reason = models.CharField(max_length=20, blank=True, help_text="AskReason or DeclineReason")
    text = models.TextField(max_length=4000, blank=True)

    class Meta(DisclosableItem.Meta):
        verbose_name = "answer to the referral"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(category=Category.READINESS), name="clinicreply_is_readiness"
            ),
            models.CheckConstraint(
                condition=Q(
                    (~Q(kind__in=list(REPLY_REASONS)) & Q(reason="")),
                    *[Q(kind=k, reason__in=each.values) for k, each in REPLY_REASONS.items()],
                    _connector=Q.OR,
                ),
                name="clinicreply_reason_of_kind",
            ),
        ]

    @property
    def reason_label(self) -> str:
        """The reason in words; nothing where it is another than those of the list."""
        if not self.reason or self.reason == "other":
            return ""
        return str(REPLY_REASONS[self.kind](self.reason).label)

    def __str__(self) -> str:
        return f"{self.kind} of {self.referral_id}"
