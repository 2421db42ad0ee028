"""Clearances and licences that end: told at 30, 14 and 7 days, to those who renew them, once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from people.credentials.actions import check_credential
from people.models import Licence
from reminders.actions.expiring import ending_clearances, ending_licences, tell_of_expiring
from reminders.models import Letter, Notification
from sessions.models import Clearance
from tests.people.credentials import licence
from tests.reminders.sending import round_of, secrets_in, state

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def of_the_nurse(cast) -> Licence:
    """A licence that ends in 20 days; recorded long ago, and checked by another."""
    with time_machine.travel(timezone.now() - 60 * DAY):
        row = licence(cast.nurse, cast.clinic.today + 80 * DAY)
        check_credential(by=cast.administrator, row=row)
    return row


def noon(clinic, day) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(clinic.timezone))


@pytest.mark.parametrize(
    ("left", "threshold"),
    [(31, None), (30, 30), (15, 30), (14, 14), (8, 14), (7, 7), (1, 7), (0, 7), (-1, None)],
)
def test_each_threshold_lasts_to_the_next(case, episode, left, threshold):
    last_day = Clearance.objects.get().valid_until
    now = noon(case.cast.clinic, last_day) - left * DAY
    assert [days for _, days in ending_clearances(now)] == ([threshold] if threshold else [])


def test_prescribers_and_coordinators_are_told_once(case, episode):
    now = noon(case.cast.clinic, Clearance.objects.get().valid_until) - 30 * DAY
    assert [tell_of_expiring(now), tell_of_expiring(now + DAY)] == [2, 0]
    letters = Letter.objects.filter(kind="clearance")
    assert {each.user.name.split()[0] for each in letters} == {"Pia", "Cora"}
    assert Notification.objects.filter(kind="clearance_ending").count() == 2


def test_a_newer_clearance_says_nothing_and_stops_what_waits(case, episode):
    last_day = Clearance.objects.get().valid_until
    now = noon(case.cast.clinic, last_day) - 30 * DAY
    tell_of_expiring(now)
    case.clear()
    with time_machine.travel(now, tick=False):
        round_of()
    letter = Letter.objects.filter(kind="clearance").first()
    assert (state(letter), letter.cancel_reason) == ("cancelled", "answered")


def test_one_that_was_given_for_a_short_time_says_nothing_at_once(cast):
    """Of ten days, thirty and fourteen say nothing new."""
    row = licence(cast.nurse, cast.clinic.today + 10 * DAY)
    check_credential(by=cast.administrator, row=row)
    now = noon(cast.clinic, cast.clinic.today)
    assert [ending_licences(now + days * DAY) for days in (0, 2, 3)] == [[], [], [(row, 7)]]


def test_a_licence_is_told_of_to_whose_it_is_and_to_administrators(cast):
    row = of_the_nurse(cast)
    now = noon(cast.clinic, cast.clinic.today)
    assert ending_licences(now) == [(row, 30)]
    tell_of_expiring(now)
    told = {each.user for each in Letter.objects.filter(kind="licence")}
    assert told == {cast.nurse, cast.administrator}
    round_of()
    assert len(mail.outbox) == 2
    assert not any(secrets_in(message) for message in mail.outbox)


def test_the_line_leads_to_the_file(cast, signed_in):
    of_the_nurse(cast)
    tell_of_expiring(noon(cast.clinic, cast.clinic.today))
    assert "Your licence ends" in signed_in(cast.nurse).get("/notifications/").content.decode()
    page = signed_in(cast.administrator).get("/notifications/").content.decode()
    assert f"The licence of {cast.nurse} ends" in page
