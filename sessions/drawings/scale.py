"""Time along the x axis, and words beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
LETTER = 7.0  # mean width of a letter at 13 px


@dataclass(frozen=True)
class TimeScale:
    """Absolute time on the stretch from `left` to `right`: an hour is as long in every week."""

    start: datetime
    end: datetime
    left: float
    right: float

    def x(self, moment: datetime) -> float:
        """The place of a moment; outside the stretch, the nearer end."""
        share = (moment - self.start) / (self.end - self.start)
        return round(self.left + (self.right - self.left) * min(1.0, max(0.0, share)), 1)

    def mark(self, moment: datetime, room: float) -> float:
        """The middle of a mark that needs `room` on either side, kept inside the drawing."""
        return round(min(self.right - room, max(self.left + room, self.x(moment))), 1)

    def shows(self, moment: datetime) -> bool:
        return self.start <= moment <= self.end


def midnight(moment: datetime, zone: ZoneInfo) -> datetime:
    """The start, in UTC, of the day that `moment` falls on in `zone`."""
    local = moment.astimezone(zone)
    return datetime.combine(local.date(), time(), zone).astimezone(UTC)


def midnights(scale: TimeScale, zone: ZoneInfo) -> Iterator[datetime]:
    """The starts of days in `zone` within the scale, as aware moments of that zone."""
    date = scale.start.astimezone(zone).date()
    while (found := datetime.combine(date, time(), zone)) <= scale.end:
        if found >= scale.start:
            yield found
        date += DAY


@dataclass(frozen=True)
class Label:
    """Words placed in the drawing; `anchor` is SVG's text-anchor."""

    text: str
    x: float
    y: float
    anchor: str = "middle"

    @property
    def extent(self) -> tuple[float, float]:
        width = len(self.text) * LETTER
        start = {"start": self.x, "middle": self.x - width / 2, "end": self.x - width}[self.anchor]
        return start, start + width


class Labels:
    """Places words one after another so that none is written over another, and where there is
    room beside it, none over the upright `line`."""

    def __init__(
        self, left: float, right: float, rows: Iterable[float], line: float | None = None
    ) -> None:
        self.left, self.right, self.rows, self.line = left, right, list(rows), line
        self.placed: list[Label] = []

    def place(self, x: float, *texts: str) -> Label | None:
        """The first of `texts` that fits at, or beside, `x`; None where nothing does."""
        for text in filter(None, texts):
            free = [label for label in self._candidates(x, text) if self._free(label)]
            if free:
                label = next(filter(self._beside_the_line, free), free[0])
                self.placed.append(label)
                return label
        return None

    def _beside_the_line(self, label: Label) -> bool:
        start, end = label.extent
        return self.line is None or not start - 3 < self.line < end + 3

    def _candidates(self, x: float, text: str) -> Iterator[Label]:
        for y in self.rows:
            yield Label(text, x, y)
            yield Label(text, round(x + 10, 1), y, "end")
            yield Label(text, round(x - 10, 1), y, "start")

    def _free(self, label: Label) -> bool:
        start, end = label.extent
        if start < self.left or end > self.right:
            return False
        return not any(
            other.y == label.y and start < other.extent[1] + 4 and other.extent[0] < end + 4
            for other in self.placed
        )
