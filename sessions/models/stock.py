"""The drug log: what the clinic holds, vial by vial, and one chain of entries for each vial.

Entries are appended and never changed. Each holds the balance after it, and the database itself
refuses one whose balance is not that of the entry before plus its change, or is below nothing
(`sessions/migrations/…_stock_triggers.py`). Kept for good: the law asks for two years
(21 CFR 1304.04).
"""

import uuid
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from people.formats import amount
from people.models import Organization
from sessions.enums.stock import Drug, EntryKind, Finding, Formulation, Occasion
from sessions.models.dosing import DosingSession
from sessions.querysets import StockQuerySet, VialQuerySet

K = EntryKind
HUNDREDTH = Decimal("0.01")
LATE = timedelta(minutes=15)
TAKES_AWAY = Q(change_mg=-F("amount_mg"))
LEAVES = Q(change_mg=0)
ADDS = Q(change_mg=F("amount_mg"))
# What each kind does to the balance, and what it has to name.
MEANING = (
    Q(kind=K.RECEIVED, amount_mg__gt=0, about=None, dosing=None) & ADDS
    | Q(kind=K.DRAWN, amount_mg__gt=0, about=None, dosing__isnull=False)
    & ~Q(address="")
    & TAKES_AWAY
    | Q(kind=K.WASTED, amount_mg__gt=0, about=None, dosing=None) & ~Q(note="") & TAKES_AWAY
    | Q(kind=K.WASTED, amount_mg__gt=0, about__isnull=False, dosing__isnull=False) & LEAVES
    | Q(kind=K.COUNTED, amount_mg__gte=0, about=None, dosing=None) & ~Q(occasion="") & LEAVES
    | Q(kind=K.ADJUSTED, amount_mg__gt=0, about__isnull=False) & (TAKES_AWAY | ADDS)
    | Q(kind=K.CORRECTION_ASKED, amount_mg=0, about__isnull=False) & ~Q(note="") & LEAVES
    | Q(kind=K.CORRECTED, about__isnull=False) & (TAKES_AWAY | ADDS | LEAVES)
    | Q(kind=K.WITNESSED, amount_mg=0, about__isnull=False) & LEAVES
    | Q(kind=K.DISPUTED, amount_mg=0, about__isnull=False) & ~Q(note="") & LEAVES
)


def milligrams(**kwargs) -> models.DecimalField:
    return models.DecimalField(max_digits=8, decimal_places=2, **kwargs)


class Vial(models.Model):
    """One vial as its label has it; a pack of lozenges or a spray is kept the same way."""

    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="Written on the vial; counted by the clinic")
    drug = models.CharField(max_length=20, choices=Drug.choices)
    formulation = models.CharField(max_length=20, choices=Formulation.choices)
    strength_mg = milligrams(help_text="In one unit: 1 ml, 1 spray, 1 lozenge")
    size = models.DecimalField(max_digits=6, decimal_places=2, help_text="How many units it holds")
    lot = models.CharField(max_length=40)
    expires_on = models.DateField(help_text="The last day on which it may be drawn from")
    supplier = models.CharField(max_length=120)
    invoice = models.CharField(max_length=40, blank=True)

    # As `with_balance()` reads it.
    balance_mg: Decimal
    counted_at: datetime | None

    objects = VialQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="vial_number_once"),
            models.CheckConstraint(
                condition=Q(drug__in=Drug.values, formulation__in=Formulation.values),
                name="vial_known",
            ),
            models.CheckConstraint(
                condition=Q(strength_mg__gt=0, strength_mg__lte=1000, size__gt=0, size__lte=1000),
                name="vial_strength_and_size_to_1000",
            ),
            models.CheckConstraint(condition=~Q(lot="") & ~Q(supplier=""), name="vial_has_a_lot"),
        ]

    def __str__(self) -> str:
        return f"Vial {self.number}"

    @property
    def unit(self) -> str:
        return Formulation(self.formulation).unit

    @property
    def contents_mg(self) -> Decimal:
        """What it holds when it is full, in mg to the hundredth."""
        return (self.strength_mg * self.size).quantize(HUNDREDTH, ROUND_HALF_UP)

    @property
    def strength(self) -> str:
        """50 mg/ml."""
        return f"{amount(self.strength_mg)}/{self.unit}"

    @property
    def product(self) -> str:
        """Drug, form and strength: what may stand in for it."""
        form = self.get_formulation_display().lower()
        return f"{self.get_drug_display()}, {form}, {self.strength}"

    @property
    def left(self) -> str:
        """Its balance in units: 9.276 ml."""
        return self.in_units(self.balance_mg)

    def mg_of(self, units: Decimal) -> Decimal:
        """Units (ml, sprays, lozenges) in mg to the hundredth."""
        return (units * self.strength_mg).quantize(HUNDREDTH, ROUND_HALF_UP)

    def in_units(self, mg: Decimal) -> str:
        """463.8 mg of 50 mg/ml: 9.276 ml."""
        units = (mg / self.strength_mg).quantize(Decimal("0.001"), ROUND_HALF_UP)
        many = "" if self.unit == "ml" or units == 1 else "s"
        return amount(units, f"{self.unit}{many}")


