"""Records that a clinic found to be of one person, or of two.

Each practice makes its own record of whom it refers, so a clinic may hold two of one person. A
merge moves nothing: it appends that they belong together. Releases, ledger and history stay with
the record they were made for, so that what was signed for one opens nothing of the other.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from people.models.accounts import Organization, User
from people.models.clients import Client


class ClientMerge(models.Model):
    """`clinic` holds `merged` and `survivor` to be one person, and goes on with `survivor`."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    merged = models.ForeignKey(Client, models.PROTECT, related_name="+")
    survivor = models.ForeignKey(Client, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, help_text="How it is known that they are one")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "merged"], name="clientmerge_once"),
            models.CheckConstraint(
                condition=~Q(merged=F("survivor")), name="clientmerge_of_two_records"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="clientmerge_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} is {self.survivor_id}"


class TwoPeople(models.Model):
    """`clinic` looked at two records that are alike, and they are of two people."""

    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    lower = models.ForeignKey(Client, models.PROTECT, related_name="+")
    higher = models.ForeignKey(Client, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "lower", "higher"], name="twopeople_once"),
            models.CheckConstraint(condition=Q(lower__lt=F("higher")), name="twopeople_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.lower_id} is not {self.higher_id}"
