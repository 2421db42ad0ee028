"""The days that a page shows, and where in their weeks everything lies. Pure.

A day is a day of the reader's clocks: it begins at their midnight and may have 23 or 25 hours.
"""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from people.formats import day

WEEK, DAY = timedelta(days=7), timedelta(days=1)
EARLIEST, LATEST = date(2000, 1, 3), date(2100, 12, 26)


@dataclass(frozen=True)
class Shown:
    """`view` is week or month; `first` its Monday, or the first of the month."""

    view: str
    first: date

    @classmethod
    def of(cls, view: str, at: date) -> "Shown":
        """The week or the month in which `at` lies. ValueError for anything else, and for years
        that nobody plans in."""
        if view not in ("week", "month") or not EARLIEST <= at <= LATEST:
            raise ValueError(view)
        if view == "month":
            return cls(view, at.replace(day=1))
        return cls(view, at - timedelta(days=at.weekday()))

    @property
    def days(self) -> list[date]:
        """Whole weeks from a Monday; of a month, those in which one of its days lies."""
        if self.view == "week":
            return [self.first + DAY * n for n in range(7)]
        return list(Calendar().itermonthdates(self.first.year, self.first.month))

    @property
    def title(self) -> str:
        if self.view == "month":
            return f"{self.first:%B %Y}"
        return f"{day(self.first)} to {day(self.first + 6 * DAY)}"

    @property
    def before(self) -> "Shown":
        return Shown.of(self.view, self.first - DAY)

    @property
    def after(self) -> "Shown":
        return Shown.of(self.view, self.days[-1] + DAY)

    def within(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From the first midnight that is shown to the one after the last."""
        return midnight(self.days[0], zone), midnight(self.days[-1] + DAY, zone)


def midnight(of: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(of, time.min, tzinfo=zone)


@dataclass(frozen=True)
class Entry:
    """Something at a time. `mark` is its shape: dose, planned, held, missed, booked, proposed or
    busy; `of` whom it is about; `more` who holds it, and where.
    """

    at: datetime
    until: datetime | None
    mark: str
    what: str
    of: str = ""
    more: str = ""
    url: str = ""
    attention: str = ""


@dataclass(frozen=True)
class Bar:
    """A window. `state`: served, booked, open, later, missed, or untold where the reader would not
    see every session. `column` (1 to 7) and `width` are its place in one week."""

    opens_at: datetime
    closes_at: datetime
    state: str
    what: str
    words: str
    of: str
    url: str = ""
    column: int = 1
    width: int = 1


@dataclass(frozen=True)
class Day:
    date: date
    is_today: bool
    is_aside: bool  # of the month before or after
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Week:
    days: list[Day]
    lanes: list[list[Bar]]  # bars of one lane never touch

    @property
    def is_empty(self) -> bool:
        return not (self.lanes or any(day.entries for day in self.days))


def laid_out(
    shown: Shown, entries: Iterable[Entry], bars: Iterable[Bar], today: date, zone: ZoneInfo
) -> list[Week]:
    """The weeks of the page with everything in its day."""
    by_day: dict[date, list[Entry]] = {}
    for entry in sorted(entries, key=lambda each: (each.at, each.what, each.of)):
        by_day.setdefault(entry.at.astimezone(zone).date(), []).append(entry)
    bars = sorted(bars, key=lambda bar: (bar.opens_at, bar.closes_at, bar.of))
    weeks = []
    for start in range(0, len(shown.days), 7):
        dates = shown.days[start : start + 7]
        days = [
            Day(
                each,
                each == today,
                shown.view == "month" and each.month != shown.first.month,
                by_day.get(each, []),
            )
            for each in dates
        ]
        weeks.append(Week(days, lanes_of(dates[0], bars, zone)))
    return weeks


def lanes_of(monday: date, bars: Iterable[Bar], zone: ZoneInfo) -> list[list[Bar]]:
    """The bars that touch the week of `monday`, each in the first lane that has room for it."""
    lanes: list[list[Bar]] = []
    for bar in bars:
        first = (bar.opens_at.astimezone(zone).date() - monday).days
        last = ((bar.closes_at - timedelta(microseconds=1)).astimezone(zone).date() - monday).days
        if last < 0 or first > 6:
            continue
        first, last = max(first, 0), min(last, 6)
        placed = replace(bar, column=first + 1, width=last - first + 1)
        lane = next((each for each in lanes if each[-1].column + each[-1].width <= first + 1), None)
        if lane is None:
            lanes.append([placed])
        else:
            lane.append(placed)
    return lanes
