"""The clinic's pages before a dose: without, with, with limited permission; and bad input."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent.models import Disclosure
from people.formats import moment
from sessions.models import (
    DosingSession,
    EpisodeOfCare,
    Intake,
    IntegrationRecord,
    PreparationSession,
)
from tests.builder import Builder
from tests.factories import CLINIC, INTERNAL, SENT
from tests.sessions.filled import intake_data, integration_data, preparation_data

pytestmark = pytest.mark.django_db
PRESCRIBES = {"prescriber"}
TREATS = {"prescriber", "nurse", "kaptherapist"}
AT_CLINIC = TREATS | {"coordinator"}
MANY = "x" * 1_000_000


def queries(browser, address) -> int:
    with CaptureQueriesContext(connection) as found:
        browser.get(address)
    return len(found)


def shown(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("case", AT_CLINIC),
        ("intake", TREATS),
        ("change_plan", PRESCRIBES),
        ("screening", TREATS),
        ("clearance", PRESCRIBES),
        ("documents", AT_CLINIC),
        ("consults", AT_CLINIC),
        ("preparation", TREATS),
        ("integration", TREATS),
        ("plan_dose", PRESCRIBES),
        ("move_dose", PRESCRIBES),
        ("cancel_dose", PRESCRIBES),
        ("dosing", AT_CLINIC),
        ("note", AT_CLINIC),
    ],
)
def test_each_page_opens_to_its_roles_and_is_not_there_for_the_others(
    name, allowed, cast, case, episode, signed_in
):
    dosing = case.plan(timezone.now() + timedelta(days=2))
    on = dosing.pk if name in ("move_dose", "cancel_dose", "dosing", "note") else episode.pk
    for who, user in cast.everybody().items():
        status = signed_in(user).get(reverse(f"care:{name}", args=[on])).status_code
        assert status == (200 if who in allowed else 404), who


@pytest.mark.parametrize(
    "name",
    ["intake", "screening", "clearance", "documents", "consults", "preparation", "integration"]
    + ["change_plan", "plan_dose"],
)
def test_an_episode_of_another_clinic_is_not_there(name, cast, episode, signed_in):
    from tests.factories import make_organization, make_user

    elsewhere = make_organization("Southfield Clinic", "clinic")
    other = make_user("Otto Other", "prescriber", elsewhere)
    address = reverse(f"care:{name}", args=[episode.pk])
    assert signed_in(other).get(address).status_code == 404
    assert signed_in(other).post(address, intake_data()).status_code == 404


def test_opening_an_episode(cast, accepted_referral, signed_in):
    browser = signed_in(cast.prescriber)
    address = reverse("care:open", args=[accepted_referral.pk])
    assert 'value="clinic_medical" ' in shown(browser.get(address)).replace("checked", "")
    data = {
        "treatment_model": "pi",
        "collaboration": "shared",
        "expected_doses": "6",
        "preparation_owner": cast.therapist.pk,
        "integration_owner": cast.kaptherapist.pk,
    }
    answer = browser.post(address, {**data, "expected_doses": "61"})
    assert "Enter a number from 1 to 60 doses." in shown(answer)
    foreign = browser.post(address, {**data, "integration_owner": cast.stranger.pk})
    assert foreign.status_code == 200
    assert not EpisodeOfCare.objects.exists()
    for _ in range(2):
        assert browser.post(address, data).status_code == 302
    assert EpisodeOfCare.objects.get().integration_owner == cast.kaptherapist
    assert signed_in(cast.nurse).get(address).status_code == 404


def test_a_referral_that_is_not_accepted_opens_no_episode(cast, referral, signed_in):
    address = reverse("care:open", args=[referral.pk])
    assert signed_in(cast.prescriber).get(address).status_code == 404


def test_the_same_form_sent_twice_makes_one_row(cast, episode, signed_in):
    browser, rows = signed_in(cast.prescriber), intake_data()
    for _ in range(2):
        assert browser.post(reverse("care:intake", args=[episode.pk]), rows).status_code == 302
    assert Intake.objects.count() == 1
    for name, row, model in (
        ("preparation", preparation_data(), PreparationSession),
        ("integration", integration_data(), IntegrationRecord),
    ):
        for _ in range(2):
            browser.post(reverse(f"care:{name}", args=[episode.pk]), row)
        assert model.objects.count() == 1
    plan = {"form_key": uuid4(), "planned_at": moment(timezone.now() + timedelta(days=3))}
    for _ in range(2):
        browser.post(reverse("care:plan_dose", args=[episode.pk]), plan)
    assert DosingSession.objects.count() == 1


def test_a_key_of_another_case_in_the_hidden_field_opens_nothing(cast, case, episode, signed_in):
    other = Builder(cast)
    other.begin_care()
    browser, rows = signed_in(cast.prescriber), intake_data(goals="Zqothers")
    assert browser.post(reverse("care:intake", args=[other.episode.pk]), rows).status_code == 302
    answer = browser.post(reverse("care:intake", args=[episode.pk]), {**rows, "goals": "Mine"})
    assert "This form was used already" in shown(answer)
    assert "Mine" in shown(answer)
    assert Intake.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"goals": MANY}, "Use at most 4,000 characters"),
        ({"goals": "a\0b"}, "a character that cannot be kept"),
        ({"goals": ""}, "Fill in: goals."),
        ({"form_key": "not-a-key"}, "This form is out of date."),
        ({"form_key": "a\0b"}, "This form is out of date."),
    ],
)
def test_bad_words_are_refused_beside_their_field_and_kept(
    changes, words, cast, episode, signed_in
):
    address = reverse("care:intake", args=[episode.pk])
    data = intake_data(support_plan="Zqkept", **changes)
    answer = shown(signed_in(cast.prescriber).post(address, data))
    assert words in answer
    assert "Zqkept" in answer
    assert not Intake.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("30-Feb-2027 10:00", "Enter date and time such as"),
        ("soon", "Enter date and time such as"),
        ("14-Jul-2020 10:00", "This is more than a month ago."),
        ("14-Jul-2099 10:00", "This is more than a year ahead."),
        ("08-Mar-2026 02:30", "the clocks went forward"),
        ("01-Nov-2026 01:30", "the clocks went back"),
    ],
)
def test_impossible_times_of_a_dose(typed, words, cast, episode, signed_in):
    address = reverse("care:plan_dose", args=[episode.pk])
    data = {"form_key": uuid4(), "planned_at": typed}
    answer = shown(signed_in(cast.prescriber).post(address, data))
    assert words in answer
    assert typed in answer
    assert not DosingSession.objects.exists()


def test_a_dose_is_moved_and_cancelled_once_confirmed(cast, case, episode, signed_in):
    dosing, browser = case.plan(timezone.now() + timedelta(days=2)), signed_in(cast.prescriber)
    later = timezone.now() + timedelta(days=4)
    answer = browser.post(
        reverse("care:move_dose", args=[dosing.pk]), {"planned_at": moment(later)}
    )
    assert answer.status_code == 302
    dosing.refresh_from_db()
    assert abs(dosing.planned_at - later) < timedelta(hours=12)
    address = reverse("care:cancel_dose", args=[dosing.pk])
    assert browser.get(address).status_code == 200
    dosing.refresh_from_db()
    assert dosing.cancelled_at is None
    assert browser.post(address).status_code == 302
    dosing.refresh_from_db()
    assert dosing.cancelled_at


def test_the_case_says_what_is_missing_and_who_may_do_it(cast, case, accepted_referral, signed_in):
    case.open()
    address = reverse("care:case", args=[case.episode.pk])
    seen = shown(signed_in(cast.prescriber).get(address))
    assert seen.count("Not recorded") == 3
    assert "Not asked" in seen
    assert reverse("care:clearance", args=[case.episode.pk]) in seen
    nurse = shown(signed_in(cast.nurse).get(address))
    assert reverse("care:clearance", args=[case.episode.pk]) not in nurse
    assert "Only a prescriber can do this." in nurse
    triage = reverse("referrals:triage", args=[accepted_referral.pk])
    assert triage in seen
    assert triage not in nurse


def test_the_case_opens_what_was_sent_only_where_a_release_covers_it(cast, case, signed_in):
    case.full()
    browser, address = signed_in(cast.nurse), reverse("care:case", args=[case.episode.pk])
    seen = shown(browser.get(address))
    assert CLINIC["response"] in seen
    assert not any(word in seen for word in SENT.values())
    assert not Disclosure.objects.exists()
    case.active(in_categories=["history"])
    seen = shown(browser.get(address))
    assert SENT["history"] in seen
    assert SENT["risk"] not in seen
    assert Disclosure.objects.get().categories == ["history"]


def test_the_banner_warns_of_pressure_and_conditions(cast, case, episode, signed_in):
    case.clear(systolic=150, diastolic=95)
    seen = shown(signed_in(cast.nurse).get(reverse("care:case", args=[episode.pk])))
    assert "Blood pressure" in seen.split("<main")[0]
    assert "Cleared with conditions" in seen.split("<main")[0]
    assert f"{INTERNAL}allergies" in seen.split("<main")[0]


def test_the_number_of_queries_does_not_grow_with_the_rows(cast, case, episode, signed_in):
    browser, address = signed_in(cast.nurse), reverse("care:case", args=[episode.pk])
    browser.get(address)
    case.give(hours_ago=80)
    case.note({"response": "one"})
    most = queries(browser, address)
    assert most <= 47
    for hours in (60, 40, 20):
        case.give(hours_ago=hours)
        case.note({"response": "more", "safety": "more"})
        case.log_session(timezone.now() - timedelta(hours=hours - 5))
    assert queries(browser, address) <= most
