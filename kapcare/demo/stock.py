"""The clinic's drug log: what the sample doses took, one count that does not fit, one waste that
waits for its second person, one vial past its date."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from kapcare.demo.data import Cast
from people.models import User
from sessions.actions.counting import count_vials
from sessions.actions.stock import waste_rest
from sessions.enums.stock import Drug, EntryKind, Formulation, Occasion
from sessions.models import DosingSession, StockEntry, Vial

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NOTHING, REST = Decimal(0), Decimal(10)
ADDRESS = "44 Orchard Street, Northfield, NY 10999"


def load_stock(cast: Cast) -> None:
    """After all cases: every dose that was given was drawn from a vial before."""
    doses = DosingSession.objects.filter(episode__clinic=cast.clinic, given_at__isnull=False)
    given = list(doses.select_related("episode").order_by("given_at"))
    came, today = given[0].at - DAY, cast.clinic.today
    _received(cast, 1, came, today - DAY, lot="KT-1198", strength_mg=Decimal(100))
    later = today + 300 * DAY
    vials = [_received(cast, number, came, later) for number in range(2, 4 + len(given) // 8)]
    for dose in given[:-1]:
        _draw(cast, vials, dose)
    drawn = _draw(cast, vials, given[-1], rest=REST)
    waste_rest(
        by=cast.nurse, drawn=drawn, form_key=uuid4(), amount_mg=REST, note="Into the drug jar"
    )
    _count(cast, short=vials[-1])


def _count(cast: Cast, short: Vial) -> None:
    """At opening: all is there but 5 mg of one vial."""
    found = {each: each.balance_mg for each in Vial.objects.filter(clinic=cast.clinic).in_stock()}
    count_vials(
        by=cast.nurse,
        clinic=cast.clinic,
        form_key=uuid4(),
        occasion=Occasion.OPEN,
        found={**found, short: short.contents_mg - 5},
    )


def _received(
    cast: Cast, number: int, at: datetime, expires_on: date, lot="KT-2207", strength_mg=Decimal(50)
) -> Vial:
    vial = Vial.objects.create(
        clinic=cast.clinic,
        number=number,
        drug=Drug.KETAMINE,
        formulation=Formulation.INJECTION,
        strength_mg=strength_mg,
        size=500 / strength_mg,
        lot=lot,
        expires_on=expires_on,
        supplier="Hudson Medical Supply",
        invoice="HMS-4471",
    )
    full = vial.contents_mg
    _then(vial, EntryKind.RECEIVED, at, cast.nurse, full, full)
    return vial


def _draw(
    cast: Cast, vials: list[Vial], dose: DosingSession, rest: Decimal = NOTHING
) -> StockEntry:
    """The dose and what was left of it, from the first vial that holds enough."""
    mg = (dose.dose_mg or NOTHING) + rest
    holding = Vial.objects.filter(pk__in=[vial.pk for vial in vials]).in_stock()
    vial = holding.filter(balance_mg__gte=mg).order_by("number")[0]
    at, fields = dose.at - 8 * MINUTE, {"dosing": dose, "address": ADDRESS}
    return _then(vial, EntryKind.DRAWN, at, cast.nurse, mg, -mg, fields)


def _then(
    vial: Vial,
    kind: EntryKind,
    at: datetime,
    by: User,
    mg: Decimal,
    change: Decimal,
    fields: Mapping | None = None,
) -> StockEntry:
    """A line of a former day, which no action can write today; every trigger checks it."""
    last = vial.entries.order_by("-sequence").first()
    return StockEntry.objects.create(
        vial=vial,
        kind=kind,
        sequence=last.sequence + 1 if last else 1,
        amount_mg=mg,
        change_mg=change,
        balance_mg=(last.balance_mg if last else NOTHING) + change,
        at=at,
        day=timezone.localdate(at),
        recorded_by=by,
        recorded_at=at,
        **(fields or {}),
    )
