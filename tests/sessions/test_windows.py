"""Windows are absolute hours: a day has 24 of them here, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.windows import HOURS, WindowKind, WindowState, drawn, reminded, window

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
