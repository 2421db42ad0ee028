"""When conferences are held. Pure: days of the clinic's calendar, times of its own zone.

An hour that the clocks skip is held an hour later, one that comes twice the first time; the next
one is at its usual time again.
"""

from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def days(first_on: date, every_weeks: int, last_on: date | None = None) -> Iterator[date]:
    """Every day on which one is held, from `first_on` until `last_on`, both included; without
    end where there is none. `every_weeks` is 1 or 2."""
    day = first_on
    while last_on is None or day <= last_on:
        yield day
        day += timedelta(weeks=every_weeks)


def begins(day: date, at_time: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which one begins that is held on `day`."""
    return datetime.combine(day, at_time, zone).astimezone(UTC)


def next_one(
    *,
    first_on: date,
    every_weeks: int,
    last_on: date | None,
    at_time: time,
    minutes: int,
    zone: ZoneInfo,
    after: datetime,
    skip: Container[datetime] = (),
) -> datetime | None:
    """When the first one begins that is not over at the moment `after` (aware), which may run
    already, and is not among `skip`; None where the series has ended before."""
    length, step = timedelta(minutes=minutes), 7 * every_weeks
    # A day before, for zones, and whole steps from the first: no walk through the past.
    ahead = (after.astimezone(zone).date() - first_on).days - 1
    start = first_on + timedelta(days=max(0, ahead // step) * step)
    for day in days(start, every_weeks, last_on):
        at = begins(day, at_time, zone)
        if at + length > after and at not in skip:
            return at
    return None
