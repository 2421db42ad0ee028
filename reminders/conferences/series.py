"""Which series a clinic has, and which conference comes next. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from people.models import Organization
from reminders.conferences.dates import next_one
from reminders.models import Conference, ConferenceSeries


@dataclass(frozen=True)
class Next:
    """The next conference: by which series and when, and its row once somebody prepared it."""

    series: ConferenceSeries
    at: datetime
    conference: Conference | None


def series_of(clinic: Organization, now: datetime) -> list[ConferenceSeries]:
    """What is held now or begins later, the earlier first."""
    goes_on = Q(last_on=None) | Q(last_on__gte=clinic.day_of(now))
    rows = ConferenceSeries.objects.filter(goes_on, clinic=clinic).select_related("clinic")
    return list(rows.order_by("first_on"))


def next_conference(clinic: Organization, now: datetime) -> Next | None:
    """The first that is neither over nor called off; it may run already."""
    every = series_of(clinic, now)
    rows = Conference.objects.filter(series__in=every).select_related("series__clinic")
    planned = {row.at: row for row in rows}
    off = {at for at, row in planned.items() if row.called_off_at}
    found = [
        Next(each, at, planned.get(at))
        for each in every
        if (at := _next(each, now, off)) is not None
    ]
    return min(found, key=lambda each: each.at, default=None)


def _next(series: ConferenceSeries, now: datetime, off: set[datetime]) -> datetime | None:
    return next_one(
        first_on=series.first_on,
        every_weeks=series.every_weeks,
        last_on=series.last_on,
        at_time=series.at_time,
        minutes=series.minutes,
        zone=series.zone,
        after=now,
        skip=off,
    )
