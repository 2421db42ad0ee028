"""The journey timeline: doses, the windows around them, and the sessions that serve them.

One lane for each duty and one for sessions. A session's line rises through every window it serves,
so that one session serving three is seen. The wide drawing holds some weeks, the narrow one six
days back and a week on.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sessions.drawings.layout import NARROW, WIDE, Layout
from sessions.drawings.scale import DAY, Label, Labels, TimeScale, midnight, midnights
from sessions.drawings.shapes import (
    LANES,
    Bar,
    Journey,
    JourneyDose,
    JourneyDrawing,
    JourneySession,
    JourneyWindow,
    Mark,
    Now,
    Tick,
)

__all__ = [
    "Journey",
    "JourneyDose",
    "JourneyDrawing",
    "JourneySession",
    "JourneyWindow",
    "draw_journey",
]
SATURDAY = 5


def draw_journey(journey: Journey, *, wide: bool) -> JourneyDrawing:
    """The shapes of one drawing. What lies outside its stretch of time is left out."""
    layout = WIDE if wide else NARROW
    scale = _scale(journey, layout)
    bars = _bars(journey, scale, layout)
    return JourneyDrawing(
        layout,
        scale,
        _description(journey),
        journey.sessions_label,
        _weekends(scale, journey.zone),
        _ticks(scale, journey.zone, layout),
        bars,
        _doses(journey, scale, layout),
        _sessions(journey, scale, layout, bars),
        _now(journey, scale, layout),
    )


def _scale(journey: Journey, layout: Layout) -> TimeScale:
    """Everything, if that stays readable; otherwise the days around now or around the last dose."""
    moments = [dose.at for dose in journey.doses] + [s.at for s in journey.sessions]
    moments += [m for w in journey.windows for m in (w.opens_at, w.closes_at)]
    now = journey.now
    first, last = min(moments, default=now), max(moments, default=now)
    low, high = min(first, now - 2 * DAY), max(last, now) + timedelta(hours=6)
    if high - midnight(low, journey.zone) > layout.most:
        if now > last + layout.ahead:
            low = last + DAY - layout.most
        elif now < first - layout.back:
            low = first
        else:
            low = max(low, min(now - layout.back, high - layout.most))
        low = midnight(low, journey.zone)
        high = low + layout.most
    low = midnight(low, journey.zone)
    high = max(high, low + layout.least)
    return TimeScale(low, high, layout.left, layout.right)


def _weekends(scale: TimeScale, zone: ZoneInfo) -> list[tuple[float, float]]:
    """x and width of every Saturday with its Sunday."""
    found = []
    for day in [scale.start.astimezone(zone), *midnights(scale, zone)]:
        if day.weekday() < SATURDAY:
            continue
        x = scale.x(day)
        width = round(scale.x(day + DAY) - x, 1)
        if width > 0 and (x, width) not in found:
            found.append((x, width))
    return found


def _ticks(scale: TimeScale, zone: ZoneInfo, layout: Layout) -> list[Tick]:
    """One for each day; Mondays are taller and carry their date."""
    ticks = []
    for day in midnights(scale, zone):
        x, monday = scale.x(day), day.weekday() == 0
        label = f"{day:%a} {day.day}-{day:%b}" if monday and x + 74 <= layout.right else ""
        ticks.append(Tick(x, layout.axis - (10 if monday else 6), label))
    return ticks


def _bars(journey: Journey, scale: TimeScale, layout: Layout) -> list[Bar]:
    bars = []
    for lane in LANES:
        seen = [
            w
            for w in sorted(journey.windows, key=lambda w: (w.opens_at, w.number))
            if w.lane == lane and w.opens_at < scale.end and w.closes_at > scale.start
        ]
        for cluster in _clusters(seen):
            rows = _rows(cluster)
            count = max(rows) + 1
            height = round((layout.bar - 2 * (count - 1)) / count, 1)
            for window, row in zip(cluster, rows, strict=True):
                y = round(layout.bars[lane] + row * (height + 2), 1)
                bars.append(_bar(journey, scale, window, y, height))
    return bars


def _clusters(windows: list[JourneyWindow]) -> list[list[JourneyWindow]]:
    """Windows of a lane, parted wherever none overlaps the next."""
    clusters: list[list[JourneyWindow]] = []
    end = None
    for window in windows:
        if end is None or window.opens_at >= end:
            clusters.append([])
        clusters[-1].append(window)
        end = max(end or window.closes_at, window.closes_at)
    return clusters


def _rows(windows: list[JourneyWindow]) -> list[int]:
    """For each of these overlapping windows the first row that is free."""
    ends: list[datetime] = []
    rows = []
    for window in windows:
        row = next((i for i, end in enumerate(ends) if end <= window.opens_at), len(ends))
        ends[row : row + 1] = [window.closes_at]
        rows.append(row)
    return rows


def _bar(journey: Journey, scale: TimeScale, window: JourneyWindow, y: float, height: float) -> Bar:
    x, right = scale.x(window.opens_at), scale.x(window.closes_at)
    is_open = window.state == "open" and window.contains(journey.now)
    left = scale.x(journey.now) if is_open else None
    busy = [
        scale.mark(s.at, 10) for s in journey.sessions if s.state != "missed" and _serves(s, window)
    ]
    label_x, on_left = _number_place(len(str(window.number)), x, right, left, busy)
    if height < 12:
        label_x = None
    return Bar(window, x, y, round(right - x, 1), height, label_x, left, on_left)


def _number_place(
    digits: int, x: float, right: float, left: float | None, busy: list[float]
) -> tuple[float | None, bool]:
    """Where the dose's number stands in its window, clear of session lines and of the time left."""
    width = digits * 8
    paler = right if left is None else left
    places = [(x + 6, False), (paler - width - 6, False)]
    if left is not None:
        places += [(left + 6, True), (right - width - 6, True)]
    for place, on_left in places:
        inside = place >= x + 3 and place + width <= (right if on_left else paler) - 3
        if inside and not any(place - 7 < line < place + width + 7 for line in busy):
            return round(place, 1), on_left
    return None, False