class StockEntry(models.Model):
    """One line of a vial's log: who, when, what it did, and the balance after it, in mg."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    vial = models.ForeignKey(Vial, models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField(help_text="1, 2, 3 … in each vial")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    amount_mg = milligrams(help_text="What the line speaks of; of a count, what was found")
    change_mg = milligrams(help_text="What it did to the balance")
    balance_mg = milligrams()
    dosing = models.ForeignKey(
        DosingSession, models.PROTECT, related_name="stock_entries", null=True, blank=True
    )
    about = models.ForeignKey("self", models.PROTECT, related_name="answers", null=True, blank=True)
    occasion = models.CharField(max_length=8, choices=Occasion.choices, blank=True)
    # As it was on that day: 21 CFR 1304.22(c) asks for the address of the person.
    address = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    day = models.DateField(help_text="The day of `at` where the clinic is")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = StockQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["day"], name="stock_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["vial", "sequence"], name="stock_sequence_once"),
            models.UniqueConstraint(
                fields=["about"],
                condition=Q(kind__in=[K.WITNESSED, K.DISPUTED]),
                name="stock_second_person_once",
            ),
            models.UniqueConstraint(
                fields=["about"], condition=Q(kind=K.CORRECTED), name="stock_taken_back_once"
            ),
            models.UniqueConstraint(
                fields=["about"], condition=Q(kind=K.ADJUSTED), name="stock_set_to_a_count_once"
            ),
            models.CheckConstraint(condition=Q(balance_mg__gte=0), name="stock_never_below_0"),
            models.CheckConstraint(condition=MEANING, name="stock_entry_means_what_it_says"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.kind}"

    @property
    def reference(self) -> str:
        """Vial and line, as people name an entry: 12/3."""
        return f"{self.vial.number}/{self.sequence}"

    @property
    def undone_mg(self) -> Decimal:
        """What taking it back does to the balance."""
        return -self.change_mg

    @property
    def amount_in_units(self) -> str:
        return self.vial.in_units(self.amount_mg)

    @property
    def balance_in_units(self) -> str:
        return self.vial.in_units(self.balance_mg)

    @property
    def second_person(self) -> "StockEntry | None":
        """What a second person answered, if they did; read from `answers`, as loaded."""
        return self._answer(K.WITNESSED, K.DISPUTED)

    @property
    def taken_back_by(self) -> "StockEntry | None":
        return self._answer(K.CORRECTED)

    @property
    def late(self) -> bool:
        """Entered more than a quarter of an hour after it was."""
        return self.recorded_at - self.at > LATE

    def _answer(self, *kinds: EntryKind) -> "StockEntry | None":
        return next((each for each in self.answers.all() if each.kind in kinds), None)


class Discrepancy(models.Model):
    """What a count or a second person found to be otherwise, until somebody else explains it."""

    entry = models.OneToOneField(StockEntry, models.PROTECT, related_name="discrepancy")
    difference_mg = milligrams(help_text="Found less expected: below 0 something is missing")
    raised_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    finding = models.CharField(max_length=16, choices=Finding.choices, blank=True)
    explanation = models.CharField(max_length=1000, blank=True)
    notice_sent_on = models.DateField(null=True, blank=True, help_text="To the DEA, if lost")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(difference_mg=0), name="discrepancy_differs"),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None, finding="", explanation="")
                | (
                    Q(resolved_at__isnull=False, resolved_by__isnull=False)
                    & Q(finding__in=Finding.values)
                    & ~Q(explanation="")
                ),
                name="discrepancy_resolved_whole",
            ),
            models.CheckConstraint(
                condition=~Q(finding=Finding.LOST) | Q(notice_sent_on__isnull=False),
                name="discrepancy_loss_was_notified",
            ),
        ]

    def __str__(self) -> str:
        return f"Discrepancy {self.pk}"

    @property
    def missing(self) -> bool:
        return self.difference_mg < 0

    @property
    def words(self) -> str:
        """2 mg missing, 1.5 mg too much."""
        return f"{amount(abs(self.difference_mg))} {'missing' if self.missing else 'too much'}"
