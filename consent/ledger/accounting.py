"""Accounting of disclosures: what left, to whom, when and why (45 CFR 164.528(b)(2)).

It lists every disclosure, those that the client allowed included: that is more than the rule asks
for. A client may be in care at two clinics: each accounts for what rests on its own releases, and
for the emergencies that it reviews.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from consent.enums import IN_THEIR_WORDS, Category, Channel, EmergencyBasis, Purpose, Sensitivity
from consent.models import Disclosure, EmergencyAccess, Release
from consent.scope import PART2_NOTICE
from people.enums import Role
from people.formats import day, moment
from people.models import Organization

WHY = {**dict(Purpose.choices), **dict(EmergencyBasis.choices)}
TOLD = "An emergency notice, without a release"
BATCH = 200
Narrow = Callable[[QuerySet[Disclosure]], QuerySet[Disclosure]]


@dataclass(frozen=True)
class Period:
    """From the first moment of one day to the end of another, as days are where the clinic is."""

    first_day: date | None = None
    last_day: date | None = None
    zone: str = "UTC"

    @property
    def since(self) -> datetime | None:
        return self._midnight(self.first_day) if self.first_day else None

    @property
    def until(self) -> datetime | None:
        """The first moment that is no longer in it."""
        return self._midnight(self.last_day + timedelta(days=1)) if self.last_day else None

    def _midnight(self, of: date) -> datetime:
        return datetime.combine(of, time(), tzinfo=ZoneInfo(self.zone))

    def within(self, rows: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
        if self.since:
            rows = rows.filter(at__gte=self.since)
        return rows.filter(at__lt=self.until) if self.until else rows

    def __str__(self) -> str:
        start = f"from {day(self.first_day)}" if self.first_day else "from the beginning"
        return f"{start} to {day(self.last_day)}" if self.last_day else f"{start} until now"


ALWAYS = Period()


@dataclass(frozen=True)
class Entry:
    """One disclosure in words; never what the items say."""

    pk: int
    client_id: int
    sequence: int
    at: datetime
    reader: tuple[int, str]  # who it was, for bringing looks together
    recipient: str
    organization: str
    address: str
    categories: list[str]
    count: int
    days: tuple[str, str]  # of the first and the last item
    purpose: str
    channel: Channel
    releases: list[str]
    emergency_id: int | None
    emergency: str
    notice: str

    @property
    def what(self) -> str:
        return ", ".join(self.categories)

    @property
    def in_their_words(self) -> str:
        """What was disclosed, for the client it is about."""
        return _for_client(self.categories)

    @property
    def dates(self) -> str:
        first, last = self.days
        return first if first == last else f"{first} to {last}"

    @property
    def description(self) -> str:
        """What was disclosed, in brief: 45 CFR 164.528(b)(2)(iii)."""
        items = "1 item" if self.count == 1 else f"{self.count} items"
        return f"{self.what}; {items} of {self.dates}"

    @property
    def how(self) -> str:
        return self.channel.label

    @property
    def how_in_plain_words(self) -> str:
        return "On screen" if self.channel in ON_SCREEN else self.how

    @property
    def basis(self) -> str:
        return self.emergency or ", ".join(self.releases)


def of_client(client_id: int) -> QuerySet[Disclosure]:
    return Disclosure.objects.filter(client_id=client_id).order_by("-sequence")


def accounting(client_id: int, organization_id: int, period: Period = ALWAYS) -> list[Entry]:
    """Every disclosure about a client for which this clinic accounts, newest first."""
    return list(entries(period.within(of_client(client_id)), organization_id, by="sequence"))


def entry_of(client_id: int, organization_id: int, sequence: int) -> Entry | None:
    """One entry of this clinic's accounting, or nothing."""
    row = of_client(client_id).filter(sequence=sequence)
    return next(entries(row, organization_id, by="sequence"), None)


def a_page(
    rows: QuerySet[Disclosure], organization_id: int, *, by: str, most: int, before: int | None
) -> tuple[list[Entry], int | None]:
    """The newest `most` entries below the key `before`, and the key below which more follow.

    `by` is the key's column: `sequence` for one client, `pk` for all of them.
    """
    found: list[Entry] = []
    for entry in entries(rows, organization_id, by=by, before=before):
        if len(found) == most:
            return found, getattr(found[-1], by)
        found.append(entry)
    return found, None


def entries(
    rows: QuerySet[Disclosure], organization_id: int, *, by: str, before: int | None = None
) -> Iterator[Entry]:
    """The entries of this clinic among `rows`, newest first, fetched as they are asked for."""
    rows = rows.order_by(f"-{by}")
    while True:
        batch = list(
            rows[:BATCH] if before is None else rows.filter(**{f"{by}__lt": before})[:BATCH]
        )
        yield from _of_clinic(batch, organization_id)
        if len(batch) < BATCH:
            return
        before = getattr(batch[-1], by)


