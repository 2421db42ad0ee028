"""Pages of intake, preparation, integration and the call; and the list of what is due."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from people.formats import day, moment
from sessions.actions.ending import end_episode
from sessions.actions.preparation import record_preparation
from sessions.facts import Facts
from sessions.models import DelayedCheck, FollowUp, Intake, IntegrationRecord, PreparationSession
from sessions.progress import tasks
from tests.sessions.filled import check_data, intake_data, integration_data, preparation_data
from tests.sessions.test_therapy import DAY, HOUR, call, frightened

pytestmark = pytest.mark.django_db
HARD = "Follow-up: frightening or dysphoric"


@pytest.fixture
def at(episode, kaptherapist, signed_in):
    """at(route, data, on): a page as the KAP therapist has it."""
    browser = signed_in(kaptherapist)

    def ask(name, data=None, on=None):
        address = reverse(f"care:{name}", args=[on or episode.pk])
        return browser.get(address) if data is None else browser.post(address, data)

    return ask


def main(response) -> str:
    assert response.status_code == 200
    return response.content.decode().split("<main")[1].split("</main>")[0]


# ---------------------------------------------------------------- intake


def test_intake_asks_fit_and_warns_of_trauma_processing(at, episode):
    page = main(at("intake"))
    for words in (
        "Stable enough for outpatient care",
        "Open to a structured process",
        "needs training and supervision in it",
        "Prolonged exposure or other trauma processing",
    ):
        assert words in page
    assert "checked" not in page
    refused = main(at("intake", intake_data(modality="emdr", goals="Zqkept", fit_open="")))
    assert "Answer yes, no or not known." in refused
    assert "Zqkept" in refused
    refused = main(at("intake", intake_data(modality="emdr", goals="Zqkept")))
    assert refused.count("Name who that will be.") >= 2
    assert not Intake.objects.exists()
    named = intake_data(modality="emdr", trauma_lead="Zqlead", expected_doses="8")
    assert at("intake", named).status_code == 302
    page = main(at("case"))
    assert "Zqlead" in page
    assert "0 of 8 expected doses" in page


def test_older_intakes_stay_visible(at):
    for goals in ("Zqolder", "Zqnewer"):
        at("intake", intake_data(goals=goals))
    page = main(at("intake"))
    assert page.index("Zqnewer") < page.index("Zqolder")
    assert page.count("replaced since") == 1
    assert "Zqolder" not in main(at("case"))


# ---------------------------------------------------------------- preparation and integration


def test_preparation_names_its_dose_and_its_owner(at, case, episode):
    dosing = case.plan(timezone.now() + DAY)
    page = main(at("preparation"))
    assert f'value="{dosing.pk}"' in page
    assert "Tess Therapist, LCSW owns preparation" in page
    data = preparation_data(dosing=dosing.pk, change_language="Zqchange", trust="Zqtrust")
    assert at("preparation", data).status_code == 302
    row = PreparationSession.objects.get()
    assert (row.dosing, row.change_language) == (dosing, "Zqchange")
    assert "Zqtrust" in main(at("preparation"))
    assert "for dose 1" in main(at("case"))
    wrong = main(at("preparation", preparation_data(dosing="999", themes="Zqkept")))
    assert "Select a valid choice." in wrong
    assert "Zqkept" in wrong


def test_integration_is_recorded_and_what_was_hard_is_followed_up(at, case, nurse, episode):
    case.give(hours_ago=30)
    page = main(at("integration"))
    assert "Tess Therapist, LCSW owns integration" in page
    hard = integration_data(challenge="trauma", narrative="Zqkept", dosing=case.dosing.pk)
    wrong = main(at("integration", hard))
    assert "Say how it was handled." in wrong
    assert "Choose somebody of the clinic" in wrong
    assert "Zqkept" in wrong
    due = timezone.localdate() + timedelta(days=2)
    hard |= {"handling": "Grounding", "follow_up_by": nurse.pk, "follow_up_due": day(due)}
    assert at("integration", hard).status_code == 302
    row = IntegrationRecord.objects.get()
    case_page = main(at("case"))
    follow = reverse("care:follow_up", args=[row.pk])
    assert "Follow-up: trauma emerged" in case_page
    assert f"{nurse}, by {day(due)}" in case_page
    assert follow in case_page
    assert "Zqkept" in main(at("follow_up", on=row.pk))
    assert "Fill in: what came of it." in main(at("follow_up", {"form_key": uuid4()}, on=row.pk))
    said = {"form_key": uuid4(), "text": "Zqcalled"}
    assert at("follow_up", said, on=row.pk).status_code == 302
    assert FollowUp.objects.count() == 1
    case_page = main(at("case"))
    assert follow not in case_page
    assert "Zqcalled" in case_page
    assert at("follow_up", on=row.pk).status_code == 404


def test_a_future_session_is_refused_beside_its_field(at, episode):
    data = integration_data(held_at=moment(timezone.now() + DAY), narrative="Zqkept")
    page = main(at("integration", data))
    assert "This is in the future." in page
    assert 'href="#id_held_at"' in page
    assert "Zqkept" in page


# ---------------------------------------------------------------- the call


def test_the_call_after_a_dose(at, case, episode):
    case.give(hours_ago=30)
    pk = case.dosing.pk
    address = reverse("care:delayed_check", args=[pk])
    assert address in main(at("case"))
    assert "checked" not in main(at("delayed_check", on=pk))
    wrong = main(at("delayed_check", check_data(headache="yes", other="Zqkept"), on=pk))
    assert "Say what is done about it." in wrong
    assert "Zqkept" in wrong
    wrong = main(at("delayed_check", check_data(urinary=""), on=pk))
    assert "Answer yes or no." in wrong
    nobody = check_data(reached="no", headache="", action="Again at noon")
    assert at("delayed_check", nobody, on=pk).status_code == 302
    assert address in main(at("case"))
    for _ in range(2):
        assert at("delayed_check", check_data(), on=pk).status_code == 302
    assert DelayedCheck.objects.filter(reached=True).count() == 2
    assert "Call after dose 1" not in main(at("case"))
    page = main(at("delayed_check", on=pk))
    assert "None of what was asked" in page
    assert "not reached" in page


def test_there_is_no_call_after_a_dose_that_was_not_given(at, case, episode):
    assert at("delayed_check", on=case.plan(timezone.now()).pk).status_code == 404


# ---------------------------------------------------------------- what is missing


def names(case, now=None) -> dict[str, tuple[str, str]]:
    found = tasks(Facts.of(case.episode), now or timezone.now())
    return {task.name: (task.state, task.text) for task in found}


def test_every_fact_moves_the_list(case, accepted_referral):
    case.open()
    case.agree()
    found = names(case)
    assert found["Screening"] == found["Intake"] == ("attention", "Not recorded")
    assert "Consults" not in found
    case.clear_in_time()
    case.prepare()
    found = names(case)
    assert {found[name][0] for name in ("Intake", "Screening", "Clearance", "Preparation")} == {
        "done"
    }
    case.screen()
    assert names(case)["Clearance"][0] == "done"  # it found nothing new
    case.give(hours_ago=30)
    assert names(case)["Call after dose 1"] == ("attention", "Due 24–72 h after the dose")
    later = timezone.now() + 2 * DAY
    assert names(case, later)["Call after dose 1"] == ("attention", "Overdue, 72 h are over")
    call(case)
    assert "Call after dose 1" not in names(case)


def test_preparation_for_the_last_dose_is_none_for_the_next(case, episode):
    case.give(hours_ago=30)
    content = {"held_at": timezone.now() - 50 * HOUR, "intentions": "x", "dosing": case.dosing}
    record_preparation(by=case.cast.nurse, episode=episode, form_key=uuid4(), content=content)
    assert names(case)["Preparation"][0] == "done"
    case.plan(timezone.now() + DAY)
    assert names(case)["Preparation"] == ("idle", "Not held for dose 2; with Tess Therapist, LCSW")


def test_after_the_end_what_the_doses_left_open_stays(case, episode):
    case.give(hours_ago=30)
    case.note({"response": "calm"})
    frightened(case)
    end_episode(by=case.cast.prescriber, episode=episode, reason="x", ended_at=timezone.now())
    case.episode.refresh_from_db()
    assert set(names(case)) == {HARD, "Call after dose 1"}


def test_a_follow_up_is_late_the_day_after_in_the_clinics_own_day(case, episode):
    row = frightened(case)
    with time_machine.travel(timezone.now(), tick=False):
        begin = timezone.localtime().replace(hour=12)
    assert "by" in names(case, begin)[HARD][1]
    assert row.follow_up_due
    assert "was due" in names(case, begin + 2 * DAY)[HARD][1]
