"""Rooms, and times of this week: booked, and proposed to a therapist; a window is left to close."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.utils import timezone

from kapcare.demo.data import Cast
from people.models import User
from sessions.appointments.booking import book
from sessions.appointments.offering import propose
from sessions.appointments.rooms import add_room
from sessions.enums.appointments import AppointmentKind
from sessions.models import DosingSession, Room

if TYPE_CHECKING:
    from kapcare.demo.story import ClinicalStory

ROOMS = ("Garden room", "Room 2", "Room 3")
K = AppointmentKind


def add_rooms(cast: Cast) -> None:
    for label in ROOMS:
        add_room(by=cast.administrator, form_key=uuid4(), label=label)


def book_for_dose(story: "ClinicalStory", label: str) -> None:
    """The nurse and a room, from half an hour before the next dose, for three hours."""
    dose, nurse = _last(story), story.cast.nurse
    starts_at = dose.planned_at - timedelta(minutes=30)
    _book(story, nurse, K.DOSE, starts_at, minutes=180, room=_room(story, label), dosing=dose)


def book_integration(story: "ClinicalStory", by: User, hours: int, label: str = "") -> None:
    """By whoever holds it, `hours` from now, after the last dose that was given."""
    given = story.episode.doses.filter(given_at__isnull=False).order_by("-number").first()
    room = _room(story, label) if label else None
    _book(story, by, K.INTEGRATION, _ahead(hours), minutes=50, room=room, dosing=given)


def propose_preparation(story: "ClinicalStory") -> None:
    """Two times, by the coordinator to the therapist, before the next dose."""
    propose(
        by=story.cast.coordinator,
        episode=story.episode,
        form_key=uuid4(),
        kind=K.PREPARATION,
        person=story.cast.therapist,
        starts=[_ahead(20), _ahead(24)],
        minutes=50,
        dosing=_last(story),
    )


def _book(story: "ClinicalStory", by: User, kind: K, starts_at: datetime, **fields) -> None:
    book(
        by=by,
        episode=story.episode,
        form_key=uuid4(),
        kind=kind,
        person=by,
        starts_at=starts_at,
        **fields,
    )


def _last(story: "ClinicalStory") -> DosingSession:
    return story.episode.doses.latest("number")


def _room(story: "ClinicalStory", label: str) -> Room:
    return Room.objects.get(clinic=story.cast.clinic, label=label)


def _ahead(hours: int) -> datetime:
    at = timezone.now() + timedelta(hours=hours)
    return at.replace(minute=0, second=0, microsecond=0)