def _of_clinic(rows: list[Disclosure], organization_id: int) -> Iterator[Entry]:
    named = {release for row in rows for release in row.releases}
    releases = Release.objects.filter(pk__in=named).of_clinic(organization_id)
    own = dict(releases.values_list("pk", "sensitivities")) if named else {}
    declared = {row.emergency_id for row in rows if row.emergency_id}
    reviewed = EmergencyAccess.objects.filter(pk__in=declared, clinic=organization_id)
    emergencies = reviewed.select_related("reader").in_bulk() if declared else {}
    for row in rows:
        if row.emergency_id is not None:
            if emergency := emergencies.get(row.emergency_id):
                yield _entry(row, row.items, bool(row.sensitivities), _declared(emergency))
        elif items := [item for item in row.items if item[5:] == [organization_id]]:
            yield _entry(row, items, bool(row.sensitivities), TOLD)
        elif items := [item for item in row.items if item[4] in own]:
            named_here = any(own[item[4]] for item in items)
            yield _entry(row, items, bool(row.sensitivities) and named_here)


def _entry(row: Disclosure, items: list[list], part2: bool, emergency: str = "") -> Entry:
    """`items` are those for which the clinic accounts: [model, id, category, date, release]."""
    opened, days = {item[2] for item in items}, sorted(item[3] for item in items)
    part2 = part2 and Sensitivity.SUBSTANCE_USE in row.sensitivities
    return Entry(
        pk=row.pk,
        client_id=row.client_id,
        sequence=row.sequence,
        at=row.at,
        reader=(row.reader_id, row.reader_role),
        recipient=_recipient(row),
        organization=row.organization_name,
        address=row.organization_address,
        categories=[c.label for c in Category if c in opened],
        count=len(items),
        days=(day(date.fromisoformat(days[0])), day(date.fromisoformat(days[-1]))),
        purpose=WHY[row.purpose],
        channel=Channel(row.channel),
        releases=[f"KC-R-{pk:04d}" for pk in sorted({item[4] for item in items if item[4]})],
        emergency_id=row.emergency_id,
        emergency=emergency,
        notice=PART2_NOTICE if part2 else "",
    )


def _for_client(labels: Collection[str]) -> str:
    return "; ".join(IN_THEIR_WORDS[c] for c in Category if c.label in labels)


def _declared(emergency: EmergencyAccess) -> str:
    """Which emergency it was. Who was told of a threat is not said: it might put them at risk."""
    return (
        f"Emergency access {emergency.pk}, declared by {emergency.reader} on "
        f"{moment(emergency.opened_at)}: {emergency.nature}"
    )


def _recipient(row: Disclosure) -> str:
    if row.reader_role in Role:
        return f"{row.reader_name} ({Role(row.reader_role).label.lower()})"
    return row.reader_name


def scope_of(clinic: Organization, period: Period) -> list[str]:
    """What an accounting covers, in sentences that stand on the page, the PDF and the table."""
    return [
        f"Every time something about the client crossed to another organisation on a release of "
        f"{clinic}, in both directions, and in every emergency that {clinic} reviews "
        "or takes part in: on a page, in a list, as a PDF or as a copy handed over.",
        f"The period is {period}, by the clock in {_place(clinic.timezone)}.",
        "It lists more than 45 CFR 164.528 asks for: what the client allowed, and what was for "
        "treatment, is here too.",
    ]


def scope_for_client(clinic: Organization, period: Period) -> list[str]:
    """The same in the client's own words."""
    return [
        f"Every time something about you crossed to another organisation on a release that you "
        f"signed, from {clinic} or to it, and every time something was opened in an emergency: on "
        "a screen, as a PDF or as a copy handed over.",
        f"People who work at {clinic} read its own record without a line here.",
        f"The period is {period}, by the clock in {_place(clinic.timezone)}.",
        "It lists more than the law asks for: what you allowed, and what was for your treatment, "
        "is here too.",
    ]


def _place(zone: str) -> str:
    return "UTC" if zone == "UTC" else zone.rsplit("/", 1)[-1].replace("_", " ")


# ---------------------------------------------------------------- one line for many looks

ON_SCREEN = (Channel.PAGE, Channel.FRAGMENT, Channel.WORKLIST, Channel.SCHEDULE)


@dataclass(frozen=True)
class Line:
    """The looks of one reader on one day, in one way and for one reason."""

    entries: list[Entry]  # newest first

    @property
    def newest(self) -> Entry:
        return self.entries[0]

    @property
    def count(self) -> int:
        return len(self.entries)

    @property
    def what(self) -> str:
        opened = {category for entry in self.entries for category in entry.categories}
        return ", ".join(c.label for c in Category if c.label in opened)

    @property
    def in_their_words(self) -> str:
        return _for_client({category for entry in self.entries for category in entry.categories})

    @property
    def how(self) -> str:
        return self.newest.how_in_plain_words

    @property
    def releases(self) -> str:
        return ", ".join(sorted({number for entry in self.entries for number in entry.releases}))

    @property
    def notice(self) -> str:
        return next((entry.notice for entry in self.entries if entry.notice), "")


def folded(found: Iterable[Entry]) -> list[Line]:
    """Repeated looks as one line each, in the order of the newest of them."""
    lines: dict[tuple, list[Entry]] = {}
    for entry in found:
        way = "screen" if entry.channel in ON_SCREEN else entry.channel
        seen_on = timezone.localdate(entry.at)
        key = (entry.client_id, seen_on, entry.reader, way, entry.purpose, entry.emergency_id)
        lines.setdefault(key, []).append(entry)
    return [Line(entries) for entries in lines.values()]
