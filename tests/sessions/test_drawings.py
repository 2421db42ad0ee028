"""The geometry of the drawings: time runs to the right, nothing leaves the frame."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.drawings.flow_chart import VitalsRow, draw_vitals
from sessions.drawings.gauge import draw_gauge
from sessions.drawings.journey import (
    Journey,
    JourneyDose,
    JourneySession,
    JourneyWindow,
    draw_journey,
)

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 7, 16, 13, 20, tzinfo=UTC)
HOURS = {"prepare": (-72, -24), "integrate": (24, 48), "consolidate": (96, 168)}


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def windows(number: int, at: datetime) -> list[JourneyWindow]:
    found = []
    for lane, (opens, closes) in HOURS.items():
        start, end = at + hours(opens), at + hours(closes)
        state = "later" if start > NOW else "open" if end > NOW else "missed"
        found.append(JourneyWindow(lane, number, start, end, state))
    return found


def journey(doses: list[datetime], sessions: list[JourneySession] | None = None) -> Journey:
    marks = tuple(JourneyDose(n, at, at <= NOW, "50 mg") for n, at in enumerate(doses, 1))
    around = tuple(w for n, at in enumerate(doses, 1) for w in windows(n, at))
    return Journey(NOW, ZONE, marks, around, tuple(sessions or []))


moments = st.integers(-6000, 6000).map(lambda n: NOW + hours(n))
sessions = st.builds(JourneySession, moments, st.sampled_from(["held", "booked", "missed"]))


@given(st.lists(moments, max_size=12), st.lists(sessions, max_size=12), st.booleans())
def test_everything_stays_inside_the_frame(doses, held, wide):
    drawing = draw_journey(journey(doses, held), wide=wide)
    frame = drawing.layout
    for bar in drawing.bars:
        assert frame.left <= bar.x <= bar.right <= frame.right
        assert frame.axis < bar.y < bar.y + bar.height < frame.bottom
        assert bar.label_x is None or bar.x < bar.label_x < bar.right
        assert bar.left is None or bar.x <= bar.left <= bar.right
    for mark in [*drawing.doses, *drawing.sessions]:
        assert frame.left + 10 <= mark.x <= frame.right - 10
        if mark.label:
            start, end = mark.label.extent
            assert frame.left <= start < end <= frame.right
            assert mark.label.y < frame.height
    for x, width in drawing.weekends:
        assert frame.left <= x < x + width <= frame.right + 0.2
    if drawing.now:
        assert 0 <= drawing.now.box_x <= frame.width - drawing.now.width


def test_the_words_of_a_dose_stand_beside_the_line_of_now():
    drawing = draw_journey(journey([NOW - hours(6)]), wide=True)
    [mark], line = drawing.doses, drawing.now.x
    start, end = mark.label.extent
    assert start < mark.x < end < line


@given(st.lists(moments, max_size=12), st.booleans())
def test_later_is_further_right(doses, wide):
    drawing = draw_journey(journey(doses), wide=wide)
    places = [mark.x for mark in drawing.doses]
    assert places == sorted(places)
    ticks = [tick.x for tick in drawing.ticks]
    assert ticks == sorted(ticks)
    assert len(ticks) >= 12


@given(st.lists(moments, max_size=8), st.lists(sessions, max_size=8), st.booleans())
def test_no_word_is_written_over_another(doses, held, wide):
    drawing = draw_journey(journey(doses, held), wide=wide)
    for marks in (drawing.doses, drawing.sessions):
        labels = [mark.label for mark in marks if mark.label]
        for one in labels:
            for other in labels:
                if one is not other and one.y == other.y:
                    assert one.extent[1] <= other.extent[0] or other.extent[1] <= one.extent[0]


@given(st.lists(moments, max_size=12), st.booleans())
def test_the_stretch_of_time_stays_readable(doses, wide):
    drawing = draw_journey(journey(doses), wide=wide)
    length = drawing.scale.end - drawing.scale.start
    assert drawing.layout.least <= length <= drawing.layout.most + timedelta(days=1)


@given(st.lists(moments, max_size=8))
def test_windows_of_one_lane_never_cover_each_other(doses):
    bars = draw_journey(journey(doses), wide=True).bars
    for one in bars:
        for other in bars:
            if one is other or one.window.lane != other.window.lane:
                continue
            apart = one.right <= other.x + 0.2 or other.right <= one.x + 0.2
            stacked = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert apart or stacked


def served(at: datetime, dose: datetime, state: str = "held") -> set[float]:
    drawing = draw_journey(journey([dose], [JourneySession(at, state)]), wide=True)
    mark = next(mark for mark in drawing.sessions if mark.kind == state)
    return set(mark.dots)


def test_a_session_serves_from_the_opening_to_just_before_the_closing():
    dose = NOW - hours(60)
    assert len(served(dose + hours(24), dose)) == 1
    assert len(served(dose + hours(48) - timedelta(seconds=1), dose)) == 1
    assert served(dose + hours(48), dose) == set()
    assert served(dose + hours(30), dose, "missed") == set()


def test_one_session_rises_through_three_windows():
    doses = [NOW - hours(124), NOW - hours(28), NOW + hours(44)]
    drawing = draw_journey(journey(doses, [JourneySession(NOW, "held")]), wide=True)
    mark = next(mark for mark in drawing.sessions if mark.kind == "held")
    assert mark.dots == (149, 195, 241)
    assert list(mark.dots) == sorted(mark.dots)


def test_a_session_of_preparation_serves_no_other_lane():
    dose = NOW - hours(30)
    only = JourneySession(dose + hours(26), "held", ("prepare",))
    drawing = draw_journey(journey([dose], [only]), wide=True)
    assert [mark.dots for mark in drawing.sessions if mark.kind == "held"] == [()]


def test_a_need_is_drawn_until_a_session_is_booked():
    dose = NOW - hours(30)
    needed = draw_journey(journey([dose]), wide=True)
    assert [mark.kind for mark in needed.sessions] == ["need"]
    booked = [JourneySession(NOW + hours(5), "booked")]
    assert [m.kind for m in draw_journey(journey([dose], booked), wide=True).sessions] == ["booked"]


def test_the_time_left_of_an_open_window_begins_now():
    drawing = draw_journey(journey([NOW - hours(30)]), wide=True)
    assert drawing.now is not None
    assert {bar.left for bar in drawing.bars if bar.window.state == "open"} == {drawing.now.x}
    assert all(bar.left is None for bar in drawing.bars if bar.window.state != "open")


def test_without_a_dose_there_are_days_and_now():
    drawing = draw_journey(journey([]), wide=False)
    assert (drawing.bars, drawing.doses, drawing.sessions) == ([], [], [])
    assert drawing.now is not None
    assert drawing.now.text == "Now, Thu 16-Jul 09:20"


def test_long_ago_shows_the_last_weeks_and_no_now():
    old = NOW - timedelta(days=200)
    drawing = draw_journey(journey([old]), wide=True)
    assert drawing.now is None
    assert [mark.number for mark in drawing.doses] == [1]
    assert len(drawing.bars) == 3


@pytest.mark.parametrize("month", [3, 11])
def test_a_week_with_a_change_of_clocks_keeps_its_days(month):
    now = datetime(2026, month, 8, 17, tzinfo=UTC)
    drawing = draw_journey(Journey(now, ZONE), wide=False)
    gaps = [b.x - a.x for a, b in zip(drawing.ticks, drawing.ticks[1:], strict=False)]
    assert len(drawing.ticks) in (13, 14)
    assert max(gaps) - min(gaps) < 2.5  # one day of 23 or 25 hours among those of 24


@given(st.integers(-50, 150))
def test_the_gauge_empties_as_time_passes(percent):
    opens, closes = NOW, NOW + hours(24)
    gauge = draw_gauge(opens, closes, opens + hours(24) * percent / 100)
    assert gauge.later == (percent < 0)
    if gauge.now_x is not None:
        assert 0 <= gauge.now_x <= 168
        assert 0 <= gauge.left_width <= 168
        assert gauge.now_x + gauge.left_width == pytest.approx(167)


def row(minutes: float, systolic: int | None, diastolic: int | None, heart: int | None):
    return VitalsRow(NOW + timedelta(minutes=minutes), systolic, diastolic, heart)


numbers = st.tuples(st.integers(40, 300), st.integers(20, 200), st.integers(20, 250))
rows = st.lists(
    st.tuples(st.integers(-90, 400), numbers).map(lambda r: row(r[0], *r[1])), min_size=1
)


@given(rows, st.one_of(st.none(), st.just((150, 95))))
def test_every_reading_lies_in_the_chart(given_rows, limits):
    chart = draw_vitals(given_rows, dose_at=NOW, limits=limits, zone=ZONE)
    assert chart is not None
    for bar in chart.bars:
        assert chart.left <= bar.x <= chart.right
        assert chart.top <= bar.top <= chart.bottom
        assert chart.top <= bar.bottom <= chart.bottom
    assert all(chart.top <= p.y <= chart.bottom for p in chart.heart)
    assert all(chart.top <= level.y <= chart.bottom for level in [*chart.grid, *chart.limits])
    assert [bar.x for bar in chart.bars] == sorted(bar.x for bar in chart.bars)
    assert 1 <= len(chart.times) <= 8


def test_higher_is_drawn_higher_and_gaps_are_left_out():
    chart = draw_vitals(
        [row(0, 124, 78, 72), row(10, None, None, 80), row(20, 158, 96, None)],
        dose_at=NOW,
        limits=(150, 95),
        zone=ZONE,
    )
    assert chart is not None
    assert len(chart.bars) == 2
    assert len(chart.heart) == 2
    assert chart.bars[1].top < chart.limits[0].y < chart.bars[0].top
    assert chart.title.startswith("Blood pressure 124/78 at 09:20, 158/96 at its highest at 09:40")


def test_nothing_to_draw_is_no_chart():
    assert draw_vitals([], dose_at=NOW, limits=None, zone=ZONE) is None
    assert draw_vitals([row(0, None, None, None)], dose_at=NOW, limits=None, zone=ZONE) is None
