"""The main job, end to end, in a browser, by different people."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from consent.ledger.chain import broken_links
from consent.models import Disclosure, Release
from people.enums import SafeContact
from people.models import Client, User
from referrals.models import Referral
from reminders.enums import ReminderKind, ReminderState
from reminders.models import Reminder
from sessions.models import EpisodeOfCare
from tests.browser.people import Person
from tests.browser.treatment import NOTE, treat
from tests.factories import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CONTEXT = {
    "history": "Zqhistory",
    "medicines": "Zqmedicines",
    "risk": "Zqrisk",
    "contraindications": "Zqcontraindications",
}
WRITTEN = (*NOTE.values(), *CONTEXT.values(), "Zqinternal", "Zqgoals", "Zqanswer", "Zqreason")
WORDS = ("ketamine", "Zq", "mg", "depression")


@pytest.fixture
def people(live_server, chromium, settings):
    """Signs people in, each once, and closes their windows at the end."""
    settings.PUBLIC_URL = live_server.url
    cast, windows = make_cast(), {}

    def person(name: str) -> Person:
        if name not in windows:
            windows[name] = Person(chromium, live_server.url, getattr(cast, name))
        return windows[name]

    yield person
    for window in windows.values():
        window.leave()


def test_the_journey(people):
    referral = refer(people("therapist"))
    answer(people("coordinator"), people("therapist"), referral)
    release(people("administrator"), referral, "Tess Therapist", out=6, into=6)
    what_the_release_opened(people("coordinator"), people("therapist"), referral)
    release(people("administrator"), referral, "Phil Physician", out=1, into=0)
    episode = treat(people("prescriber"), referral)
    read(people, referral)
    remind(people("therapist"), referral, episode)
    withdraw(people, referral)


# ------------------------------------------------------------------ 1. the therapist refers
def refer(therapist: Person) -> Referral:
    therapist.open("home").check_page()
    therapist.click("New referral", "link").check_page()
    therapist.fill(
        first_name="Robin", last_name="Quill", date_of_birth="14-Jul-1985", phone="555 0199"
    ).choose(safe_contact=SafeContact.PHONE_NO_MESSAGE)
    therapist.click("Save and continue")
    page = therapist.page
    with therapist.saving():
        page.fill("[name=reason]", "Zqreason")
    with therapist.saving():
        page.fill("[name=goals]", "Zqgoals")
    for kind in ("fit_stable", "fit_willing", "fit_support", "fit_open"):
        with therapist.saving():
            page.check(f"[name={kind}][value=yes]")
    for name, text in CONTEXT.items():
        with therapist.saving():
            page.fill(f"[name={name}]", text)
    with therapist.saving():
        page.check("[name=collaboration][value=clinic_medical]")
    with therapist.saving():
        page.check("[name=agreement][value=together]")
    with therapist.saving():
        page.fill("[name=agreed_on]", (timezone.now() - timedelta(days=1)).strftime("%d-%b-%Y"))
    therapist.check_page()
    page.reload()
    assert page.input_value("[name=risk]") == "Zqrisk"
    therapist.click("Check your answers", "link")
    page.wait_for_url(re.compile("/check/"))
    therapist.sees("Zqhistory", "Robin").check_page()
    therapist.click("Send the referral").sees("REF-").check_page()
    return Referral.objects.get()


# ------------------------------------------------------------------ 2. the clinic answers
def answer(coordinator: Person, therapist: Person, referral: Referral) -> None:
    coordinator.open("home").check_page()
    coordinator.open("referrals:queue").sees("QUILL, Robin").check_page()
    coordinator.open("referrals:triage", referral.pk).sees("Zqreason", "555 0199").check_page()
    coordinator.never_sees(*CONTEXT.values(), "Zqgoals")
    coordinator.click("Decline", "link").check_page()
    coordinator.choose(reason="other").click("Decline").sees("Give the reason").check_page()
    for name in ("referrals:more_time", "referrals:ask"):
        coordinator.open(name, referral.pk).check_page()
    coordinator.open("referrals:duplicates").check_page()
    for name in ("referrals:in_error", "referrals:cancel"):
        therapist.open(name, referral.pk).check_page()
    coordinator.open("referrals:triage", referral.pk).fill(text="Zqanswer").click("Accept")
    assert not Disclosure.objects.exists()
    therapist.open("referrals:detail", referral.pk).sees("Received").check_page()
    therapist.never_sees("Zqanswer", "ccepted")
    therapist.open("reminders:worklist").never_sees("ccepted")


# ------------------------------------------------------------------ 3. the client signs
def release(
    administrator: Person, referral: Referral, recipient: str, *, out: int, into: int
) -> None:
    administrator.open("home").check_page()
    administrator.click("New release", "link").check_page()
    administrator.page.select_option("[name=client]", str(referral.client_id))
    administrator.click("Continue").check_page()
    user = User.objects.get(name=recipient)
    administrator.choose(recipients=f"person:{user.pk}").click("Continue").check_page()
    administrator.click("Check and preview", "link")
    missing = ("State at least one purpose", "Give the date or the event on which it ends")
    administrator.sees(*missing).check_page()
    administrator.click(missing[0], "link")
    wanted = ["safety", "schedule", "readiness", "treatment", "response", "integration"][:out]
    for category in wanted:
        administrator.choose(out_categories=category)
    offered = ["history", "risk", "contraindications", "readiness", "integration", "schedule"]
    for category in offered[:into]:
        administrator.choose(in_categories=category)
    last_day = (timezone.now() + timedelta(days=90)).strftime("%d-%b-%Y")
    administrator.choose(purposes="coordination").click("Continue")
    administrator.click(missing[1], "link").check_page()
    administrator.choose(ending="").fill(last_day=last_day).click("Continue").check_page()
    administrator.click("Ready to sign").check_page()
    sign_on_the_clinics_screen(administrator)


def sign_on_the_clinics_screen(administrator: Person) -> None:
    """The administrator hands the screen over and signs in again once the client is done."""
    administrator.click("Hand over this screen").check_page()
    page = administrator.page
    assert page.locator("main input:checked").count() == 0
    for box in page.locator("[name=share]").all():
        box.check()
    administrator.click("Continue").check_page()
    administrator.fill(signer_name="Robin Quill")
    page.check("[name=electronic_agreed]")
    administrator.click("Sign and share").sees("It is signed").check_page()
    signed = Release.objects.latest("pk")
    assert signed.text_sha256
    assert "Robin Quill" in signed.text
    administrator.open("home").sees("It is signed")  # no other address answers
    administrator.click("Finish")
    administrator.sign_in()
    administrator.sees(signed.text_sha256).check_page()


def what_the_release_opened(coordinator: Person, therapist: Person, referral: Referral) -> None:
    coordinator.open("referrals:triage", referral.pk)
    coordinator.sees(*CONTEXT.values(), "Zqgoals").check_page()
    therapist.open("referrals:detail", referral.pk).sees("Accepted", "Zqanswer").check_page()
    assert Disclosure.objects.count() == 2


# ------------------------------------------------------------------ 5. who may read, reads
def read(people, referral: Referral) -> None:
    therapist, physician, stranger = people("therapist"), people("physician"), people("stranger")
    before = Disclosure.objects.count()
    therapist.open("care:timeline", referral.pk)
    assert Disclosure.objects.count() == before + 1
    therapist.sees(*NOTE.values(), "50 mg").never_sees("Zqinternal").check_page()
    assert "Robin Quill lets you read" in therapist.page.locator(".kc-release").inner_text()
    assert therapist.page.locator(".kc-journey svg").count() >= 1
    physician.open("care:timeline", referral.pk).sees("Zqsafety").check_page()
    assert Disclosure.objects.count() == before + 2
    physician.never_sees("Zqresponse", "Zqfocus", "50 mg", "Zqinternal", *CONTEXT.values())
    physician.open("home").check_page()
    for name in ("care:timeline", "care:timeline_pdf", "referrals:detail"):
        stranger.open(name, referral.pk, status=404).never_sees("Quill", *WRITTEN)
    people("colleague").open("care:timeline", referral.pk, status=404)
    assert Disclosure.objects.count() == before + 2
    assert not list(broken_links(referral.client_id))


# ------------------------------------------------------------------ 6. the window opens
def remind(therapist: Person, referral: Referral, episode: EpisodeOfCare) -> None:
    mail.outbox.clear()
    call_command("send_due_reminders")
    sent = Reminder.objects.of_windows().get(episode=episode, state=ReminderState.SENT)
    assert (sent.kind, sent.owner) == (ReminderKind.PRIMARY, therapist.user)
    assert [therapist.user.email] in [message.to for message in mail.outbox]
    for message in mail.outbox:
        content = f"{message.subject}\n{message.body}".lower()
        assert not [word for word in (*WORDS, "Quill", "Robin") if word.lower() in content]
    therapist.open("reminders:worklist").sees("Integration, 24–48 h").check_page()
    therapist.open("care:timeline", referral.pk)
    therapist.click("I held this session today", "link").check_page()
    therapist.click("Log it").check_page()
    states = dict(
        Reminder.objects.of_windows().filter(episode=episode).values_list("kind", "state")
    )
    assert states[ReminderKind.PRIMARY] == ReminderState.DONE
    assert states[ReminderKind.SECONDARY] == ReminderState.PENDING


# ------------------------------------------------------------------ 7. the client withdraws
def withdraw(people, referral: Referral) -> None:
    therapist, administrator = people("therapist"), people("administrator")
    therapist.open("care:timeline", referral.pk).sees("Zqresponse")
    first = Release.objects.earliest("pk")
    administrator.open("consent:detail", first.pk).click("Withdraw", "link")
    administrator.page.fill("[name=password]", "a-long-enough-password")
    administrator.page.locator("main button[type=submit]").first.click()
    administrator.page.wait_for_load_state()
    administrator.check_page().choose(asked_by="client", asked_how="phone")
    administrator.fill(reason="by phone")
    read_before = Disclosure.objects.filter(client_id=referral.client_id).count()
    administrator.click("Withdraw now").sees("Withdrawn").check_page()

    page = therapist.page
    with page.expect_response(re.compile("/notes/")) as answer, page.expect_navigation():
        page.click("#show-others")
    assert answer.value.status == 404
    therapist.never_sees("Zqresponse", "Zqsafety")
    therapist.open("care:timeline_pdf", referral.pk, status=404)
    therapist.open("care:timeline", referral.pk).never_sees("Zqresponse", "Zqsafety")
    therapist.check_page()
    assert Disclosure.objects.filter(client_id=referral.client_id).count() == read_before
    secondary = Reminder.objects.of_windows().get(kind=ReminderKind.SECONDARY)
    assert secondary.state == ReminderState.CANCELLED

    administrator.open("consent:accounting", referral.client_id)
    administrator.sees("Tess Therapist, LCSW", "Phil Physician, MD").check_page()
    administrator.never_sees(*WRITTEN)
    with administrator.page.expect_download() as download:
        administrator.page.get_by_role("button", name="PDF", exact=True).click()
    assert download.value.path().read_bytes().startswith(b"%PDF-1.7")
    administrator.open("consent:ledger").sees("Robin").check_page()
    administrator.open("consent:releases").check_page()
    assert Client.objects.count() == 1
