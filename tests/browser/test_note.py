"""In the browser: two people at one draft, what is added and taken back, and one's own notes."""

import pytest
from playwright.sync_api import expect

from sessions.models import ContinuityNote
from tests.browser.people import Person
from tests.factories import INTERNAL

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def saved(person: Person, text: str) -> None:
    expect(person.page.locator("[data-save-state]")).to_contain_text(text)


def test_two_write_one_draft_and_nobody_loses_a_word(full_case, open_window):
    full_case.active()
    draft = full_case.dosing.note
    first, second = (
        open_window(Person, each)
        for each in (full_case.cast.prescriber, full_case.cast.kaptherapist)
    )
    for person in (first, second):
        person.open("care:note", full_case.dosing.pk)
    first.fill(response="Zqfirst")
    saved(first, "Saved")
    second.fill(response="Zqsecond").sees("Somebody else saved this note meanwhile", "Zqfirst")
    second.page.fill("[name=response]", "Zqsecond, and more")
    second.click("Save mine")
    saved(second, "Saved")
    draft.refresh_from_db()
    assert draft.draft["response"] == "Zqsecond, and more"
    second.errors.clear()  # the browser notes the conflict too

    second.click("Go on to signing").page.wait_for_url("**/sign/")
    second.click("Sign the note").sees("Signed.").check_page()
    first.page.fill("[name=response]", "Zqlate")
    first.sees("Not saved. This note is signed.")
    assert first.page.input_value("[name=response]") == "Zqlate"

    second.click("Add to this note").sees("Zqsecond, and more").check_page()
    second.fill(safety="Zqadded", reason="She rang.")
    saved(second, "Saved")
    second.click("Go on to signing").page.wait_for_url("**/sign/")
    second.check_page().click("Sign the addition").sees("Zqadded", "She rang.").check_page()

    second.click("Take back the whole note", "link").check_page()
    second.fill(reason="Zqwrong").click("Mark as entered in error").check_page()
    second.sees("Entered in error").click("Begin a new note").check_page()
    assert ContinuityNote.objects.filter(dosing=draft.dosing, in_error_at=None).count() == 1

    therapist = open_window(Person, full_case.cast.therapist)
    therapist.open("care:timeline", full_case.referral.pk).sees("Taken back").check_page()
    therapist.never_sees("Zqsecond", "Zqadded", "Zqwrong", INTERNAL)


def test_ones_own_notes(full_case, open_window):
    person = open_window(Person, full_case.cast.kaptherapist)
    person.open("care:case", full_case.episode.pk)
    person.click("Your psychotherapy notes", "link").check_page()
    person.fill(text="Zqthought").click("Save").sees("Zqthought")
    person.page.get_by_role("link", name="Go on with it").first.click()
    person.page.wait_for_load_state()
    person.check_page().fill(text="Zqafterthought").click("Save and close it for good")
    person.sees("Zqafterthought", "Closed").check_page()
