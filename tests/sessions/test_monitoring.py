"""The clinic's own schedule of vitals: the newest counts, and a prescriber writes it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from sessions.actions.giving import give_dose
from sessions.actions.monitoring import set_monitoring
from sessions.models import MonitoringPlan
from sessions.monitoring import DEFAULTS, plans_of
from tests.sessions.sheets import MINUTES

pytestmark = pytest.mark.django_db
ADDRESS = "/care/monitoring/"


def write(cast, key=None, by=None, **values):
    return set_monitoring(
        by=by or cast.prescriber,
        clinic=cast.clinic,
        form_key=key or uuid4(),
        route="im",
        values={**MINUTES, **values},
    )


def shown(response) -> str:
    return response.content.decode()


def test_the_newest_counts_and_the_others_stay(cast):
    key = uuid4()
    assert len({write(cast, key).pk for _ in range(2)}) == 1
    newer = write(cast, first=30)
    plans = plans_of(cast.clinic)
    assert plans["im"] == newer
    assert (plans["iv"].first, plans["iv"].pk) == (DEFAULTS["iv"][0], None)
    assert MonitoringPlan.objects.count() == 2
    assert AuditEvent.objects.filter(event="monitoring.set").count() == 2
    assert plans_of(cast.practice)["im"].pk is None


def test_only_a_prescriber_of_the_clinic_writes_it(cast):
    for name, user in cast.everybody().items():
        if name != "prescriber":
            with pytest.raises(PermissionDenied):
                write(cast, by=user)


@pytest.mark.parametrize(
    "values", [{"first": 4}, {"every": 2}, {"until": 10}, {"until": 481}, {"observe": 721}]
)
def test_impossible_minutes(cast, values):
    with pytest.raises(ValidationError):
        write(cast, **values)
    row = {"clinic": cast.clinic, "route": "im", "recorded_by": cast.prescriber}
    with pytest.raises(DatabaseError), transaction.atomic():
        MonitoringPlan.objects.create(**row, **{**MINUTES, **values})


def test_the_page_shows_all_routes_and_changes_one(cast, signed_in):
    browser = signed_in(cast.prescriber)
    page = shown(browser.get(ADDRESS))
    assert page.count("usual, nobody changed it") == 5
    assert "From now on so" not in page
    assert 'value="40"' in shown(browser.get(f"{ADDRESS}?route=im"))
    data = {"form_key": uuid4(), "route": "im", "first": "20", "every": "", "until": "15"}
    refused = shown(browser.post(ADDRESS, {**data, "observe": "90"}))
    assert "This is before the first vitals." in refused
    assert 'value="15"' in refused
    assert browser.post(ADDRESS, {**data, "until": "60", "observe": "90"}).status_code == 302
    page = shown(browser.get(ADDRESS))
    assert page.count("usual, nobody changed it") == 4
    assert "20 min" in page
    assert plans_of(cast.clinic)["im"].every is None


def test_others_of_the_clinic_read_it(cast, signed_in):
    browser = signed_in(cast.nurse)
    page = shown(browser.get(f"{ADDRESS}?route=im"))
    assert "A prescriber changes the schedule." in page
    assert "<input" not in page.split("<main")[1].split("</main>")[0]
    assert browser.post(ADDRESS, {}).status_code == 403


def test_the_flow_sheet_goes_by_it(case, episode, signed_in, nurse):
    write(case.cast, first=25, every=None, until=25, observe=50)
    at = timezone.now() - timedelta(minutes=20)
    dosing = case.plan(at)
    give_dose(by=nurse, dosing=dosing, order=case.make_ready(dosing), given_at=at)
    page = signed_in(nurse).get(reverse("care:dosing", args=[dosing.pk]))
    assert page.context["due"] == at + timedelta(minutes=25)
    assert page.context["due_in"] in {"4 min", "5 min"}
    assert page.context["earliest"] == at + timedelta(minutes=50)
