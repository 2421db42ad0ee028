"""When mail of news goes: on the day the clocks jump ahead, and on the day they go back, too."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.enums import Way
from reminders.notifications.timing import Hours

NEW_YORK = ZoneInfo("America/New_York")  # in 2026 ahead on 8 March, back on 1 November, at 2:00
NIGHT = (time(22), time(7))


def hours(digest: int = 8, quiet: tuple = (None, None), zone: ZoneInfo = NEW_YORK) -> Hours:
    return Hours(zone, digest, *quiet)


def here(text: str, fold: int = 0) -> datetime:
    """What a clock in New York shows, as a moment in UTC; `fold` 1: for the second time."""
    shown = datetime.fromisoformat(f"2026-{text}").replace(tzinfo=NEW_YORK, fold=fold)
    return shown.astimezone(UTC)


def test_at_once_is_now_and_in_the_portal_is_never():
    at = here("07-14 12:00")
    assert hours().opens_at(at, Way.AT_ONCE) == at
    assert hours().opens_at(at, Way.PORTAL) is None


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (here("07-14 07:59"), here("07-14 08:00")),
        (here("07-14 08:00"), here("07-14 08:00")),
        (here("07-14 08:01"), here("07-15 08:00")),
        (here("03-07 20:00"), datetime(2026, 3, 8, 12, tzinfo=UTC)),  # a night of 11 hours
        (here("10-31 20:00"), datetime(2026, 11, 1, 13, tzinfo=UTC)),  # and one of 13
    ],
)
def test_the_digest_goes_at_its_hour_whatever_the_clocks_do(at, opens):
    assert hours().opens_at(at, Way.DIGEST) == opens


def test_an_hour_that_the_clocks_skip_is_counted_on():
    opens = hours(digest=2).opens_at(here("03-07 20:00"), Way.DIGEST)
    assert opens == here("03-08 03:00")


def test_an_hour_that_comes_twice_brings_one_digest():
    twice = hours(digest=1)
    assert twice.opens_at(here("10-31 20:00"), Way.DIGEST) == here("11-01 01:00")
    between = here("11-01 01:30")
    assert between < here("11-01 01:00", fold=1)
    assert twice.opens_at(between, Way.DIGEST) == here("11-02 01:00")


@pytest.mark.parametrize(
    ("quiet", "at", "opens"),
    [
        (NIGHT, here("07-14 21:59"), here("07-14 21:59")),
        (NIGHT, here("07-14 22:00"), here("07-15 07:00")),
        (NIGHT, here("07-15 06:59"), here("07-15 07:00")),
        (NIGHT, here("07-15 07:00"), here("07-15 07:00")),
        ((time(12), time(13, 30)), here("07-14 12:15"), here("07-14 13:30")),
        ((time(12), time(13, 30)), here("07-14 23:00"), here("07-14 23:00")),
        # ahead: 2:30 is skipped, and counted on
        ((time(22), time(2, 30)), here("03-08 01:00"), here("03-08 03:30")),
        (NIGHT, here("03-07 23:00"), datetime(2026, 3, 8, 11, tzinfo=UTC)),
        # back: quiet lasts to the end of the second 1:30
        ((time(22), time(1, 30)), here("11-01 00:30"), here("11-01 01:30", fold=1)),
        ((time(22), time(1, 30)), here("11-01 01:10", fold=1), here("11-01 01:30", fold=1)),
        (NIGHT, here("10-31 23:00"), datetime(2026, 11, 1, 12, tzinfo=UTC)),
    ],
)
def test_quiet_hours_put_it_off_to_their_end(quiet, at, opens):
    assert hours(quiet=quiet).opens_at(at, Way.AT_ONCE) == opens


def test_a_digest_in_quiet_hours_goes_when_they_are_over():
    early = hours(digest=6, quiet=NIGHT)
    assert early.opens_at(here("07-14 12:00"), Way.DIGEST) == here("07-15 07:00")


YEAR = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ("America/New_York", "Australia/Lord_Howe", "America/Phoenix", "Asia/Kathmandu")


@given(
    at=st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: YEAR + timedelta(minutes=minutes)),
    zone=st.sampled_from(ZONES),
    digest=st.integers(0, 23),
    begin=st.integers(0, 47),
    halves=st.integers(1, 40),
    way=st.sampled_from([Way.AT_ONCE, Way.DIGEST]),
)
def test_it_goes_after_what_happened_and_never_in_a_quiet_hour(
    at, zone, digest, begin, halves, way
):
    def clock(half: int) -> time:
        return time(half % 48 // 2, half % 2 * 30)

    found = hours(digest, (clock(begin), clock(begin + halves)), ZoneInfo(zone))
    opens = found.opens_at(at, way)
    assert at <= opens <= at + timedelta(days=2, hours=2)
    assert not found.quiet(opens)
