"""The pages of the coordination plan: what each side is shown, may press, and is told."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from consent.enums import Category
from consent.models import Disclosure
from people.formats import moment
from people.pdf import pdf_available
from sessions.coordination import in_force
from sessions.models import CoordinationPlan
from tests.sessions.coordinating import BOTH_WAYS, CONTENT, agreed, propose, shared

OUTCOMES = [Category.OUTCOMES]


def at(name: str, case, *args) -> str:
    return reverse(f"care:{name}", args=[case.referral.pk, *args])


def shown(answer) -> str:
    return answer.content.decode()


def posted(case, **changes) -> dict:
    newest = CoordinationPlan.unscoped.order_by("-version").first()
    owners = dict.fromkeys(("preparation_owner", "integration_owner"), case.cast.therapist.pk)
    seen = newest.pk if newest else ""
    return {"form_key": uuid4(), **CONTENT, **owners, "seen": seen, **changes}


@pytest.fixture
def therapist_browser(case, episode, signed_in):
    return signed_in(case.referrer)


@pytest.fixture
def clinic_browser(case, episode, signed_in):
    return signed_in(case.cast.coordinator)


def test_proposed_at_the_clinic_and_agreed_by_the_therapist(
    case, clinic_browser, therapist_browser
):
    case.active(**BOTH_WAYS)
    assert "No plan yet" in shown(clinic_browser.get(at("coordination", case)))
    answer = clinic_browser.post(at("propose_plan", case), posted(case, escalation="Zqescalation"))
    assert answer.url == at("coordination", case)
    plan = CoordinationPlan.unscoped.get()
    timeline = shown(therapist_browser.get(at("timeline", case)))
    assert "Waits for you" in timeline
    assert at("coordination", case) in timeline
    assert "waits for Harbor Lane Practice" in shown(
        clinic_browser.get(reverse("care:case", args=[case.episode.pk]))
    )
    page = shown(therapist_browser.get(at("coordination", case)))
    assert "Zqescalation" in page
    assert at("agree_to_plan", case, plan.pk) in page
    assert at("withdraw_plan", case, plan.pk) not in page
    assert Disclosure.objects.latest("pk").categories == ["integration"]
    for _ in range(2):
        therapist_browser.post(at("agree_to_plan", case, plan.pk))
    assert in_force([case.episode]) == {case.episode.pk: plan.pk}
    assert "Agreed by both" in shown(clinic_browser.get(at("coordination", case)))
    assert "in force since" in shown(therapist_browser.get(at("timeline", case)))


def test_a_counter_proposal_is_prefilled_and_what_differs_is_marked(
    case, clinic_browser, therapist_browser
):
    case.active(**BOTH_WAYS)
    cast = case.cast
    plan = propose(case, content=shared(cast), sessions=[])
    page = shown(therapist_browser.get(at("propose_plan", case)))
    assert "Answer with another proposal" in page
    assert "Prescriber on call" in page
    assert "Dose 8, integration after it" in page
    data = posted(case, collaboration="shared", talk_often="weekly")
    therapist_browser.post(
        at("propose_plan", case), {**data, "dose_1_integration": cast.kaptherapist.pk}
    )
    counter = CoordinationPlan.unscoped.latest("version")
    assert (counter.starts_from, counter.duties.count()) == (plan, 1)
    page = shown(clinic_browser.get(at("coordination", case)))
    assert page.count("kc-differs__mark") == 2
    assert "<s>After each dose</s>" in page
    assert "Dose 1, integration after it: Kai Kaptherapist" in page
    older = shown(clinic_browser.get(at("coordination_version", case, plan.pk)))
    assert "Replaced by a later one" in older
    therapist_browser.post(at("withdraw_plan", case, counter.pk))
    assert "Withdrawn by Tess Therapist" in shown(clinic_browser.get(at("coordination", case)))


def test_bad_input_keeps_what_was_typed(case, clinic_browser):
    changes = {"minutes_to_acknowledge": "3", "escalation": "", "safety_protocol": "Zqkept"}
    page = shown(clinic_browser.post(at("propose_plan", case), posted(case, **changes)))
    assert "Enter a number from 5 to 240 minutes." in page
    assert 'href="#id_escalation"' in page
    assert "Zqkept" in page
    kai = case.cast.kaptherapist.pk
    page = shown(clinic_browser.post(at("propose_plan", case), posted(case, integration_owner=kai)))
    assert "this is the referring therapist’s" in page
    propose(case)
    page = shown(clinic_browser.post(at("propose_plan", case), posted(case, seen="")))
    assert "Somebody else changed this meanwhile." in page
    assert CoordinationPlan.unscoped.count() == 1


def test_without_a_release_the_clinic_records_the_answer(case, clinic_browser, therapist_browser):
    clinic_browser.post(at("propose_plan", case), posted(case))
    plan = CoordinationPlan.unscoped.get()
    for name, args in (("coordination", []), ("coordination_version", [plan.pk])):
        assert therapist_browser.get(at(name, case, *args)).status_code == 404
    assert therapist_browser.post(at("agree_to_plan", case, plan.pk)).status_code == 404
    assert "Coordination plan" not in shown(therapist_browser.get(at("timeline", case)))
    page = shown(clinic_browser.get(at("coordination", case)))
    assert "cannot answer here" in page
    link = at("spoken_plan", case, plan.pk)
    assert link in page
    said = {"said_by": "Zqtess", "said_how": "phone", "said_at": moment(timezone.now())}
    assert "Zqtess" in shown(clinic_browser.post(link, {**said, "said_how": ""}))
    assert clinic_browser.post(link, said).url == at("coordination", case)
    page = shown(clinic_browser.get(at("coordination", case)))
    assert "by phone by Zqtess" in page
    assert "recorded by Cora Coordinator" in page
    assert clinic_browser.get(link).url == at("coordination", case)


@pytest.mark.parametrize(
    ("release", "words"),
    [
        ({**BOTH_WAYS, "in_categories": OUTCOMES}, "You cannot answer here at present"),
        (BOTH_WAYS, "Answer with another proposal"),
    ],
)
def test_a_release_in_one_direction_lets_read_and_not_answer(
    case, therapist_browser, release, words
):
    case.active(**release)
    plan = propose(case)
    page = shown(therapist_browser.get(at("coordination", case)))
    assert words in page
    assert (at("agree_to_plan", case, plan.pk) in page) == (release is BOTH_WAYS)


def test_others_read_or_find_nothing(case, episode, signed_in):
    case.active(**BOTH_WAYS)
    case.active(recipients=[case.cast.physician], out_categories=[Category.INTEGRATION])
    plan = propose(case)
    codes = {
        name: signed_in(user).get(at("coordination", case)).status_code
        for name, user in case.cast.everybody().items()
    }
    inside = {"coordinator", "prescriber", "kaptherapist", "nurse"}
    assert {name for name, code in codes.items() if code == 200} == {
        *inside,
        "therapist",
        "physician",
    }
    assert set(codes.values()) == {200, 404}
    physician = signed_in(case.cast.physician)
    assert at("agree_to_plan", case, plan.pk) not in shown(physician.get(at("coordination", case)))
    assert physician.post(at("agree_to_plan", case, plan.pk)).status_code == 403
    assert physician.get(at("propose_plan", case)).status_code == 404


@pytest.mark.pango
def test_the_plan_on_paper(case, therapist_browser):
    case.active(**BOTH_WAYS)
    plan = agreed(case)
    answer = therapist_browser.get(at("coordination_pdf", case, plan.pk))
    assert answer["Content-Type"] == "application/pdf"
    assert pdf_available()
    assert Disclosure.objects.latest("pk").channel == "pdf"


def test_the_page_asks_no_more_as_versions_grow(
    case, therapist_browser, django_assert_max_num_queries
):
    case.active(**BOTH_WAYS)
    for _ in range(4):
        propose(case)
    therapist_browser.get(at("coordination", case))
    with django_assert_max_num_queries(34):
        therapist_browser.get(at("coordination", case))
