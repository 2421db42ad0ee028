"""The trend of a dosing session: pressure as bars, heart rate as a line, the limits.

The script adds what is not saved yet; it finds the scale in `start`, `end`, `low` and `high`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sessions.drawings.scale import TimeScale

WIDTH, HEIGHT = 396, 236
LEFT, RIGHT, TOP, BOTTOM = 34, 384, 8, 168
STEPS = (5, 10, 15, 30, 60, 120, 240)  # minutes between the times written below
MOST_TIMES = 7


@dataclass(frozen=True)
class VitalsRow:
    at: datetime
    systolic: int | None
    diastolic: int | None
    heart_rate: int | None
    spo2: int | None = None


@dataclass(frozen=True)
class Level:
    """A rule across the chart at a value."""

    value: int
    y: float

    @property
    def text_y(self) -> float:
        return round(self.y + 4, 1)


@dataclass(frozen=True)
class PressureBar:
    x: float
    top: float
    bottom: float

    @property
    def left(self) -> float:
        return round(self.x - 5, 1)


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Time:
    x: float
    text: str


@dataclass(frozen=True)
class FlowChart:
    title: str
    grid: list[Level]
    limits: list[Level]
    limits_text: str
    bars: list[PressureBar]
    heart: list[Point]
    times: list[Time]
    dose_x: float | None
    now_x: float | None
    start: datetime
    end: datetime
    low: int
    high: int
    spo2: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM

    @property
    def heart_path(self) -> str:
        return "M" + "L".join(f"{p.x} {p.y}" for p in self.heart) if len(self.heart) > 1 else ""


def draw_vitals(
    rows: Sequence[VitalsRow],
    *,
    dose_at: datetime | None,
    limits: tuple[int, int] | None,
    zone: ZoneInfo,
    now: datetime | None = None,
) -> FlowChart | None:
    """The chart of these rows in order of time, or None where there is nothing to draw."""
    rows = sorted(rows, key=lambda row: row.at)
    if not any(row.systolic or row.heart_rate for row in rows):
        return None
    step, time = _time(rows, dose_at, now, zone)
    low, high = _values(rows, limits)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low), 1)

    every = 20 if high - low <= 160 else 40
    return FlowChart(
        title=_title(rows, zone),
        grid=[Level(value, y(value)) for value in range(low, high, every)],
        limits=[Level(value, y(value)) for value in limits or ()],
        limits_text=f"limit {limits[0]}/{limits[1]}" if limits else "",
        bars=[
            PressureBar(time.x(row.at), y(row.systolic), y(row.diastolic))
            for row in rows
            if row.systolic and row.diastolic
        ],
        heart=[Point(time.x(row.at), y(row.heart_rate)) for row in rows if row.heart_rate],
        times=_times(time, step, zone),
        dose_x=time.x(dose_at) if dose_at and time.shows(dose_at) else None,
        now_x=time.x(now) if now and time.shows(now) else None,
        start=time.start,
        end=time.end,
        low=low,
        high=high,
        spo2=_spo2(rows),
    )


def _time(
    rows: Sequence[VitalsRow], dose_at: datetime | None, now: datetime | None, zone: ZoneInfo
) -> tuple[timedelta, TimeScale]:
    """From the first row to the last, or to now while that is near; 90 minutes at least."""
    moments = [row.at for row in rows] + ([dose_at] if dose_at else [])
    first, last = min(moments), max(moments)
    if now and last < now < last + timedelta(hours=1):
        last = now
    length = max(last - first + timedelta(minutes=15), timedelta(minutes=90))
    minutes = next((m for m in STEPS if length / timedelta(minutes=m) <= MOST_TIMES), STEPS[-1])
    step = timedelta(minutes=minutes)
    start = _floor(first - timedelta(minutes=4), min(step, timedelta(minutes=15)), zone)
    return step, TimeScale(start, start + length + timedelta(minutes=5), LEFT, RIGHT)


def _floor(moment: datetime, step: timedelta, zone: ZoneInfo) -> datetime:
    """The last full step of the clock in `zone` before `moment`, in UTC."""
    local = moment.astimezone(zone)
    past = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second) % step
    return (moment - past - timedelta(microseconds=local.microsecond)).astimezone(UTC)


def _times(time: TimeScale, step: timedelta, zone: ZoneInfo) -> list[Time]:
    found, moment = [], _floor(time.start, step, zone)
    while moment <= time.end:
        x = time.x(moment)
        if time.shows(moment) and LEFT + 4 <= x <= RIGHT - 16:
            found.append(Time(x, f"{moment.astimezone(zone):%H:%M}"))
        moment += step
    return found


def _values(rows: Sequence[VitalsRow], limits: tuple[int, int] | None) -> tuple[int, int]:
    """Lowest and highest value drawn: 60 to 170 unless something lies outside."""
    numbers = [n for row in rows for n in (row.systolic, row.diastolic, row.heart_rate) if n]
    low = min(60, (min(numbers) - 4) // 20 * 20)
    return max(0, low), max(170, *(n + 10 for n in [*numbers, *(limits or ())]))


def _spo2(rows: Sequence[VitalsRow]) -> str:
    values = [row.spo2 for row in rows if row.spo2]
    if not values:
        return ""
    least, most = min(values), max(values)
    return f"SpO2 {least} % throughout" if least == most else f"SpO2 {least}–{most} %"


def _title(rows: Sequence[VitalsRow], zone: ZoneInfo) -> str:
    taken = [row for row in rows if row.systolic and row.diastolic]
    if not taken:
        return "Heart rate. The numbers are in the flow sheet."
    highest = max(taken, key=lambda row: row.systolic or 0)
    parts = [
        f"{row.systolic}/{row.diastolic} {word} {row.at.astimezone(zone):%H:%M}"
        for row, word in ((taken[0], "at"), (highest, "at its highest at"), (taken[-1], "last at"))
    ]
    if len(taken) == 1:
        parts = parts[:1]
    return f"Blood pressure {', '.join(parts)}. The numbers are in the flow sheet."
