"""The consent to treatment on the pages of a case: where it stands, and who does what about it."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from consent.documents.kept import keep_document
from consent.documents.text import sha256
from consent.models import TreatmentConsent, TreatmentDocument, TreatmentPaper
from consent.treatment.text import paper_code
from people.formats import day
from reminders.dues import dues
from tests import triggers
from tests.consent.papers import SCAN
from tests.consent.treating import holds
from tests.factories import PASSWORD

STAFF = ("prescriber", "nurse", "kaptherapist", "coordinator")


@pytest.fixture
def staff(case, opened, signed_in) -> Client:
    return signed_in(case.cast.nurse)


def path(opened, *parts) -> str:
    return "/".join(["/care", str(opened.pk), "consent", *map(str, parts), ""])


def main(answer) -> str:
    return " ".join(answer.content.decode().split("<main")[1].split("</main>")[0].split())


def page(browser, opened, *parts) -> str:
    return main(browser.get(path(opened, *parts)))


def plan(case, **changes) -> dict:
    today = case.cast.clinic.today
    return {
        "form_key": str(uuid4()),
        "explained_by": case.cast.prescriber.pk,
        "explained_on": day(today),
        "last_day": day(today + timedelta(days=180)),
        **changes,
    }


# ------------------------------------------------------------------ where it stands
@pytest.mark.parametrize("name", STAFF)
def test_each_of_the_clinical_staff_is_led_from_the_case_to_the_consent(
    case, opened, signed_in, name
):
    browser = signed_in(getattr(case.cast, name))
    assert "Not signed" in main(browser.get(f"/care/{opened.pk}/"))
    text = page(browser, opened)
    assert "Nothing was put to the client yet" in text
    assert text.count("Prepare a consent") == 1


@pytest.mark.parametrize("name", ["administrator", "therapist", "physician", "superuser"])
def test_nobody_else_finds_it(case, opened, signed_in, name):
    consent = case.consent_to_treatment()
    browser = signed_in(getattr(case.cast, name))
    for parts in ((), ("prepare",), ("withdraw",), (consent.pk, "copy"), ("paper", "form")):
        assert browser.get(path(opened, *parts)).status_code == 404
    for parts in (("present",), ("discard",), ("link",), ("withdraw",)):
        assert browser.post(path(opened, *parts)).status_code == 404


def test_a_signed_one_shows_text_seal_and_end(case, staff, opened):
    consent = case.consent_to_treatment()
    text = page(staff, opened)
    for said in (
        "In force",
        f"until {day(consent.until - timedelta(microseconds=1))}",
        consent.text_sha256,
        "handed over by Nora Nurse",
        "Risks and side effects",
    ):
        assert said in text, said
    assert "Text and log agree" in text.replace(", PDF", "")
    assert f"Signed, until {day(consent.until - timedelta(microseconds=1))}" in main(
        staff.get(f"/care/{opened.pk}/")
    )


def test_the_page_shows_no_release_and_the_release_no_consent(case, staff, opened, signed_in):
    release, consent = case.active(), case.consent_to_treatment()
    assert release.number not in page(staff, opened)
    administrator = signed_in(case.cast.administrator)
    for address in (f"/releases/{release.pk}/", "/releases/", f"/disclosures/{case.client.pk}/"):
        text = administrator.get(address).content.decode()
        assert consent.number not in text
        assert "consent to treatment" not in text.lower()


# ------------------------------------------------------------------ preparing and presenting
def test_prepared_it_offers_three_ways_and_the_text(case, staff, opened):
    assert staff.post(path(opened, "prepare"), plan(case)).url == path(opened)
    text = page(staff, opened)
    for said in ("Hand over this screen", "Send a link", "Sign on paper", "The use is off-label"):
        assert said in text
    assert "KC-T-" in text
    assert TreatmentConsent.objects.get().created_by == case.cast.nurse


def test_the_form_names_what_is_wrong_and_keeps_what_was_typed(case, staff, opened):
    tomorrow = day(case.cast.clinic.today + timedelta(days=1))
    answer = main(staff.post(path(opened, "prepare"), plan(case, explained_on=tomorrow)))
    assert "This day is in the future" in answer
    assert f'value="{tomorrow}"' in answer
    answer = main(staff.post(path(opened, "prepare"), plan(case, explained_by="")))
    assert "Choose: prescriber who explained the treatment." in answer
    assert not TreatmentConsent.objects.exists()


def test_a_prescriber_finds_themselves_named_and_nobody_else_does(case, opened, signed_in):
    chosen = re.compile(rf'<option value="{case.cast.prescriber.pk}" selected')
    assert chosen.search(page(signed_in(case.cast.prescriber), opened, "prepare"))
    assert not chosen.search(page(signed_in(case.cast.nurse), opened, "prepare"))


def test_a_link_is_shown_once(case, staff, opened):
    case.prepare_consent()
    assert "/a/" not in page(staff, opened, "link")
    made = main(staff.post(path(opened, "link")))
    token = re.search(r"/a/([\w-]{43,})/", made).group(1)
    assert token not in page(staff, opened, "link")
    assert "A link is open until" in page(staff, opened, "link")
    browser = Client()
    assert browser.post(f"/a/{token}/", {"date_of_birth": "14-Jul-1985"}).url == "/agreement/"


def test_put_away_it_can_be_prepared_anew(case, staff, opened):
    case.prepare_consent()
    staff.post(path(opened, "discard"))
    text = page(staff, opened)
    assert "Put away" in text
    assert "Prepare a consent" in text


@pytest.mark.parametrize("parts", [("link",), ("paper",), ("paper", "verify"), ("withdraw",)])
def test_where_nothing_waits_there_is_nothing_to_do(case, staff, opened, parts):
    assert staff.get(path(opened, *parts)).url == path(opened)
    assert staff.post(path(opened, "present")).url == path(opened)
    assert staff.post(path(opened, "discard")).url == path(opened)


# ------------------------------------------------------------------ withdrawing
def test_withdrawn_on_the_clients_word_in_two_clicks_and_a_reason(case, staff, opened):
    case.consent_to_treatment()
    assert "Client withdraws it" in page(staff, opened)
    told = {"asked_by": "client", "asked_how": "in_person", "reason": "Wants to wait."}
    answer = main(staff.post(path(opened, "withdraw"), {**told, "reason": ""}))
    assert "Say in a few words what the client told you" in answer
    assert holds(case)
    staff.post(path(opened, "withdraw"), told)
    assert holds(case) is None
    text = page(staff, opened)
    assert "was withdrawn on" in text
    assert "Wants to wait." in text
    assert "noted by Nora Nurse" in text


def test_the_clinic_is_offered_no_withdrawal_of_its_own(case, staff, opened):
    case.consent_to_treatment()
    assert 'value="clinic"' not in page(staff, opened, "withdraw")
    told = {"asked_by": "clinic", "asked_how": "phone", "reason": "x"}
    staff.post(path(opened, "withdraw"), told)
    assert holds(case)


# ------------------------------------------------------------------ paper
def test_a_paper_is_copied_by_one_and_verified_by_another(case, staff, opened, signed_in, tmp_path):
    consent = case.prepare_consent()
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(SCAN)
    data = {
        "code": paper_code(consent),
        "signer": "client",
        "agreed": "yes",
        "signer_name": "Robin Q. Marsh",
        "signed_on": day(consent.organization.today),
    }
    with scan.open("rb") as file:
        answer = staff.post(path(opened, "paper"), {**data, "code": "1", "scan": file})
    assert "This is not the code of the treatment consent" in main(answer)
    with scan.open("rb") as file:
        staff.post(path(opened, "paper"), {**data, "scan": file})
    assert "waits for a second member of the staff" in page(staff, opened, "paper", "verify")
    shown = page(staff, opened)
    assert "Signed on paper, waits to be verified" in shown
    assert "Waits for the client" not in shown
    told = {due.what: due for due in dues(case.cast.coordinator, timezone.now())}
    assert told["Verify a signed paper"].mine
    assert told["Verify a signed paper"].url == path(opened, "paper", "verify")
    assert not dues(case.cast.nurse, timezone.now())[0].mine  # who copied it
    assert staff.get(path(opened, consent.pk, "scan")).content == SCAN

    second = signed_in(case.cast.coordinator)
    asked = second.get(path(opened, "paper", "verify"))
    assert "reauthenticate" in asked.url  # the password first
    second.post("/account/reauthenticate/", {"password": PASSWORD})
    compared = page(second, opened, "paper", "verify")
    assert f"<b>{case.client.full_name}</b>. The name on the paper differs" in compared
    assert "Robin Q. Marsh" in compared
    answer = main(second.post(path(opened, "paper", "verify"), {"decision": "reject"}))
    assert "Say what is wrong" in answer
    second.post(path(opened, "paper", "verify"), {"decision": "accept"})
    assert holds(case) == consent
    assert TreatmentPaper.objects.get().verified_by == case.cast.coordinator
    assert "Download the scan" in page(staff, opened)


# ------------------------------------------------------------------ the kept PDF
DAMAGE = {
    "the text": (TreatmentConsent, {"text": "Anything"}),
    "the text with its hash": (TreatmentConsent, {"text": "x", "text_sha256": sha256("x")}),
    "its end": (TreatmentConsent, {"until": datetime(2040, 1, 1, tzinfo=UTC)}),
    "a byte of the PDF": (TreatmentDocument, {"pdf": b"%PDF-2"}),
    "the hash of the PDF": (TreatmentDocument, {"pdf_sha256": "0" * 64}),
}


@pytest.mark.pango
@pytest.mark.parametrize("what", DAMAGE)
def test_anything_changed_afterwards_is_shown_as_broken(case, staff, opened, what, capsys):
    keep_document(case.consent_to_treatment())
    assert "Broken" not in page(staff, opened)
    call_command("verify_ledger")
    assert "whole: 1 signed consents to treatment" in capsys.readouterr().out
    model, change = DAMAGE[what]
    with triggers.disabled(model._meta.db_table):
        model.objects.update(**change)
    assert "Broken: " in page(staff, opened)
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    assert "KC-T-" in capsys.readouterr().out


@pytest.mark.pango
def test_the_copy_is_made_once_and_stays_the_same_bytes(case, staff, opened):
    consent = case.consent_to_treatment()
    assert staff.get(path(opened, consent.pk, "copy")).url == path(opened)
    assert "It was not made yet" in page(staff, opened)
    staff.post(path(opened, consent.pk, "copy"))
    first = staff.get(path(opened, consent.pk, "copy"))
    staff.post(path(opened, consent.pk, "copy"))
    assert first.content.startswith(b"%PDF")
    assert staff.get(path(opened, consent.pk, "copy")).content == first.content
    assert first["Content-Disposition"].endswith(f'"{consent.number}-signed.pdf"')


def test_copies_of_another_client_are_not_found(case, staff, opened, cast):
    other = type(case)(cast)
    other.send(first_name="Wren")
    consent = other.consent_to_treatment()
    assert staff.get(path(opened, consent.pk, "copy")).status_code == 404
    assert staff.get(path(opened, consent.pk, "scan")).status_code == 404