def _doses(journey: Journey, scale: TimeScale, layout: Layout) -> list[Mark]:
    labels = Labels(layout.left, layout.right, layout.dose_labels, _line(journey, scale))
    marks = []
    for dose in sorted(journey.doses, key=lambda dose: (dose.at, dose.number)):
        if not scale.shows(dose.at):
            continue
        x, number = scale.mark(dose.at, 10), str(dose.number)
        words = dose.label or ("" if dose.given else layout.planned)
        label = labels.place(x, f"{number} {words}".strip(), number)
        kind = "given" if dose.given else "planned"
        marks.append(Mark(kind, x, layout.dose, label, dose.number))
    return marks


def _sessions(journey: Journey, scale: TimeScale, layout: Layout, bars: list[Bar]) -> list[Mark]:
    labels = Labels(layout.left, layout.right, layout.session_labels, _line(journey, scale))
    marks = []
    need = _need(journey, scale, layout)
    if need:
        marks.append(
            Mark("need", need, layout.session, _needed(journey, scale, need, labels, layout))
        )
    for session in sorted(journey.sessions, key=lambda session: session.at):
        if not scale.shows(session.at):
            continue
        x = scale.mark(session.at, 10)
        dots = () if session.state == "missed" else _dots(session, bars)
        word = session.state.capitalize() if layout.names_beside else session.state
        marks.append(Mark(session.state, x, layout.session, labels.place(x, word), dots=dots))
    return marks


def _needed(
    journey: Journey, scale: TimeScale, need: float, labels: Labels, layout: Layout
) -> Label | None:
    """Its word: to the right of the mark where there is room, as on the wide drawing; or below."""
    taken = [scale.mark(s.at, 10) for s in journey.sessions if scale.shows(s.at)]
    beside = Label("Needed", round(need + 15, 1), layout.session + 5, "start")
    start, end = beside.extent
    if (
        layout.names_beside
        and end < layout.right
        and not any(start - 12 < x < end + 12 for x in taken)
    ):
        return beside
    return labels.place(need, "Needed" if layout.names_beside else "needed")


def _serves(session: JourneySession, window: JourneyWindow) -> bool:
    return window.lane in session.lanes and window.contains(session.at)


def _dots(session: JourneySession, bars: list[Bar]) -> tuple[float, ...]:
    return tuple(sorted({bar.middle for bar in bars if _serves(session, bar.window)}))


def _need(journey: Journey, scale: TimeScale, layout: Layout) -> float | None:
    """Just after now, while a window is open and no booked session will serve it."""
    booked = [s for s in journey.sessions if s.state == "booked"]
    needed = any(
        w.state == "open" and w.contains(journey.now) and not any(_serves(s, w) for s in booked)
        for w in journey.windows
    )
    if not needed or not scale.shows(journey.now):
        return None
    return round(min(scale.x(journey.now) + 11, layout.right - 11), 1)


def _line(journey: Journey, scale: TimeScale) -> float | None:
    """Where the line of now stands."""
    return scale.x(journey.now) if scale.shows(journey.now) else None


def _now(journey: Journey, scale: TimeScale, layout: Layout) -> Now | None:
    if not scale.shows(journey.now):
        return None
    x, local = scale.x(journey.now), journey.now.astimezone(journey.zone)
    box = min(float(layout.width - Now.width), max(0.0, x - Now.width / 2))
    return Now(x, round(box, 1), f"Now, {local:%a} {local.day}-{local:%b} {local:%H:%M}")


def _description(journey: Journey) -> str:
    given = sum(dose.given for dose in journey.doses)
    planned = len(journey.doses) - given
    opened = sum(w.state == "open" for w in journey.windows)
    held = sum(s.state == "held" for s in journey.sessions)
    return (
        f"{_count(given, 'dose')} given, {_count(planned, 'dose')} planned, "
        f"{_count(held, 'session')} held, {_count(opened, 'window')} open now. "
        "The same dates follow as a table."
    )


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"
