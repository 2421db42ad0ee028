"""The flow sheet: give and watch; each form alone, each refusal beside its field."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.formats import moment
from sessions.actions.giving import give_dose
from sessions.models import SideEffect, Vitals
from tests.builder import Builder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_utc")]


@pytest.fixture
def dosing(case, episode):
    return case.plan(timezone.now() + timedelta(hours=1))


def vitals(**changes):
    numbers = {"systolic": "124", "diastolic": "78", "heart_rate": "72", "spo2": "98"}
    return {"form_key": uuid4(), **numbers, **changes}


def send(browser, name, dosing, data, **extra):
    return browser.post(reverse(f"care:{name}", args=[dosing.pk]), data, **extra)


def give(case, dosing):
    """The dose was given nine minutes ago."""
    at = timezone.now() - timedelta(minutes=9)
    give_dose(by=case.cast.nurse, dosing=dosing, order=case.make_ready(dosing), given_at=at)


def queries(browser, address) -> int:
    with CaptureQueriesContext(connection) as found:
        browser.get(address)
    return len(found)


def shown(response) -> str:
    return response.content.decode()


def test_nothing_is_filled_in_but_the_time(browser, dosing):
    page = browser.get(reverse("care:dosing", args=[dosing.pk]))
    forms = page.context
    numbers = forms["vitals_form"].numbers
    assert [field.value() for field, unit in numbers] == [None] * 4
    assert "ketamine" not in shown(page).split("</title>")[0].lower()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"systolic": ""}, "Systolic: Enter a number."),
        ({"systolic": "1240"}, "Systolic: Enter a number from 40 to 300 mmHg."),
        ({"diastolic": "130"}, "Diastolic: The lower number must be below"),
        ({"spo2": "101"}, "SpO2: Enter a number from 50 to 100 per cent."),
        ({"heart_rate": "7\x002"}, "Heart rate: "),
        ({"at": "31-Feb-2026 10:00"}, "Enter date and time such as"),
        ({"at": "14-Jul-2099 10:00"}, "This is in the future."),
        ({"note": "x" * 1_000_000}, "at most 200 characters"),
        ({"sedation": "asleep"}, "Select a valid choice."),
    ],
)
def test_vitals_that_cannot_be(changes, words, browser, dosing):
    answer = send(browser, "vitals", dosing, vitals(**changes))
    assert words in shown(answer)
    assert not Vitals.objects.exists()


def test_one_tap_saves_one_row_and_the_next_form_has_a_new_key(browser, dosing):
    data = vitals(sedation="calm", respiratory_rate="14")
    for _ in range(2):
        answer = send(browser, "vitals", dosing, data, follow=True)
    assert Vitals.objects.count() == 1
    assert answer.context["vitals_form"]["form_key"].value() != data["form_key"]
    assert answer.context["vitals_form"]["systolic"].value() is None


def test_a_key_of_another_dose_in_the_hidden_field_saves_nothing(browser, cast, dosing):
    other = Builder(cast)
    other.begin_care()
    elsewhere = other.plan(timezone.now() + timedelta(hours=1))
    data = vitals()
    send(browser, "vitals", elsewhere, data)
    answer = send(browser, "vitals", dosing, {**data, "systolic": "199"})
    assert "This form was used already" in shown(answer)
    assert Vitals.objects.get().systolic == 124


def test_a_high_pressure_says_so_in_words_until_it_is_rechecked(browser, dosing):
    send(browser, "vitals", dosing, vitals(systolic="158", diastolic="96"))
    page = shown(browser.get(reverse("care:dosing", args=[dosing.pk])))
    assert "was above 140/90" in page
    assert "Not rechecked yet." in page
    assert "Blood pressure above 140/90." in page


def test_a_side_effect_is_one_tap(browser, case, dosing):
    give(case, dosing)
    data = {"form_key": uuid4(), "effect": "nausea"}
    for _ in range(2):
        assert send(browser, "side_effect", dosing, data).status_code == 302
    assert SideEffect.objects.get().severity == "mild"
    bad = send(browser, "side_effect", dosing, {"form_key": uuid4(), "effect": "levitation"})
    assert "Select a valid choice." in shown(bad)


@pytest.mark.parametrize(
    "name",
    [
        "give",
        "identity",
        "checks",
        "vitals",
        "side_effect",
        "intervention",
        "mark_phase",
        "presence",
    ],
)
def test_only_those_beside_the_client_record(name, cast, dosing, signed_in):
    for who, user in cast.everybody().items():
        if who not in ("prescriber", "nurse", "kaptherapist"):
            assert send(signed_in(user), name, dosing, vitals()).status_code == 404, who
    page = shown(signed_in(cast.coordinator).get(reverse("care:dosing", args=[dosing.pk])))
    assert '<form method="post" action="/care' not in page


def test_the_number_of_queries_does_not_grow_with_the_rows(browser, case, dosing):
    address = reverse("care:dosing", args=[dosing.pk])
    send(browser, "vitals", dosing, vitals())
    give(case, dosing)
    most = queries(browser, address)
    assert most <= 21
    for minutes in range(5):
        at = moment(timezone.now() - timedelta(minutes=minutes))
        send(browser, "vitals", dosing, vitals(at=at))
        send(browser, "side_effect", dosing, {"form_key": uuid4(), "effect": "nausea"})
    assert queries(browser, address) <= most
