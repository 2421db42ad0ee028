"""The disclosure ledger: one chain of rows for each client, append-only in the database itself."""

from django.db import models

from consent.enums import Channel


class LedgerHead(models.Model):
    """The end of a client's chain. Disclosing and revoking both lock it, one after the other."""

    client_id = models.BigIntegerField(primary_key=True)
    sequence = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"client {self.client_id}: {self.sequence}"


class Disclosure(models.Model):
    """What was disclosed, to whom, when, why and on which release (45 CFR 164.528(b)(2)).

    No foreign keys, and names as they were then: a row outlives what it speaks of.
    """

    client_id = models.BigIntegerField()
    sequence = models.PositiveIntegerField(help_text="1, 2, 3 … for each client")
    at = models.DateTimeField()
    reader_id = models.BigIntegerField()
    reader_name = models.CharField(max_length=170)
    reader_role = models.CharField(max_length=20)
    organization_id = models.BigIntegerField()
    organization_name = models.CharField(max_length=120)
    organization_address = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=20, help_text="A Purpose or an EmergencyBasis")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    emergency_id = models.BigIntegerField(null=True, help_text="Opened without a release")
    releases = models.JSONField(help_text="ids")
    categories = models.JSONField(help_text="sorted")
    sensitivities = models.JSONField(help_text="sorted")
    items = models.JSONField(help_text="[model, id, category, date, release or null]")
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["client_id", "-sequence"]
        indexes = [models.Index(fields=["-at"], name="disclosure_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["client_id", "sequence"], name="disclosure_sequence_once"
            ),
        ]

    def __str__(self) -> str:
        return f"client {self.client_id} #{self.sequence}"
