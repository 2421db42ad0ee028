"""The pages of screening and clearance: what is asked, refused, kept, and shown."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags as striptags

from people.formats import day
from sessions.actions.screening import record_screening
from sessions.models import Clearance, Screening
from tests.sessions.filled import clearance_data, screening_data

pytestmark = pytest.mark.django_db


def shown(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def main(response) -> str:
    return shown(response).split("<main")[1].split("</main>")[0]


@pytest.fixture
def nurse_at(nurse, episode, signed_in):
    browser = signed_in(nurse)
    return lambda name, data=None: _ask(browser, name, episode, data)


@pytest.fixture
def prescriber_at(prescriber, episode, signed_in):
    browser = signed_in(prescriber)
    return lambda name, data=None: _ask(browser, name, episode, data)


def _ask(browser, name, episode, data):
    address = reverse(f"care:{name}", args=[episode.pk])
    return browser.get(address) if data is None else browser.post(address, data)


def test_nothing_is_answered_in_advance(nurse_at, case):
    page = main(nurse_at("screening"))
    form = page.split("Recorded so far")[0]
    assert "checked" not in form
    assert not re.search(r'<input[^>]*name="(systolic|weight_kg|spo2)"[^>]*value=', form)
    assert page.count("Not known") >= 17


def test_a_nurse_screens_and_the_banner_tells_the_allergy(nurse_at, episode):
    rest = {"substance_2": "Latex", "reaction_2": "hives"}
    answer = nurse_at("screening", screening_data(mania="yes", mania_comment="2012", **rest))
    assert answer.status_code == 302
    row = episode.screenings.first()
    assert row.allergies_words == "Penicillin (rash), Latex (hives)"
    assert row.answers.count() == 17
    case = shown(nurse_at("case"))
    assert "Penicillin (rash), Latex (hives)" in case.split("<main")[0]
    assert "Yes: 2012" in case
    assert "screened again since: Mania" in case


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"weight_kg": "5"}, "Enter a number from 20 to 350 kg."),
        ({"diastolic": "130"}, "The lower number must be below the upper one."),
        ({"diastolic": ""}, "Enter both numbers, or neither."),
        ({"spo2": "970"}, "Enter a number from 50 to 100 per cent."),
        ({"spo2": "ninety"}, "Enter a whole number."),
        ({"psychosis": "maybe"}, "Select a valid choice."),
        ({"psychosis": "yes"}, "Say more about this “yes”."),
        ({"psychosis": "", "psychosis_comment": "in 2009"}, "to what you commented on"),
        ({"reaction_1": ""}, "Say what happens, or write “not known”."),
        ({"substance_4": "", "reaction_4": "hives"}, "Say what this reaction is to."),
        ({"no_known_allergies": "on"}, "Either none is known, or name them: not both."),
        ({"medicines": "a\0b"}, "a character that cannot be kept"),
    ],
)
def test_a_screening_that_does_not_hold_together(changes, sentence, nurse_at):
    before = Screening.objects.count()
    page = main(nurse_at("screening", screening_data(**changes)))
    assert sentence in page
    assert 'value="Penicillin"' in page
    assert Screening.objects.count() == before


def test_the_last_answer_stands_beside_a_question_and_answers_nothing(nurse_at, case):
    case.screen(answers={"aneurysm": ("yes", "4 mm")}, allergies="Latex (hives)")
    record_screening(
        by=case.cast.nurse,
        episode=case.episode,
        form_key=uuid4(),
        content={"medicines": "None"},
        answers={"mania": ("not_known", "")},
    )
    today = day(timezone.localdate())
    page = main(nurse_at("screening")).split("Recorded so far")[0]
    for words, times in (("yes", 1), ("not known", 1), ("no", 15)):
        assert page.count(f"Last: {words}, {today}") == times
    assert "checked" not in page
    assert f"Latex (hives), asked {today}" in striptags(main(nurse_at("case")))


def test_an_empty_form_records_nothing(nurse_at):
    before = Screening.objects.count()
    assert "Nothing is answered yet." in main(nurse_at("screening", {"form_key": uuid4()}))
    assert Screening.objects.count() == before


def test_only_what_is_missing_is_asked_again(nurse_at, prescriber_at, episode):
    data = screening_data(mania="", spo2="", weight_kg="", substance_1="", reaction_1="")
    nurse_at("screening", data)
    assert "4 answers are missing" in main(nurse_at("case"))
    page = main(prescriber_at("complete_screening"))
    form = page.split("Recorded so far")[0]
    for name in ("mania", "spo2", "weight_kg", "no_known_allergies"):
        assert f'name="{name}"' in form
    for name in ("psychosis", "systolic", "medicines", "height_cm"):
        assert f'name="{name}"' not in form
    rest = {"form_key": uuid4(), "mania": "no", "spo2": "97", "weight_kg": "70"}
    answer = prescriber_at("complete_screening", {**rest, "no_known_allergies": "on"})
    assert answer.status_code == 302
    row = episode.screenings.first()
    assert (row.systolic, row.spo2, row.allergies_words) == (128, 97, "None known")
    assert prescriber_at("complete_screening").status_code == 302


# ---------------------------------------------------------------- the result


def test_without_a_screening_the_page_leads_to_one(prescriber, accepted_referral, case, signed_in):
    case.open()
    page = main(signed_in(prescriber).get(reverse("care:clearance", args=[case.episode.pk])))
    assert "There is no screening yet" in page
    assert reverse("care:screening", args=[case.episode.pk]) in page
    assert "<form" not in page


def test_a_result_is_given_beside_what_it_rests_on(prescriber_at, case, episode):
    row = case.screen(answers={"cardiac": ("not_known", "")}, allergies="Latex (hives)")
    page = main(prescriber_at("clearance"))
    assert "Significant heart disease: not known" in page
    assert "Latex (hives)" in page
    assert f"such as {day(timezone.localdate() + timedelta(days=90))}" in page
    assert "Say why" in main(prescriber_at("clearance", clearance_data(row)))
    data = clearance_data(row, despite="The echo is booked.")
    assert prescriber_at("clearance", data).status_code == 302
    assert Clearance.objects.first().screening == row


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"valid_until": "31-Feb-2027"}, "Enter a date such as"),
        ({"valid_until": "14-Jul-2020"}, "This day has passed."),
        ({"valid_until": ""}, "Say until when the clearance holds."),
        ({"result": "conditional"}, "Name the conditions."),
        ({"result": ""}, "Choose: result."),
    ],
)
def test_a_result_that_does_not_hold_together(changes, sentence, prescriber_at, case, episode):
    row, before = case.screen(), Clearance.objects.count()
    data = clearance_data(row, **{"conditions": "", **changes})
    assert sentence in main(prescriber_at("clearance", data))
    assert Clearance.objects.count() == before


def test_the_page_says_what_is_missing_and_asks_why(prescriber_at, nurse_at, case):
    nurse_at("screening", screening_data(spo2="", aneurysm="yes", aneurysm_comment="4 mm"))
    page = main(prescriber_at("clearance"))
    assert "Not asked or measured yet" in page
    assert "Aneurysm: yes. 4 mm" in page
    assert "Why a dose is right all the same" in page
    row = Screening.objects.first()
    page = main(prescriber_at("clearance", clearance_data(row, despite="Agreed with surgery")))
    assert "Complete the screening first." in page
    assert "Agreed with surgery" in page


def test_a_result_given_to_an_older_screening_is_refused_and_kept(prescriber_at, case, episode):
    older, newer = case.screen(), case.screen()
    data = clearance_data(older, result="conditional", conditions="Zqkept")
    page = main(prescriber_at("clearance", data))
    assert "A newer screening was recorded meanwhile." in page
    assert "Zqkept" in page
    assert f'name="screening" value="{newer.pk}"' in page


def test_a_screening_of_another_case_in_the_hidden_field_is_not_there(prescriber_at, case, cast):
    from tests.builder import Builder

    other = Builder(cast)
    other.begin_care()
    data = clearance_data(other.episode.screenings.first())
    assert prescriber_at("clearance", data).status_code == 404
