"""What comes into the drug log and what leaves it: vials received, drawn from, wasted."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Sum

from audit.record import record
from people.concurrency import row_of_form
from people.formats import amount, day
from people.models import Organization, User
from sessions.actions.stock_ledger import (
    NOTHING,
    append,
    check_amount,
    check_moment,
    day_at,
    key_of,
    locked,
)
from sessions.enums.stock import EntryKind
from sessions.models import DosingSession, StockEntry, Vial
from sessions.permissions import check_user_can_keep_stock

MOST_AT_ONCE = 100  # vials in one delivery


@transaction.atomic
def receive_vials(
    *,
    by: User,
    clinic: Organization,
    form_key: UUID,
    label: Mapping[str, Any],
    how_many: int = 1,
    at: datetime | None = None,
) -> list[Vial]:
    """Vials that came together, each with a number of its own and its contents as first entry.

    `label`: drug, formulation, strength_mg (in one unit), size (units), lot, expires_on, supplier,
    invoice. The same form sent twice gives the same vials. Raises ValidationError for a label that
    cannot be, vials past their date, or a number outside 1–100.
    """
    check_user_can_keep_stock(by, clinic.pk)
    clinic = Organization.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    if row_of_form(StockEntry.objects, key_of(form_key, 1), recorded_by_id=by.pk):
        keys = [key_of(form_key, each) for each in range(1, MOST_AT_ONCE + 1)]
        return list(Vial.objects.filter(entries__form_key__in=keys))
    if not 1 <= how_many <= MOST_AT_ONCE:
        raise ValidationError({"how_many": f"Enter a number from 1 to {MOST_AT_ONCE}."})
    if label["expires_on"] < clinic.today:
        raise ValidationError({"expires_on": "This day has passed. Send the vials back."})
    check_moment(at)
    last = Vial.objects.filter(clinic=clinic).aggregate(last=Max("number"))["last"] or 0
    vials = []
    for each in range(1, how_many + 1):
        vial = Vial(clinic=clinic, number=last + each, **label)
        vial.full_clean(exclude=["clinic"])
        vial.save(force_insert=True)
        append(
            by=by,
            vial=vial,
            kind=EntryKind.RECEIVED,
            form_key=key_of(form_key, each),
            at=at,
            amount_mg=vial.contents_mg,
            change_mg=vial.contents_mg,
        )
        vials.append(vial)
    return vials


@transaction.atomic
def draw(
    *,
    by: User,
    dosing: DosingSession,
    vial: Vial,
    form_key: UUID,
    amount_mg: Decimal,
    address: str,
    at: datetime | None = None,
) -> StockEntry:
    """Draw mg from a vial for a dose; `address` is the client's, as the law asks for it.

    Raises ValidationError for a dose of another clinic or a cancelled one, a vial past its date,
    and for more than the vial holds: of many who draw at once, only what is there goes out.
    """
    check_user_can_keep_stock(by, dosing.episode.clinic_id)
    rows = DosingSession.objects.select_for_update(of=("self",), no_key=True)
    dosing, vial = rows.select_related("episode").get(pk=dosing.pk), locked(vial.pk)
    same = {"kind": EntryKind.DRAWN, "vial_id": vial.pk, "dosing_id": dosing.pk}
    if existing := row_of_form(StockEntry.objects, form_key, **same):
        return existing
    if vial.clinic_id != dosing.episode.clinic_id:
        raise ValidationError({"vial": "This vial is not of your clinic."})
    if dosing.cancelled_at:
        raise ValidationError("This dose was cancelled. Nothing is drawn for it.")
    check_amount(amount_mg)
    check_moment(at, since=vial.entries.get(sequence=1).at)
    if vial.expires_on < day_at(vial.clinic, at):
        raise ValidationError({"vial": f"{vial} expired on {day(vial.expires_on)}. Waste it."})
    if not address.strip():
        raise ValidationError({"address": "Enter the client’s address, or “No fixed address”."})
    return append(
        by=by,
        vial=vial,
        kind=EntryKind.DRAWN,
        form_key=form_key,
        at=at,
        amount_mg=amount_mg,
        change_mg=-amount_mg,
        dosing=dosing,
        address=address.strip(),
    )


@transaction.atomic
def waste_from_vial(
    *,
    by: User,
    vial: Vial,
    form_key: UUID,
    amount_mg: Decimal,
    note: str,
    at: datetime | None = None,
) -> StockEntry:
    """Waste mg that are still in a vial: expired, broken, left over. `note` says why and how.

    It has left the vial, so the balance goes down at once; the entry waits for a second person.
    """
    check_user_can_keep_stock(by, vial.clinic_id)
    vial = locked(vial.pk)
    same = {"kind": EntryKind.WASTED, "vial_id": vial.pk, "about_id": None}
    if existing := row_of_form(StockEntry.objects, form_key, **same):
        return existing
    check_amount(amount_mg)
    check_moment(at, since=vial.entries.get(sequence=1).at)
    if not note.strip():
        raise ValidationError({"note": "Say why it was wasted, and how."})
    return append(
        by=by,
        vial=vial,
        kind=EntryKind.WASTED,
        form_key=form_key,
        at=at,
        amount_mg=amount_mg,
        change_mg=-amount_mg,
        note=note.strip(),
    )


@transaction.atomic
def waste_rest(
    *,
    by: User,
    drawn: StockEntry,
    form_key: UUID,
    amount_mg: Decimal,
    note: str = "",
    at: datetime | None = None,
) -> StockEntry:
    """Waste what was drawn and not given. It left the vial when it was drawn: no balance changes.

    Raises ValidationError for more than was drawn, or, once the dose is given, than its rest.
    """
    check_user_can_keep_stock(by, drawn.vial.clinic_id)
    if drawn.kind != EntryKind.DRAWN:
        raise ValidationError("This is no draw. Only what was drawn has a rest.")
    vial = locked(drawn.vial_id)
    same = {"kind": EntryKind.WASTED, "about_id": drawn.pk}
    if existing := row_of_form(StockEntry.objects, form_key, **same):
        return existing
    check_amount(amount_mg)
    check_moment(at, since=drawn.at)
    left = rest_of(drawn)
    if amount_mg > left:
        raise ValidationError(
            {"amount_mg": f"At most {amount(left)}: the rest was given, or wasted already."}
            if left
            else {"amount_mg": "All of this draw was given, or wasted already."}
        )
    return append(
        by=by,
        vial=vial,
        kind=EntryKind.WASTED,
        form_key=form_key,
        at=at,
        amount_mg=amount_mg,
        about=drawn,
        dosing=drawn.dosing,
        note=note.strip(),
    )


def rest_of(drawn: StockEntry) -> Decimal:
    """How many mg of a draw may still be wasted: neither wasted nor, as recorded, given."""
    if not StockEntry.objects.standing().filter(pk=drawn.pk).exists():
        return NOTHING
    wastes = StockEntry.objects.standing().filter(kind=EntryKind.WASTED)
    of_draw = drawn.amount_mg - _sum(wastes.filter(about=drawn))
    dosing = DosingSession.objects.get(stock_entries=drawn)
    for_dose = StockEntry.objects.standing().filter(dosing=dosing)
    of_dose = _sum(for_dose.filter(kind=EntryKind.DRAWN)) - (dosing.dose_mg or NOTHING)
    of_dose -= _sum(for_dose.filter(kind=EntryKind.WASTED))
    return max(NOTHING, min(of_draw, of_dose))


def _sum(entries) -> Decimal:
    return entries.aggregate(mg=Sum("amount_mg"))["mg"] or NOTHING


def note_export(*, by: User, clinic: Organization, period: str, rows: int) -> None:
    """The log left as a document for this period."""
    record("stock.exported", by=by, on=clinic, period=period, rows=rows)
