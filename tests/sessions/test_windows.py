"""Windows are absolute hours: a day has 24 of them here, whatever the clocks do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.windows import (
    HOURS,
    SHARED,
    Window,
    WindowKind,
    WindowState,
    drawn,
    reminded,
    stretches,
    window,
    windows,
    within_usual,
)

ZONES = [ZoneInfo(name) for name in ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe")]
moments = st.builds(
    lambda naive, zone, fold: naive.replace(tzinfo=zone, fold=fold),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001
    st.sampled_from(ZONES),
    st.integers(0, 1),
)
kinds = st.sampled_from(list(WindowKind))


@given(kinds, moments)
def test_every_window_lies_its_hours_from_the_dose(kind, dose_at):
    found, (opens, closes) = window(kind, 1, dose_at), HOURS[kind]
    start = dose_at.astimezone(UTC)
    assert found.opens_at - start == timedelta(hours=opens)
    assert found.closes_at - start == timedelta(hours=closes)


@given(kinds, moments)
def test_a_window_holds_its_first_moment_and_not_its_last(kind, dose_at):
    found, instant = window(kind, 1, dose_at), timedelta(microseconds=1)
    assert found.contains(found.opens_at)
    assert not found.contains(found.opens_at - instant)
    assert found.contains(found.closes_at - instant)
    assert not found.contains(found.closes_at)


@given(kinds, moments, st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_without_a_session_the_clock_alone_decides(kind, dose_at, offset):
    found = window(kind, 1, dose_at)
    now = found.opens_at + offset
    state = found.state(now, [])
    expected = WindowState.OPEN if found.contains(now) else WindowState.MISSED
    assert state == (WindowState.LATER if now < found.opens_at else expected)


@given(kinds, moments, st.integers(0, 10**7), st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_a_session_inside_serves_it_at_any_time(kind, dose_at, seconds, offset):
    found = window(kind, 1, dose_at)
    length = (found.closes_at - found.opens_at).total_seconds()
    held = found.opens_at + timedelta(seconds=seconds % length)
    assert found.state(found.opens_at + offset, [held]) == WindowState.SERVED
    assert found.state(found.closes_at, [found.closes_at]) == WindowState.MISSED


@pytest.mark.parametrize(
    ("local", "opens", "closes"),
    [
        # the clocks go forward in the night of 8-Mar-2026: 14:00 becomes 15:00 the day after
        ((2026, 3, 7, 14), (2026, 3, 8, 15), (2026, 3, 9, 15)),
        # and back in the night of 1-Nov-2026
        ((2026, 10, 31, 14), (2026, 11, 1, 13), (2026, 11, 2, 13)),
    ],
)
def test_the_primary_window_across_a_change_of_clocks(local, opens, closes):
    zone = ZoneInfo("America/New_York")
    found = window(WindowKind.PRIMARY, 1, datetime(*local, tzinfo=zone))
    assert found.opens_at.astimezone(zone).replace(tzinfo=None) == datetime(*opens)  # noqa: DTZ001
    assert found.closes_at.astimezone(zone).replace(tzinfo=None) == datetime(*closes)  # noqa: DTZ001


def test_reminded_before_a_dose_of_preparation_and_after_it_of_integration():
    at = datetime(2026, 7, 14, 14, tzinfo=UTC)
    assert [w.kind for w in reminded(1, at, given=False)] == ["preparation"]
    assert [w.kind for w in reminded(1, at, given=True)] == ["primary", "secondary"]
    assert [w.kind for w in drawn(1, at)] == ["preparation", "primary", "secondary"]


# ------------------------------------------------------------------ every hour of two years
TWO_YEARS = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
SIX = ["America/New_York", "America/Los_Angeles", "America/Phoenix", "Europe/London"]
SIX += ["Australia/Lord_Howe", "Asia/Kathmandu"]  # half an hour of summer time; no whole offset


@pytest.mark.parametrize("name", SIX)
def test_every_hour_of_two_years_in_six_zones(name):
    """Seconds since 1970 know of no clock: by them each window lies where its hours say."""
    zone, offsets = ZoneInfo(name), set()
    moment, end = TWO_YEARS
    while moment < end:
        local = moment.astimezone(zone)
        offsets.add(local.utcoffset())
        begun = moment.timestamp()
        for found in windows(1, local):
            opens, closes = HOURS[found.kind]
            assert found.opens_at.timestamp() == begun + opens * 3600
            assert found.closes_at.timestamp() == begun + closes * 3600
        moment += timedelta(hours=1)
    changes = {"America/Phoenix", "Asia/Kathmandu"}
    assert len(offsets) == (1 if name in changes else 2)


# ------------------------------------------------------------------ what one session serves
START = datetime(2026, 3, 1, tzinfo=UTC)
spans = st.lists(st.tuples(st.integers(0, 240), st.integers(2, 80)), min_size=1, max_size=6)


def made(rows) -> list[Window]:
    hour = timedelta(hours=1)
    return [
        Window(WindowKind.PRIMARY, number, START + opens * hour, START + (opens + lasts) * hour)
        for number, (opens, lasts) in enumerate(rows)
    ]


def fit(together: list[Window]) -> bool:
    opens, closes = max(w.opens_at for w in together), min(w.closes_at for w in together)
    return len(together) == 1 or closes - opens >= SHARED


def partitions(rows: list[Window]) -> Iterator[list[list[Window]]]:
    if not rows:
        yield []
        return
    first, *others = rows
    for parts in partitions(others):
        yield [[first], *parts]
        for place, part in enumerate(parts):
            yield [*parts[:place], [first, *part], *parts[place + 1 :]]


@given(spans)
def test_the_fewest_sessions_serve_all_windows_each_once(rows):
    found = made(rows)
    together = stretches(found)
    inside = [each for stretch in together for each in stretch.windows]
    assert sorted(w.dose_number for w in inside) == list(range(len(rows)))
    for stretch in together:
        assert fit(list(stretch.windows))
        assert stretch.opens_at < stretch.closes_at
        assert all(each.contains(stretch.opens_at) for each in stretch.windows)
    fewest = min(len(parts) for parts in partitions(found) if all(map(fit, parts)))
    assert len(together) == fewest


@given(spans, st.randoms())
def test_the_order_in_which_they_come_changes_nothing(rows, draw):
    found = made(dict.fromkeys(rows))  # of two that are the same, either may come first
    shuffled = draw.sample(found, len(found))
    assert stretches(shuffled) == stretches(found)


def test_preparation_for_the_next_dose_stands_with_integration_of_the_last():
    given_at = datetime(2026, 7, 13, 14, tzinfo=UTC)
    after = reminded(1, given_at, given=True)
    before = reminded(2, given_at + timedelta(days=3), given=False)
    together = [[w.kind for w in each.windows] for each in stretches([*after, *before])]
    assert together == [["preparation", "primary"], ["secondary"]]
    far = reminded(2, given_at + timedelta(days=2), given=False)  # closes as the primary opens
    assert len(stretches([*after, *far])) == 3


# ------------------------------------------------------------------ hours that a clinic narrowed
@given(kinds, moments, st.integers(0, 70), st.integers(2, 72))
def test_narrowed_hours_lie_within_the_usual_window(kind, dose_at, later, lasts):
    opens = HOURS[kind][0] + later
    span = (opens, opens + lasts)
    usual, found = window(kind, 1, dose_at), window(kind, 1, dose_at, {**HOURS, kind: span})
    inside = usual.opens_at <= found.opens_at < found.closes_at <= usual.closes_at
    assert within_usual(kind, span) == inside
    assert not within_usual(kind, (opens, opens + 1))


def test_a_window_says_its_hours():
    said = [each.label for each in drawn(1, START)]
    usual = ["Preparation, 72–24 h before", "Integration, 24–48 h", "Consolidation, 4–7 days"]
    assert said == usual
    narrowed = {WindowKind.PRIMARY: (24, 36)}
    assert window(WindowKind.PRIMARY, 1, START, narrowed).label == "Integration, 24–36 h"
