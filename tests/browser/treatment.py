"""The prescriber's part of the journey: from the episode to the signed note."""

import re
from datetime import timedelta

import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from kapcare.demo.past import consent_in_the_past
from referrals.enums import FIT_KINDS
from referrals.models import Referral
from reminders.enums import ReminderKind, ReminderState
from reminders.models import Reminder
from sessions.enums.gates import PreDoseItem
from sessions.enums.screening import QUESTIONS
from sessions.models import DosingSession, EpisodeOfCare
from tests.browser.people import Person
from tests.builder import entered_before

NOTE = {"response": "Zqresponse", "integration": "Zqfocus", "safety": "Zqsafety"}


def local(moment) -> str:
    """As the clinic's people write it, in New York."""
    with timezone.override("America/New_York"):
        return timezone.localtime(moment).strftime("%d-%b-%Y %H:%M")


def treat(prescriber: Person, referral: Referral) -> EpisodeOfCare:
    page = prescriber.page
    prescriber.open("home").check_page()
    prescriber.open("care:open", referral.pk).check_page()
    owner = str(referral.referrer_id)
    prescriber.choose(treatment_model="pi", collaboration="clinic_medical")
    for name in ("preparation_owner", "integration_owner"):
        page.select_option(f"[name={name}]", owner)
    prescriber.fill(expected_doses="6").click("Open the episode").check_page()
    episode = EpisodeOfCare.objects.get()
    given_at = timezone.now() - timedelta(hours=25)
    with entered_before(given_at):
        _intake_and_clearance(prescriber, episode)
    prescriber.open("care:preparation", episode.pk).check_page()
    prescriber.fill(
        held_at=local(timezone.now() - timedelta(days=3)), intentions="Zqinternal intentions"
    )
    page.locator("main .kc-btn--primary").click()
    prescriber.open("care:plan_dose", episode.pk).check_page()
    prescriber.fill(planned_at=local(given_at))
    page.locator("main .kc-btn--primary").click()
    page.wait_for_load_state()
    dosing = DosingSession.objects.get()
    _dose(prescriber, dosing, given_at)
    _note(prescriber, dosing)
    prescriber.open("care:case", episode.pk).check_page()
    return episode


def _intake_and_clearance(prescriber: Person, episode: EpisodeOfCare) -> None:
    page = prescriber.page
    prescriber.open("care:intake", episode.pk).check_page()
    prescriber.choose(**dict.fromkeys(FIT_KINDS, "yes"), readiness="ready", modality="act")
    prescriber.fill(
        goals="Zqinternal goals",
        readiness_words="Zqinternal readiness",
        support_plan="Sister",
        support_contact="Sister, 555 0142",
    )
    page.locator("main .kc-btn--primary").click()
    page.wait_for_load_state()
    prescriber.open("care:screening", episode.pk).check_page()
    prescriber.choose(**dict.fromkeys(QUESTIONS, "no"))
    prescriber.fill(substance_1="Penicillin", reaction_1="rash", medicines="None")
    prescriber.fill(weight_kg="72.4", systolic="128", diastolic="82", heart_rate="70", spo2="98")
    page.locator("main .kc-btn--primary").click()
    page.wait_for_load_state()
    prescriber.open("care:clearance", episode.pk).check_page()
    last_day = (timezone.now() + timedelta(days=30)).strftime("%d-%b-%Y")
    prescriber.choose(result="cleared").fill(valid_until=last_day)
    page.locator("main .kc-btn--primary").click()
    page.wait_for_load_state()
    assert episode.clearances.count() == 1


