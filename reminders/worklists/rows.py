"""One row for each case, and what is done with rows. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from people.formats import span, waited
from people.models import Client
from reminders.worklists.closing import Unbooked
from reminders.worklists.enums import Group, Sort, Stage
from sessions.drawings.gauge import Gauge, draw_gauge
from sessions.windows import Window, WindowState

LONG_WAIT = timedelta(days=5)
PAGE = 50


@dataclass(frozen=True)
class NextWindow:
    """A window that is open, or the next to open, in words and as a drawing."""

    label: str
    is_open: bool
    opens_at: datetime
    closes_at: datetime
    left: timedelta
    closes_today: bool
    gauge: Gauge

    @property
    def words(self) -> str:
        """4 h 40 min left; long ones without hours."""
        seconds, days = self.left.total_seconds(), self.left.days
        return f"{span(seconds)} left" if days < 2 else f"{days} days left"


def seen_from(window: Window, now: datetime) -> NextWindow:
    """`window` as it stands at the moment `now`."""
    is_open = window.contains(now)
    closes_on = timezone.localdate(window.closes_at)
    return NextWindow(
        label=window.label,
        is_open=is_open,
        opens_at=window.opens_at,
        closes_at=window.closes_at,
        left=window.closes_at - now,
        closes_today=is_open and closes_on == timezone.localdate(now),
        gauge=draw_gauge(window.opens_at, window.closes_at, now),
    )


def ahead(windows: Iterable[tuple[Window, Sequence[datetime]]], now: datetime) -> list[Window]:
    """Those that are open or yet to come and that none of their sessions serves: open first."""
    still = (WindowState.OPEN, WindowState.LATER)
    found = [window for window, held in windows if window.state(now, held) in still]
    return sorted(found, key=lambda w: (not w.contains(now), w.closes_at))


@dataclass(frozen=True)
class Row:
    """`pk` is that of the referral. `url`, `action_url`: a route and what it is about; `due`: when
    what is to be done has to be done, where that is known; `also`: what else waits, and where."""

    pk: int
    client: Client
    group: Group
    stage: Stage
    stage_words: str
    note: str
    step: int  # 0 to 5, along the journey
    window: NextWindow | None
    who: str
    todo: str
    since: datetime
    waited: str
    long_wait: bool
    url: tuple[str, int]
    action: str
    action_url: tuple[str, int]
    urgent: bool = False  # an alert, an urgent message, somebody in session: before what closes
    mine: bool = False
    due: datetime | None = None
    dose: str = ""
    also: str = ""
    also_url: tuple[str, int] | None = None
    unbooked: Unbooked | None = None  # what closes with nothing booked

    def stands_in(self, group: Group) -> bool:
        """Whether a filter of this name leaves it."""
        return self.unbooked is not None if group == Group.CLOSING else self.group == group

    @property
    def steps(self) -> list[str]:
        """The six marks under the stage: done, here, later."""
        return ["on"] * self.step + ["at"] + [""] * (5 - self.step)

    @property
    def closes(self) -> datetime | None:
        """When what can be done now can be done no more."""
        ends = [self.due, self.window.closes_at if self.window and self.window.is_open else None]
        return min(filter(None, ends), default=None)


def waiting_words(group: Group, since: datetime, now: datetime) -> dict[str, Any]:
    """The fields of a row that say how long it has waited."""
    long_wait = group == Group.YOU and now - since >= LONG_WAIT
    return {"since": since, "waited": waited(since, now), "long_wait": long_wait}


# ------------------------------------------------------------------ the list
def _closing(row: Row) -> tuple:
    return (not row.urgent, row.closes is None, row.closes or row.since, row.since, row.pk)


SORTED_BY = {
    Sort.CLOSING: _closing,
    Sort.WAIT: lambda row: (row.since, row.pk),
    Sort.CLIENT: lambda row: (
        row.client.last_name.casefold(),
        row.client.first_name.casefold(),
        row.pk,
    ),
}


def in_order(rows: Iterable[Row], sort: Sort = Sort.CLOSING) -> list[Row]:
    """By group, as `Group` counts them, and inside each as `sort` says: never a tie."""
    groups = list(Group)
    return sorted(rows, key=lambda row: (groups.index(row.group), *SORTED_BY[sort](row)))


def grouped(rows: Iterable[Row]) -> list[tuple[Group, list[Row]]]:
    """The groups that have rows; `rows` stand in order."""
    return [(group, list(members)) for group, members in groupby(rows, key=lambda r: r.group)]


@dataclass(frozen=True)
class Page:
    """Fifty rows of a list. `following`, `preceding`: the row after which the next page begins, or
    the one before; 0 where that is the first page, None where there is none."""

    rows: list[Row]
    first: int
    total: int
    following: int | None
    preceding: int | None

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def has_others(self) -> bool:
        return self.total > len(self.rows)


def page_of(rows: Sequence[Row], after: int = 0) -> Page:
    """The rows after the one whose key is `after`, wherever it stands now. Where it has left the
    list meanwhile, the first page."""
    start = next((place for place, row in enumerate(rows, 1) if row.pk == after), 0)
    shown, before = list(rows[start : start + PAGE]), start - PAGE
    return Page(
        rows=shown,
        first=start + 1 if shown else 0,
        total=len(rows),
        following=shown[-1].pk if len(rows) > start + PAGE else None,
        preceding=(rows[before - 1].pk if before > 0 else 0) if start else None,
    )
