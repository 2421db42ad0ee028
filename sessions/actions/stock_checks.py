"""What a second person says about the drug log, and how a mistaken entry is taken back."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from people.concurrency import row_of_form
from people.models import User
from sessions.actions.counting import raise_discrepancy
from sessions.actions.stock_ledger import NOTHING, append, last_entry, locked
from sessions.enums.stock import CORRECTABLE, EntryKind
from sessions.models import StockEntry, Vial
from sessions.permissions import check_user_can_confirm, check_user_can_keep_stock


@transaction.atomic
def confirm(*, by: User, entry: StockEntry, form_key: UUID) -> StockEntry:
    """A second person saw the waste, or agrees that an entry was a mistake and takes it back.

    Raises ValidationError when it was answered already, and when taking back would ask of a vial
    what it no longer holds.
    """
    check_user_can_confirm(by, entry)
    vial = locked(entry.vial_id)
    mistake = entry.about if entry.kind == EntryKind.CORRECTION_ASKED else None
    kind = EntryKind.CORRECTED if mistake else EntryKind.WITNESSED
    about = mistake or entry
    if existing := row_of_form(StockEntry.objects, form_key, kind=kind, about_id=about.pk):
        return existing
    _check_waits(entry)
    if mistake:
        _check_can_go(mistake, vial)
    return append(
        by=by,
        vial=vial,
        kind=kind,
        form_key=form_key,
        amount_mg=mistake.amount_mg if mistake else NOTHING,
        change_mg=mistake.undone_mg if mistake else NOTHING,
        about=about,
        dosing=about.dosing,
    )


@transaction.atomic
def dispute(*, by: User, entry: StockEntry, form_key: UUID, note: str) -> StockEntry:
    """A second person did not see it, or does not agree. A waste nobody saw is a discrepancy."""
    check_user_can_confirm(by, entry)
    vial, kind = locked(entry.vial_id), EntryKind.DISPUTED
    if existing := row_of_form(StockEntry.objects, form_key, kind=kind, about_id=entry.pk):
        return existing
    _check_waits(entry)
    if not note.strip():
        raise ValidationError({"note": "Say what you saw, or why you do not agree."})
    answer = append(
        by=by,
        vial=vial,
        kind=kind,
        form_key=form_key,
        about=entry,
        dosing=entry.dosing,
        note=note.strip(),
    )
    if entry.kind == EntryKind.WASTED:
        raise_discrepancy(by=by, entry=answer, difference_mg=-entry.amount_mg)
    return answer


@transaction.atomic
def ask_correction(*, by: User, entry: StockEntry, form_key: UUID, note: str) -> StockEntry:
    """Ask a second person to take back a mistaken entry; until they do, it stands.

    Raises ValidationError for what cannot be taken back, or was asked for already.
    """
    check_user_can_keep_stock(by, entry.vial.clinic_id)
    vial, kind = locked(entry.vial_id), EntryKind.CORRECTION_ASKED
    if existing := row_of_form(StockEntry.objects, form_key, kind=kind, about_id=entry.pk):
        return existing
    if entry.kind not in CORRECTABLE:
        raise ValidationError("This cannot be taken back. Count the vial again instead.")
    if not note.strip():
        raise ValidationError({"note": "Say what is wrong with it."})
    if StockEntry.objects.waiting().filter(about=entry, kind=kind).exists():
        raise ValidationError("This was asked for already, and waits for a second person.")
    _check_can_go(entry, vial)
    return append(
        by=by,
        vial=vial,
        kind=kind,
        form_key=form_key,
        about=entry,
        dosing=entry.dosing,
        note=note.strip(),
    )


def _check_waits(entry: StockEntry) -> None:
    if not StockEntry.objects.waiting().filter(pk=entry.pk).exists():
        raise ValidationError("Somebody has answered this already.")


def _check_can_go(entry: StockEntry, vial: Vial) -> None:
    """Whether an entry can be taken back now, without leaving anything in the air."""
    if not StockEntry.objects.standing().filter(pk=entry.pk).exists():
        raise ValidationError("This was taken back already.")
    of_draw = StockEntry.objects.standing().filter(about=entry, kind=EntryKind.WASTED)
    if of_draw.exists():
        raise ValidationError("Part of this draw was wasted. Take back the waste first.")
    last = last_entry(vial)
    if last is None or last.balance_mg + entry.undone_mg < 0:
        raise ValidationError(f"{vial} no longer holds this much. Take back what came later first.")
