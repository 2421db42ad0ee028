"""A safety alert on the pages: in sight until it is answered, and then with what was done."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from consent.enums import Category
from sessions.actions.adverse import record_adverse_event
from sessions.actions.alerts import acknowledge_alert
from sessions.enums.observing import Grade
from sessions.models import SafetyAlert
from tests.factories import INTERNAL
from tests.sessions.asking import enter
from tests.sessions.test_outcome_pages import shown, url

pytestmark = pytest.mark.usefixtures("episode")
C = Category


def test_an_alert_stands_on_every_page_of_the_case_until_it_is_answered(case, signed_in):
    case.give(hours_ago=3)
    enter(case, item_9=2)
    alert, browser = SafetyAlert.objects.get(), signed_in(case.cast.prescriber)
    address = url("alert", alert.pk)
    pages = [url("case", case.episode.pk), url("dosing", case.dosing.pk)]
    pages += [url("outcomes", case.episode.pk), reverse("reminders:today")]
    pages += [url("order", case.plan(timezone.now()).pk), url("clearance", case.episode.pk)]
    for page in pages:
        assert f'href="{address}"' in shown(browser.get(page)), page
    assert "Safety alert" in shown(browser.get(url("intake", case.episode.pk)))  # in the banner
    text = shown(browser.get(address))
    assert "555 0199" in text
    answers = url("answers", case.episode.pk, alert.source_pk)
    assert answers in text
    assert "Answered 2 of 3: more than half the days" in text
    for place in (text, shown(browser.get(reverse("home"), follow=True))):  # where mail leads
        assert "Tess Therapist, LCSW, Harbor Lane Practice" in place
        assert "the therapist is not told by kapcare. Call them." in place
    assert "Write what was done." in shown(browser.post(address, {"done": " "}))
    assert browser.post(address, {"done": "Rang her."}).url == pages[0]
    for page in pages[1:]:
        assert f'href="{address}"' not in shown(browser.get(page)), page
    for page in (address, pages[0], answers):  # what was done stays in sight
        assert "Rang her." in shown(browser.get(page)), page
    assert "Rang her." not in shown(browser.get(url("answers", case.episode.pk, enter(case).pk)))


def test_scores_with_item_9_above_0_say_so_at_the_clinic_alone(case, signed_in):
    enter(case, score=8, days_ago=9)
    enter(case, item_9=1)
    case.active(out_categories=[C.OUTCOMES])
    page = url("outcomes", case.episode.pk)
    assert shown(signed_in(case.cast.nurse).get(page)).count("Item 9 above 0") == 2
    newest = url("case", case.episode.pk)
    assert "Item 9 above 0" in shown(signed_in(case.cast.nurse).get(newest))
    outside = shown(signed_in(case.cast.therapist).get(url("timeline", case.referral.pk)))
    assert "PHQ-9" in outside
    assert "Item 9" not in outside


def test_the_alert_of_an_adverse_event_says_what_happened_and_whom_to_ring(case, signed_in):
    case.prepare()
    record_adverse_event(
        by=case.cast.nurse,
        episode=case.episode,
        form_key=uuid4(),
        at=timezone.now(),
        values={"what": "Zqfell", "severity": Grade.SEVERE, "outcome": "recovered"},
    )
    text = shown(signed_in(case.cast.nurse).get(url("alert", SafetyAlert.objects.get().pk)))
    for words in ("Zqfell. Severe", f"{INTERNAL}support_contact", "Tess Therapist"):
        assert words in text


def test_the_coordinator_sees_the_alert_and_who_answers_it(case, signed_in):
    enter(case, item_9=2)
    address = url("alert", SafetyAlert.objects.get().pk)
    browser = signed_in(case.cast.coordinator)
    assert "A prescriber, nurse or KAP therapist says" in shown(browser.get(address))
    assert browser.post(address, {"done": "x"}).status_code == 403


def test_whoever_comes_second_is_told_and_keeps_their_words(case, signed_in):
    enter(case, item_9=2)
    alert = SafetyAlert.objects.get()
    acknowledge_alert(by=case.cast.nurse, alert=alert, done="Rang her.")
    address = url("alert", alert.pk)
    text = shown(signed_in(case.cast.prescriber).post(address, {"done": "Wrote to her."}))
    assert "Nora Nurse, RN has answered this alert already." in text
    assert "Wrote to her." in text
