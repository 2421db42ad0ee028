"""The one way into the drug log: lock the vial, read its last balance, append."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.record import record
from people.formats import amount
from people.models import Organization, User
from sessions.enums.stock import EntryKind
from sessions.models import StockEntry, Vial
from sessions.models.stock import HUNDREDTH

LATEST_ENTRY = timedelta(days=31)
NOTHING = Decimal(0)
NOT_CHECKED = ["form_key", "vial", "dosing", "about", "recorded_by"]


def locked(vial_id: int) -> Vial:
    """The vial, until the end of the transaction nobody else's.

    Its key is not locked: whoever only refers to it need not wait, and none waits in a circle.
    """
    return Vial.objects.select_for_update(no_key=True).get(pk=vial_id)


def last_entry(vial: Vial) -> StockEntry | None:
    return vial.entries.order_by("-sequence").first()


def day_at(clinic: Organization, at: datetime | None) -> date:
    """The day at a moment (None: now) where the clinic is."""
    return timezone.localdate(at, ZoneInfo(clinic.timezone))


def append(
    *,
    by: User,
    vial: Vial,
    kind: EntryKind,
    form_key: UUID | None = None,
    at: datetime | None = None,
    amount_mg: Decimal = NOTHING,
    change_mg: Decimal = NOTHING,
    **fields: Any,
) -> StockEntry:
    """The next line of a locked vial, in mg, with an audit event. `at`: now, if not given.

    Raises ValidationError beside `amount_mg` where less is left than goes out.
    """
    last, at = last_entry(vial), at or timezone.now()
    before = last.balance_mg if last else NOTHING
    if before + change_mg < 0:
        raise ValidationError({"amount_mg": f"{vial} holds {amount(before)}. Enter no more."})
    entry = StockEntry(
        form_key=form_key or uuid4(),
        vial=vial,
        sequence=last.sequence + 1 if last else 1,
        kind=kind,
        amount_mg=amount_mg,
        change_mg=change_mg,
        balance_mg=before + change_mg,
        at=at,
        day=day_at(vial.clinic, at),
        recorded_by=by,
        **fields,
    )
    entry.full_clean(exclude=NOT_CHECKED)
    entry.save(force_insert=True)
    client = entry.dosing.episode.client_id if entry.dosing else None
    record(f"stock.{kind}", by=by, on=entry, client_id=client)
    return entry


def key_of(form_key: UUID, part: object) -> UUID:
    """The key of one of several rows that one form makes: the same each time it is sent."""
    return uuid5(form_key, str(part))


def check_amount(amount_mg: Decimal) -> None:
    """Refuse nothing, less than nothing, and what the log cannot hold exactly."""
    if amount_mg <= 0:
        raise ValidationError({"amount_mg": "Enter the amount in mg, more than 0."})
    if amount_mg != amount_mg.quantize(HUNDREDTH):
        raise ValidationError({"amount_mg": "Enter mg with at most two decimals."})


def check_moment(at: datetime | None, *, since: datetime | None = None) -> None:
    """A moment that is over, at most a month ago, and not before `since`."""
    if at is None:
        return
    now = timezone.now()
    if at > now:
        raise ValidationError({"at": "This is in the future. Check the date and time."})
    if at < now - LATEST_ENTRY:
        raise ValidationError({"at": "This is more than a month ago. Check the date."})
    if since and at < since:
        raise ValidationError({"at": "This is before the vial came. Check the date and time."})
