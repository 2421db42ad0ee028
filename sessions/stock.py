"""The drug log as it is read: what is in stock, what waits, what does not add up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from people.formats import amount, initials
from people.models import Organization, User
from sessions.enums.stock import Drug, EntryKind, Formulation, Occasion
from sessions.models import Discrepancy, DosingSession, StockEntry, Vial
from sessions.models.stock import HUNDREDTH

ZERO = Decimal(0)
LOOKED_BACK = timedelta(days=31)  # as far as anything may still be entered
SHOWN = 20  # of what waits; there are rarely three


# ---------------------------------------------------------------- pure rules


def notice_due(discovered: date) -> date:
    """The next day from Monday to Friday: theft or loss asks for written notice to the DEA within
    one business day of its discovery (21 CFR 1301.76(b)). Public holidays are not counted out."""
    following = discovered + timedelta(days=1)
    while following.weekday() > 4:
        following += timedelta(days=1)
    return following


# ---------------------------------------------------------------- what there is


@dataclass(frozen=True)
class Product:
    """Everything in stock that is alike: drug, form and strength."""

    name: str
    vials: int
    mg: Decimal
    expires_on: date  # the first of them
    expired: int


def products(clinic: Organization, today: date) -> list[Product]:
    """What the clinic holds, summed up by product, in the order of their names."""
    alike = ("drug", "formulation", "strength_mg")
    rows = Vial.objects.filter(clinic=clinic).in_stock().order_by().values(*alike)
    found = rows.annotate(
        vials=Count("pk"),
        mg=Sum("balance_mg", output_field=DecimalField(max_digits=12, decimal_places=2)),
        expires=Min("expires_on"),
        expired=Count("pk", filter=Q(expires_on__lt=today)),
    )
    return [
        Product(_name(row), row["vials"], row["mg"], row["expires"], row["expired"])
        for row in found.order_by(*alike)
    ]


def _name(row: dict) -> str:
    form = Formulation(row["formulation"])
    strength = f"{amount(row['strength_mg'])}/{form.unit}"
    return f"{Drug(row['drug']).label}, {form.label.lower()}, {strength}"


def drawable(clinic: Organization, today: date, most: int) -> list[Vial]:
    """The vials to draw from: in stock and in date; the opened first, then what expires first."""
    rows = Vial.objects.filter(clinic=clinic, expires_on__gte=today).in_stock()
    sealed = Q(balance_mg__gte=F("strength_mg") * F("size"))
    opened = rows.annotate(sealed=Count("pk", filter=sealed))
    return list(opened.order_by("sealed", "expires_on", "number")[:most])


# ---------------------------------------------------------------- what waits


def open_discrepancies(clinic: Organization) -> QuerySet[Discrepancy]:
    """Differences of the clinic that nobody has explained, the oldest first."""
    rows = Discrepancy.objects.filter(entry__vial__clinic=clinic, resolved_at=None)
    return rows.select_related("entry__vial", "entry__recorded_by", "entry__about").order_by("pk")


def waiting_for_second_person(clinic: Organization) -> QuerySet[StockEntry]:
    """Wastes and corrections that one person recorded and no second has answered, oldest first."""
    rows = StockEntry.objects.filter(vial__clinic=clinic).waiting()
    return rows.select_related("vial", "recorded_by", "about").order_by("pk")


def counts_of(clinic: Organization, on: date) -> dict[str, datetime]:
    """When the clinic first counted on this day, by occasion (`Occasion`)."""
    rows = StockEntry.objects.filter(vial__clinic=clinic, day=on, kind=EntryKind.COUNTED)
    return dict(rows.order_by().values_list("occasion").annotate(first=Min("at")))


def count_words(found: dict[str, datetime]) -> list[tuple[str, datetime | None]]:
    """(at opening or closing, when; None: not yet)."""
    return [(str(o.label), found.get(o.value)) for o in (Occasion.OPEN, Occasion.CLOSE)]


# ---------------------------------------------------------------- one dose


class AddsUp:
    """What became of everything drawn for a dose, in mg."""

    dosing: DosingSession
    drawn: Decimal
    wasted: Decimal

    @property
    def given(self) -> Decimal:
        return self.dosing.dose_mg or ZERO

    @property
    def rest(self) -> Decimal:
        """Drawn and neither given nor wasted; below 0: more was given than the log has drawn."""
        return self.drawn - self.given - self.wasted

    @property
    def over(self) -> Decimal:
        """Given, and not drawn."""
        return -self.rest


@dataclass(frozen=True)
class Sums(AddsUp):
    """A dose whose sums differ."""

    dosing: DosingSession
    drawn: Decimal
    wasted: Decimal


@dataclass(frozen=True)
class Account(AddsUp):
    """One dose with its draws and wastes, those that stand."""

    dosing: DosingSession
    draws: Sequence[StockEntry]
    wastes: Sequence[StockEntry]

    @property
    def drawn(self) -> Decimal:  # type: ignore[override]
        return sum((entry.amount_mg for entry in self.draws), ZERO)

    @property
    def wasted(self) -> Decimal:  # type: ignore[override]
        return sum((entry.amount_mg for entry in self.wastes), ZERO)

    @property
    def waits(self) -> bool:
        """For a second person to confirm a waste."""
        return any(entry.second_person is None for entry in self.wastes)


def account_of(dosing: DosingSession) -> Account:
    """Read for the panel on the flow sheet; three queries."""
    rows = with_answers(StockEntry.objects.filter(dosing=dosing)).order_by("pk")
    standing = [row for row in rows if row.taken_back_by is None]
    return Account(
        dosing,
        [row for row in standing if row.kind == EntryKind.DRAWN],
        [row for row in standing if row.kind == EntryKind.WASTED],
    )


def with_answers(rows: QuerySet[StockEntry]) -> QuerySet[StockEntry]:
    """Entries with what people said about them, in as many queries for one as for a hundred."""
    rows = rows.select_related(
        "vial", "recorded_by", "about__vial", "dosing__episode__client", "discrepancy"
    )
    return rows.prefetch_related("answers__recorded_by")


def _of_dose(kind: EntryKind) -> Coalesce:
    rows = StockEntry.objects.standing().filter(dosing=OuterRef("pk"), kind=kind)
    total = rows.order_by().values("dosing").annotate(mg=Sum("amount_mg")).values("mg")
    return Coalesce(Subquery(total), ZERO, output_field=DecimalField())


def doses_to_account_for(clinic: Organization, now: datetime) -> list[Sums]:
    """Doses of the last month whose drawn mg are not what was given and wasted, newest first.

    A clinic that keeps no stock here has none.
    """
    first = StockEntry.objects.filter(vial__clinic=clinic).order_by("pk").first()
    if first is None:
        return []
    since = max(first.at, now - LOOKED_BACK)
    rows = DosingSession.objects.filter(episode__clinic=clinic).annotate(
        drawn=_of_dose(EntryKind.DRAWN),
        wasted=_of_dose(EntryKind.WASTED),
        rest=F("drawn") - F("wasted") - Coalesce("dose_mg", ZERO),
    )
    concerned = rows.filter(Q(given_at__gte=since) | Q(planned_at__gte=since, drawn__gt=0))
    # Half a hundredth: SQLite adds in binary fractions.
    open_ = concerned.filter(Q(rest__gt=Decimal("0.005")) | Q(rest__lt=Decimal("-0.005")))
    found = open_.select_related("episode__client").order_by("-planned_at")[:SHOWN]
    return [Sums(dose, _exact(dose.drawn), _exact(dose.wasted)) for dose in found]


def _exact(mg: Decimal) -> Decimal:
    return mg.quantize(HUNDREDTH)


# ---------------------------------------------------------------- the log


def entries_of(
    user: User,
    *,
    vial: int | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
) -> QuerySet[StockEntry]:
    """The log of the user's clinic, newest first: of one vial (its number), between two days."""
    rows = StockEntry.objects.at_clinic_of(user)
    if vial is not None:
        rows = rows.filter(vial__number=vial)
    if first_day:
        rows = rows.filter(day__gte=first_day)
    if last_day:
        rows = rows.filter(day__lte=last_day)
    return rows.order_by("-pk")


def people_of(entries: Iterable[StockEntry]) -> list[tuple[str, User]]:
    """(initials, person) of everybody who wrote one of these or answered it."""
    found = {}
    for entry in entries:
        for each in (entry, *entry.answers.all()):
            found[each.recorded_by_id] = each.recorded_by
    return sorted(((initials(user.name), user) for user in found.values()), key=str)
