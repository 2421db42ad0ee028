"""Counts of the drug log, the discrepancies they raise, and how those are explained."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit.record import record
from people.concurrency import row_of_form
from people.models import Organization, User
from sessions.actions.stock_ledger import append, key_of, last_entry, locked
from sessions.enums.stock import EntryKind, Finding, Occasion
from sessions.models import Discrepancy, StockEntry, Vial
from sessions.permissions import check_user_can_keep_stock, check_user_can_resolve


@transaction.atomic
def count_vials(
    *,
    by: User,
    clinic: Organization,
    form_key: UUID,
    occasion: str,
    found: Mapping[Vial, Decimal],
    note: str = "",
) -> list[StockEntry]:
    """What somebody found in each vial, in mg. Any difference from the balance is a discrepancy,
    once.

    The same form sent twice counts once. Raises ValidationError for an unknown occasion, a vial of
    another clinic, an amount below 0, or when nothing was counted.
    """
    check_user_can_keep_stock(by, clinic.pk)
    if not found:
        raise ValidationError("Nothing was counted. Enter what is in at least one vial.")
    if any(vial.clinic_id != clinic.pk for vial in found):
        raise ValidationError("Only vials of your clinic are counted.")
    if occasion not in Occasion.values or any(mg < 0 for mg in found.values()):
        raise ValidationError("Enter when you counted, and what you found: 0 or more.")
    # Always in the same order, so that two who count at once wait for each other.
    in_order = sorted(found, key=lambda vial: vial.pk)
    return [_count(by, vial, form_key, occasion, found[vial], note) for vial in in_order]


def _count(by: User, vial: Vial, form_key: UUID, occasion: str, mg: Decimal, note: str):
    vial, key = locked(vial.pk), key_of(form_key, vial.pk)
    if existing := row_of_form(StockEntry.objects, key, vial_id=vial.pk, recorded_by_id=by.pk):
        return existing
    entry = append(
        by=by,
        vial=vial,
        kind=EntryKind.COUNTED,
        form_key=key,
        amount_mg=mg,
        occasion=occasion,
        note=note.strip(),
    )
    difference = entry.amount_mg - entry.balance_mg
    if difference and not _stands(vial, difference):
        raise_discrepancy(by=by, entry=entry, difference_mg=difference)
    return entry


def _stands(vial: Vial, difference_mg: Decimal) -> bool:
    """Whether the same difference of this vial waits for an explanation already."""
    open_ = Discrepancy.objects.filter(entry__vial=vial, resolved_at=None)
    return open_.filter(entry__kind=EntryKind.COUNTED, difference_mg=difference_mg).exists()


def raise_discrepancy(*, by: User, entry: StockEntry, difference_mg: Decimal) -> Discrepancy:
    """`entry` found `difference_mg` more (or, below 0, less) than there should be."""
    discrepancy = Discrepancy.objects.create(entry=entry, difference_mg=difference_mg)
    client = entry.dosing.episode.client_id if entry.dosing else None
    record("discrepancy.raised", by=by, on=discrepancy, client_id=client)
    return discrepancy


@transaction.atomic
def resolve_discrepancy(
    *,
    by: User,
    discrepancy: Discrepancy,
    finding: str,
    explanation: str,
    set_to_count: bool,
    notice_sent_on: date | None = None,
) -> Discrepancy:
    """Close a discrepancy, by a prescriber who is not the one who found it.

    `set_to_count` changes the balance by the difference, as an entry of its own; it is refused
    where something was recorded since that changes what the count should have found. A theft or a
    significant loss is closed only with the day of the written notice to the DEA
    (21 CFR 1301.76(b)).
    """
    check_user_can_resolve(by, discrepancy)
    vial = locked(discrepancy.entry.vial_id)
    discrepancy = Discrepancy.objects.select_for_update(no_key=True).get(pk=discrepancy.pk)
    explanation = explanation.strip()
    if discrepancy.resolved_at:
        if (discrepancy.finding, discrepancy.explanation) == (finding, explanation):
            return discrepancy
        raise ValidationError("Somebody has closed this already. Open the page again.")
    _check_resolution(discrepancy, finding, explanation, notice_sent_on)
    if set_to_count:
        _set_to_count(by, vial, discrepancy.entry)
    discrepancy.finding, discrepancy.explanation = finding, explanation
    discrepancy.resolved_by, discrepancy.resolved_at = by, timezone.now()
    discrepancy.notice_sent_on = notice_sent_on if finding == Finding.LOST else None
    discrepancy.save()
    record("discrepancy.resolved", by=by, on=discrepancy, finding=finding, set=set_to_count)
    return discrepancy


def _check_resolution(
    discrepancy: Discrepancy, finding: str, explanation: str, notice_sent_on: date | None
) -> None:
    errors = {}
    if finding not in Finding.values:
        errors["finding"] = "Choose what was found out."
    if not explanation:
        errors["explanation"] = "Write what was found out, and how."
    if finding == Finding.LOST and notice_sent_on is None:
        errors["notice_sent_on"] = "Enter the day on which the written notice went to the DEA."
    elif notice_sent_on and notice_sent_on > discrepancy.entry.vial.clinic.today:
        errors["notice_sent_on"] = "This is in the future. Enter the day on which it went out."
    if errors:
        raise ValidationError(errors)


def _set_to_count(by: User, vial: Vial, count: StockEntry) -> None:
    if count.kind != EntryKind.COUNTED:
        raise ValidationError({"set_to_count": "There is no count here to set the balance to."})
    difference, last = count.amount_mg - count.balance_mg, last_entry(vial)
    # Another count, a change of the balance, or an entry made late belongs before this one.
    mends = Q(kind__in=[EntryKind.COUNTED, EntryKind.ADJUSTED, EntryKind.CORRECTED])
    later = vial.entries.filter(mends | Q(at__lt=count.at), sequence__gt=count.sequence)
    if later.exists() or last is None or last.balance_mg + difference < 0:
        raise ValidationError(
            {"set_to_count": f"Since then more was recorded that changes it. Count {vial} again."}
        )
    append(
        by=by,
        vial=vial,
        kind=EntryKind.ADJUSTED,
        amount_mg=abs(difference),
        change_mg=difference,
        about=count,
    )
