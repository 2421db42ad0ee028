"""Times as calendar files (RFC 5545), by the `icalendar` library. Pure.

What leaves the portal here lies in calendars of others: it says that there is an appointment, when,
and where to read more after signing in. No name, no house, nothing of health.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from icalendar import Calendar, Event

SUMMARY = "kapcare: appointment"
# Of the times that have no id of their own.
NAMESPACE = UUID("5f1c1a52-7d0e-4b52-9d52-3f1f5b7f7a11")


@dataclass(frozen=True)
class Entry:
    """One time. `uid` stays while it is moved, `sequence` grows; `url` leads to its page."""

    uid: UUID
    sequence: int
    starts_at: datetime
    ends_at: datetime | None
    cancelled: bool
    written_at: datetime
    url: str


def uid_of_dose(event: int) -> UUID:
    """The lasting id of a dose's date, which moves in place."""
    return uuid5(NAMESPACE, f"dose {event}")


def as_calendar(entries: Iterable[Entry]) -> bytes:
    """The file; the same entries give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//kapcare//appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "kapcare")
    for entry in sorted(entries, key=lambda each: (each.starts_at, each.uid)):
        calendar.add_component(_event(entry))
    return calendar.to_ical()


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@kapcare")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.written_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    if entry.ends_at:
        event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", SUMMARY)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("url", entry.url)
    return event
