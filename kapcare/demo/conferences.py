"""A clinic that confers every week: one conference was held, the next waits for its agenda."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from consent.enums import Category
from kapcare.demo.data import Cast
from kapcare.demo.past import as_of
from people.models import User
from referrals.models import Referral
from reminders.conferences.actions import agenda, deciding, planning
from reminders.models import Conference, ConferenceCase

NOON, MINUTES = time(12, 30), 45
DAY = timedelta(days=1)


def load_conferences(cast: Cast, referral: Referral) -> None:
    """`referral`: the case that was talked over last time, with its therapist there. The next one
    is in two to eight days, always on the same weekday as the last."""
    held_on = cast.clinic.today - 5 * DAY
    with as_of(_moment(held_on - 2 * DAY, time(9), cast)):
        planning.set_up_series(
            by=cast.coordinator,
            clinic=cast.clinic,
            form_key=uuid4(),
            content={
                "first_on": held_on,
                "at_time": NOON,
                "every_weeks": 1,
                "minutes": MINUTES,
                "place": "Library, or by phone: 555 0100, extension 4",
            },
        )
        conference = planning.plan_next(by=cast.coordinator, clinic=cast.clinic)
        case = _prepared(cast, conference, referral)
    with as_of(conference.at + timedelta(minutes=20)):
        _talked_over(cast, conference, case, referral.referrer)
    with as_of(conference.at + DAY):
        by = cast.kaptherapist
        deciding.tick_off(by=by, decision=_decided(cast, case, by, DONE, 2))
    planning.plan_next(by=cast.coordinator, clinic=cast.clinic)


DONE = "Call about sleep, and pass on what helped at the onset"
OPEN = "Agree with her on one page of writing before the next dose"


def _moment(day: date, at: time, cast: Cast) -> datetime:
    return datetime.combine(day, at, ZoneInfo(cast.clinic.timezone))


def _prepared(cast: Cast, conference: Conference, referral: Referral) -> ConferenceCase:
    case = agenda.add_by_hand(
        by=cast.kaptherapist,
        conference=conference,
        referral=referral,
        form_key=uuid4(),
        why="Restless at the onset, and afraid of it: what would help next time?",
        category=Category.INTEGRATION,
    )
    agenda.invite(by=cast.coordinator, case=case, people=[referral.referrer_id])
    return case


def _talked_over(cast: Cast, conference: Conference, case: ConferenceCase, outside: User) -> None:
    """Prescriber and therapist were both there."""
    inside = [each.pk for each in (cast.prescriber, cast.kaptherapist, cast.coordinator)]
    planning.record_attendance(by=cast.coordinator, conference=conference, people=inside)
    planning.record_joined(by=cast.coordinator, case=case, people=[outside.pk])
    _decided(cast, case, outside, OPEN, 9)


def _decided(cast: Cast, case: ConferenceCase, owner: User, text: str, days: int):
    return deciding.decide(
        by=cast.coordinator,
        case=case,
        form_key=uuid4(),
        text=text,
        owner=owner,
        due_on=cast.clinic.today + days * DAY,
    )
