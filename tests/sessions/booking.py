"""Appointments as people of the cast make them."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from consent.enums import Category
from people.models import User
from sessions.appointments import booking, offering
from sessions.appointments.feeds import make_feed
from sessions.appointments.rooms import add_room
from sessions.models import Appointment, CalendarFeed, Room
from tests.builder import Builder

FROZEN = {
    Appointment: {"starts_at": "2026-01-01T00:00:00Z"},
    Room: {"clinic_id": 2},
    CalendarFeed: {"token_hash": "0"},
}
GUARDS = {
    "care_sessions_appointment": [
        *("by_its_house", "frozen", "kept", "born_open", "moves", "of_a_house", "lasts", "follows"),
        *("held_by_its_house", "of_its_dose", "in_a_room_of_its_house"),
        # On PostgreSQL these two are exclusion constraints.
        *([] if connection.vendor == "postgresql" else ["person_once", "room_once"]),
    ],
    "care_sessions_room": ["frozen", "retired_at_once", "kept"],
    "care_sessions_calendarfeed": ["frozen", "revoked_once", "kept"],
}
BOTH_WAYS = {"out_categories": [Category.SCHEDULE], "in_categories": [Category.SCHEDULE]}


def ahead(days: float = 3, hour: int = 10) -> datetime:
    """10:00 in New York, some days ahead."""
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def room(case: Builder, label: str = "Room 1") -> Room:
    return add_room(by=case.cast.administrator, form_key=uuid4(), label=label)


def book(case: Builder, by: User | None = None, **changes) -> Appointment:
    """By the KAP therapist for themselves, unless `by` somebody else."""
    by = by or case.cast.kaptherapist
    usual = {"kind": "integration", "person": by, "starts_at": ahead(), "minutes": 50}
    fields = {"form_key": uuid4(), **usual, **changes}
    return booking.book(by=by, episode=case.episode, **fields)


def write_each_once(case: Builder) -> None:
    """A row of every kind."""
    book(case, room=room(case))
    make_feed(by=case.cast.nurse, form_key=uuid4())


def propose(case: Builder, by: User | None = None, **changes) -> list[Appointment]:
    """Two times by the coordinator, to the KAP therapist unless to somebody else."""
    usual = {"kind": "integration", "person": case.cast.kaptherapist, "minutes": 50}
    usual |= {"form_key": uuid4(), "starts": [ahead(3), ahead(4)]}
    by = by or case.cast.coordinator
    return offering.propose(by=by, episode=case.episode, **{**usual, **changes})
