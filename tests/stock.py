"""A clinic's drug cupboard, filled and used with the real actions."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from sessions.actions import counting, stock, stock_checks
from sessions.models import Discrepancy, DosingSession, StockEntry, Vial
from tests.factories import INTERNAL, Cast

ADDRESS = f"{INTERNAL}address"


def label(**changes) -> dict:
    return {
        "drug": "ketamine",
        "formulation": "injection",
        "strength_mg": Decimal(50),
        "size": Decimal(10),
        "lot": "A17",
        "expires_on": timezone.localdate() + timedelta(days=200),
        "supplier": "Northfield Medical Supply",
        "invoice": "INV-1",
        **changes,
    }


class Cupboard:
    """The clinic's. The nurse writes; the prescriber is the second person."""

    def __init__(self, cast: Cast):
        self.cast = cast

    def receive(self, how_many: int = 1, by=None, **changes) -> list[Vial]:
        by, key = by or self.cast.nurse, changes.pop("form_key", None) or uuid4()
        clinic, at = changes.pop("clinic", self.cast.clinic), changes.pop("at", None)
        return stock.receive_vials(
            by=by, clinic=clinic, form_key=key, label=label(**changes), how_many=how_many, at=at
        )

    def vial(self, **changes) -> Vial:
        return self.receive(**changes)[0]

    def draw(self, vial: Vial, dosing: DosingSession, mg="60", by=None, **changes) -> StockEntry:
        usual = {"form_key": uuid4(), "address": ADDRESS}
        by = by or self.cast.nurse
        given = {"dosing": dosing, "vial": vial, "amount_mg": Decimal(mg)}
        return stock.draw(by=by, **given, **{**usual, **changes})

    def waste(self, vial: Vial, mg="20", by=None, **changes) -> StockEntry:
        usual = {"form_key": uuid4(), "note": f"{INTERNAL}broken"}
        by = by or self.cast.nurse
        return stock.waste_from_vial(
            by=by, vial=vial, amount_mg=Decimal(mg), **{**usual, **changes}
        )

    def rest(self, drawn: StockEntry, mg="10", by=None, **changes) -> StockEntry:
        usual = {"form_key": uuid4(), "amount_mg": Decimal(mg)}
        return stock.waste_rest(by=by or self.cast.nurse, drawn=drawn, **{**usual, **changes})

    def count(self, found: dict[Vial, str], by=None, **changes) -> list[StockEntry]:
        usual = {"form_key": uuid4(), "occasion": "open"}
        mg = {vial: Decimal(each) for vial, each in found.items()}
        by, clinic = by or self.cast.nurse, self.cast.clinic
        return counting.count_vials(by=by, clinic=clinic, found=mg, **{**usual, **changes})

    def confirm(self, entry: StockEntry, by=None, form_key=None) -> StockEntry:
        by, key = by or self.cast.prescriber, form_key or uuid4()
        return stock_checks.confirm(by=by, entry=entry, form_key=key)

    def dispute(self, entry: StockEntry, by=None, **changes) -> StockEntry:
        usual = {"form_key": uuid4(), "note": "I was not in the room"}
        by = by or self.cast.prescriber
        return stock_checks.dispute(by=by, entry=entry, **{**usual, **changes})

    def ask(self, entry: StockEntry, by=None, **changes) -> StockEntry:
        usual = {"form_key": uuid4(), "note": "A nought too many"}
        by = by or self.cast.nurse
        return stock_checks.ask_correction(by=by, entry=entry, **{**usual, **changes})

    def resolve(self, discrepancy, by=None, **changes):
        usual = {"finding": "fill", "explanation": "A drop stayed in the neck"}
        usual["set_to_count"] = False
        by = by or self.cast.prescriber
        return counting.resolve_discrepancy(by=by, discrepancy=discrepancy, **{**usual, **changes})


def balance(vial: Vial) -> Decimal:
    return Vial.objects.with_balance().get(pk=vial.pk).balance_mg


def kinds(vial: Vial) -> list[str]:
    return list(vial.entries.order_by("sequence").values_list("kind", flat=True))


def stocked(cast: Cast, dosing: DosingSession) -> tuple[Vial, StockEntry, Discrepancy]:
    """A vial, a draw from it for this dose whose rest is wasted, and a count that differs."""
    cupboard = Cupboard(cast)
    vial = cupboard.vial(at=timezone.now() - timedelta(minutes=1))
    drawn = cupboard.draw(vial, dosing, "60")
    cupboard.rest(drawn, note=f"{INTERNAL}rest")
    cupboard.count({vial: "430"})
    return vial, drawn, Discrepancy.objects.latest("pk")


def refused(field: str | None, action, *args, **kwargs) -> str:
    """The sentence with which `action` is refused, beside `field` (None: beside nothing)."""
    with pytest.raises(ValidationError) as error:
        action(*args, **kwargs)
    assert list(getattr(error.value, "error_dict", {None: None})) == [field]
    return error.value.messages[0]


def events() -> list[str]:
    found = AuditEvent.objects.filter(event__regex="^(stock|discrepancy)").order_by("pk")
    return [event.event for event in found]