def _dose(prescriber: Person, dosing: DosingSession, given_at) -> None:
    page = prescriber.page
    _agreed(dosing)
    with entered_before(given_at):
        _order(prescriber, dosing)
        _open_gates(prescriber, dosing)
    with time_machine.travel(given_at + timedelta(minutes=1)):
        prescriber.fill(given_at=local(given_at))
        page.locator("form[action$='/give/'] button[type=submit]").click()
        prescriber.sees("No blood pressure is recorded before this dose").check_page()
        prescriber.click("Record the dose all the same").sees("Flow sheet")
    prescriber.open("care:dosing", dosing.pk)
    dosing.refresh_from_db()
    assert dosing.dose_mg == 50, page.inner_text("main")
    assert {r.kind for r in Reminder.objects.of_windows().filter(state=ReminderState.PENDING)} == {
        ReminderKind.PRIMARY,
        ReminderKind.SECONDARY,
    }
    for name, value in {"systolic": "158", "diastolic": "96", "heart_rate": "92"}.items():
        page.fill(f"#vitals [name={name}]", value)
    page.fill("#vitals [name=spo2]", "96")
    page.click("#vitals-save")
    prescriber.sees("158/96")
    page.click("#effect-nausea")
    expect(page.locator("#flow tr[data-key]")).to_have_count(2)  # both are saved
    for check in page.locator("form[action$='/discharge/'] [type=checkbox]").all():
        check.check()
    prescriber.fill(
        mental_status="oriented",
        escort="Sister",
        discharged_at=local(given_at + timedelta(hours=2)),
    )
    page.select_option("[name=judged_by]", str(prescriber.user.pk))
    prescriber.click("Discharge").sees("No vitals were taken since the dose").check_page()
    prescriber.click("Discharge all the same").sees("Say why they leave all the same")
    prescriber.fill(despite="Zqinternal: written down a day later")
    prescriber.click("Discharge all the same")
    page.wait_for_load_state()
    dosing.refresh_from_db()
    assert dosing.discharged_at, page.inner_text("main")
    assert dosing.vitals.count() == dosing.side_effects.count() == 1
    prescriber.check_page()


def _agreed(dosing: DosingSession) -> None:
    """The client signed the consent to treatment; tests/consent/test_treatment_visits says how."""
    episode = dosing.episode
    consent_in_the_past(
        client=episode.client,
        clinic=episode.clinic,
        by=episode.opened_by,
        explained_by=episode.opened_by,
        signed_at=timezone.now() - timedelta(days=9),
    )


def _order(prescriber: Person, dosing: DosingSession) -> None:
    """Slips of the pen first: each is named, and what was typed stays."""
    page = prescriber.page
    prescriber.open("care:order", dosing.pk).check_page()
    for wrong in ("0", "-5", "5000"):
        prescriber.choose(route="im").fill(dose_mg=wrong)
        prescriber.click("Order the dose")
        page.wait_for_load_state()
        assert page.locator(".kc-error").count() > 0
        assert page.input_value("[name=dose_mg]") == wrong
    prescriber.check_page()
    prescriber.fill(dose_mg="50").click("Order the dose").sees("50 mg IM")


def _open_gates(prescriber: Person, dosing: DosingSession) -> None:
    page = prescriber.page
    prescriber.check_page()
    born = dosing.episode.client.date_of_birth.strftime("%d-%b-%Y")
    prescriber.fill(date_of_birth=born).click("Confirm")
    page.wait_for_load_state()
    for item in PreDoseItem:
        prescriber.choose(**{item.value: "yes"})
    prescriber.fill(weight_kg="72.4").click("Save the checks")
    page.wait_for_load_state()
    prescriber.fill(who="Sister", reached_by="555 0100").click("Save the escort")
    page.wait_for_load_state()


def _note(prescriber: Person, dosing: DosingSession) -> None:
    page = prescriber.page
    prescriber.open("care:dosing", dosing.pk)
    page.locator("form[action$='/note/'] button").first.click()
    page.wait_for_load_state()
    prescriber.check_page()
    for category, text in NOTE.items():
        page.fill(f"[name={category}]", text)
    prescriber.click("Go on to signing")
    page.wait_for_url(re.compile("/sign/"))
    prescriber.check_page()
    preview = page.locator(".kc-as", has_text="As Tess Therapist")
    assert "Zqresponse" in preview.inner_text()
    narrower = page.locator(".kc-as", has_text="As Phil Physician")
    assert "Zqsafety" in narrower.inner_text()
    assert "Zqresponse" not in narrower.inner_text()
    prescriber.click("Sign the note").check_page()
    dosing.note.refresh_from_db()
    assert dosing.note.signed_at
