"""A clinic narrows its windows: by whom, within what, and what follows."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from reminders.models import Reminder
from sessions.actions.windows import set_window
from sessions.hours import hours_at
from sessions.models import WindowPlan
from sessions.windows import HOURS, WindowKind
from tests.refusing import database_refuses

pytestmark = pytest.mark.django_db
ADDRESS = "/care/windows/"
HOUR = timedelta(hours=1)


def narrow(cast, key=None, by=None, kind="primary", opens=24, closes=36):
    about = {"clinic": cast.clinic, "form_key": key or uuid4(), "kind": kind}
    return set_window(by=by or cast.prescriber, **about, opens=opens, closes=closes)


def shown(response) -> str:
    return response.content.decode()


def test_the_newest_counts_and_the_others_stay(cast):
    key = uuid4()
    assert len({narrow(cast, key).pk for _ in range(2)}) == 1
    narrow(cast, opens=26, closes=40)
    assert hours_at(cast.clinic.pk) == {**HOURS, WindowKind.PRIMARY: (26, 40)}
    assert hours_at(cast.practice.pk) == HOURS
    assert WindowPlan.objects.count() == 2
    assert AuditEvent.objects.filter(event="window.set").count() == 2


def test_only_a_prescriber_of_the_clinic_writes_it(cast):
    for name, user in cast.everybody().items():
        if name != "prescriber":
            with pytest.raises(PermissionDenied):
                narrow(cast, by=user)


@pytest.mark.parametrize(
    ("kind", "opens", "closes"),
    [
        ("primary", 23, 48),
        ("primary", 24, 49),
        ("primary", 30, 31),
        ("preparation", -72, -23),
        ("preparation", -73, -24),
        ("secondary", 90, 168),
    ],
)
def test_no_window_is_widened_or_too_short(cast, kind, opens, closes):
    with pytest.raises(ValidationError):
        narrow(cast, kind=kind, opens=opens, closes=closes)
    row = {"clinic": cast.clinic, "recorded_by": cast.prescriber}
    row |= {"kind": kind, "opens": opens, "closes": closes}
    database_refuses(lambda: WindowPlan.objects.create(**row))


def test_nobody_of_another_house_is_written_as_who_set_it(cast):
    row = {"clinic": cast.clinic, "kind": "primary", "opens": 24, "closes": 36}
    database_refuses(lambda: WindowPlan.objects.create(**row, recorded_by=cast.stranger))


def test_reminders_of_doses_given_and_planned_move_with_it(case, episode):
    case.give(hours_ago=2)
    given, planned = case.dosing, case.plan(timezone.now() + timedelta(days=5))
    narrow(case.cast, opens=26, closes=40)
    narrow(case.cast, kind="preparation", opens=-48, closes=-24)
    primary = Reminder.objects.get(dosing=given, kind="primary", stage="opening")
    assert primary.opens_at == given.given_at + 26 * HOUR
    assert primary.closes_at == given.given_at + 40 * HOUR
    ahead = Reminder.objects.get(dosing=planned, kind="preparation", stage="opening")
    assert ahead.opens_at == planned.planned_at - 48 * HOUR
    assert Reminder.objects.get(dosing=given, kind="secondary", stage="opening").state == "pending"


def test_the_page_shows_all_windows_and_changes_one(cast, signed_in):
    browser = signed_in(cast.prescriber)
    page = shown(browser.get(ADDRESS))
    assert page.count("usual, nobody changed it") == 7
    assert "From now on so" not in page
    assert 'value="72"' in shown(browser.get(f"{ADDRESS}?kind=preparation"))
    data = {"form_key": uuid4(), "kind": "preparation", "opens": "80", "closes": "30"}
    refused = shown(browser.post(ADDRESS, data))
    assert "Stay within 72–24 h before the dose" in refused
    assert 'value="80"' in refused
    assert browser.post(ADDRESS, {**data, "opens": "60"}).status_code == 302
    page = shown(browser.get(ADDRESS))
    assert page.count("usual, nobody changed it") == 6
    assert "60–30 h before" in page


def test_others_of_the_clinic_read_it(cast, signed_in):
    browser = signed_in(cast.nurse)
    page = shown(browser.get(f"{ADDRESS}?kind=primary"))
    assert "A prescriber changes the hours." in page
    assert "<input" not in page.split("<main")[1].split("</main>")[0]
    assert browser.post(ADDRESS, {}).status_code == 403
