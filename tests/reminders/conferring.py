"""Case conferences as a clinic holds them."""

from datetime import time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from kapcare.demo.past import as_of
from people.models import User
from reminders.conferences.actions import agenda, deciding, planning
from reminders.models import (
    Conference,
    ConferenceAttendance,
    ConferenceCase,
    ConferenceDecision,
    ConferenceInvitation,
    ConferenceReason,
    ConferenceSeries,
)
from tests.builder import Builder

APPEND_ONLY = {
    ConferenceReason: {"detail": "other"},
    ConferenceInvitation: {"person_id": 1},
    ConferenceAttendance: {"present": False},
}
FROZEN = {
    ConferenceSeries: {"place": "other"},
    Conference: {"planned_by_id": 1},
    ConferenceCase: {"occurred_at": "2026-01-01T00:00:00Z"},
    ConferenceDecision: {"text": "other"},
}
GUARDS = {
    "reminders_conferenceseries": [
        *("frozen", "last_on_once", "kept", "after_the_last", "by_triage")
    ],
    "reminders_conference": ["frozen", "called_off_at_once", "kept", "planned_there"],
    "reminders_conferencecase": [
        *("frozen", "taken_off_at_once", "kept", "of_its_client", "stays_once_decided"),
        "by_its_house",
    ],
    "reminders_conferencereason": ["of_its_case", "by_its_house"],
    "reminders_conferenceinvitation": ["of_the_practice"],
    "reminders_conferenceattendance": ["of_its_conference", "by_its_house"],
    "reminders_conferencedecision": [
        *("frozen", "done_at_once", "kept", "of_its_case", "owned_by_the_two"),
        *("replaces_its_own", "by_its_house"),
    ],
}
PLACE = "Room 2, or the clinic’s video room"
LASTS = 240  # minutes
DECIDED = "Ring the client on Monday"


def set_up(case: Builder, by: User | None = None, **changes) -> ConferenceSeries:
    usual = {
        "first_on": case.cast.clinic.today + timedelta(days=2),
        "at_time": time(12, 30),
        "every_weeks": 1,
        "minutes": 45,
        "place": PLACE,
    }
    key = changes.pop("form_key", None) or uuid4()
    return planning.set_up_series(
        by=by or case.cast.coordinator,
        clinic=case.cast.clinic,
        form_key=key,
        content={**usual, **changes},
    )


def began(case: Builder, hours: float = 1, **changes) -> Conference:
    """The first conference of the clinic, which began so many `hours` ago and lasts four."""
    begin = (timezone.now() - timedelta(hours=hours)).replace(second=0, microsecond=0)
    local = begin.astimezone(ZoneInfo(case.cast.clinic.timezone))
    when = {"first_on": local.date(), "at_time": local.time(), "minutes": LASTS, **changes}
    with as_of(begin - timedelta(hours=2)):
        set_up(case, **when)
        return planning.plan_next(by=case.cast.nurse, clinic=case.cast.clinic)


def add(case: Builder, conference: Conference, **changes) -> ConferenceCase:
    """Put on the agenda by hand by the nurse."""
    usual = {
        "by": case.cast.nurse,
        "referral": case.referral,
        "form_key": uuid4(),
        "why": "Sleeps badly",
        "category": "integration",
    }
    return agenda.add_by_hand(conference=conference, **{**usual, **changes})


def take(case: Builder, conference: Conference, **changes) -> ConferenceCase:
    usual = {"by": case.cast.nurse, "referral": case.referral, "form_key": uuid4()}
    return agenda.take_case(conference=conference, **{**usual, **changes})


def decide(case: Builder, row: ConferenceCase, **changes) -> ConferenceDecision:
    """The nurse's decision, for the nurse to carry out within the week."""
    usual = {
        "by": case.cast.nurse,
        "form_key": uuid4(),
        "text": DECIDED,
        "owner": case.cast.nurse,
        "due_on": case.cast.clinic.today + timedelta(days=6),
    }
    return deciding.decide(case=row, **{**usual, **changes})


def write_each_once(case: Builder) -> None:
    """A row of every kind; a release opens integration to the referrer."""
    conference = began(case)
    row = add(case, conference)
    agenda.invite(by=case.cast.nurse, case=row, people=[case.referrer.pk])
    planning.record_attendance(
        by=case.cast.nurse, conference=conference, people=[case.cast.nurse.pk]
    )
    deciding.tick_off(by=case.cast.nurse, decision=decide(case, row))


def url(name: str, *args) -> str:
    return reverse(f"reminders:{name}", args=args)


def main(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]
