"""In the browser: an emergency and its review; renewing, looking ahead; the end of treatment."""

import re

import pytest

from consent.enums import Ending, ReleaseState
from consent.models import Disclosure, EmergencyAccess, Release
from tests.browser.people import Person
from tests.factories import CLINIC, INTERNAL, LAST_NAME, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def case(full_case):
    return full_case


def confirm(person: Person) -> None:
    """The password once more, where it is asked for."""
    if person.page.locator("main [name=password]").count():
        person.fill(password=PASSWORD).click("Confirm")


def test_an_emergency_is_opened_read_given_back_and_judged(case, open_window):
    case.revoke(case.active(recipients=[case.cast.physician], out_categories=["safety"]))
    physician = open_window(Person, case.cast.physician)
    physician.open("care:timeline", case.referral.pk, status=404)
    physician.open("consent:emergency_find")
    confirm(physician)
    physician.check_page()
    physician.fill(last_name=LAST_NAME, date_of_birth="14-Jul-1990").click("Find the client")
    physician.never_sees(LAST_NAME.upper())
    physician.fill(date_of_birth="14-Jul-1985").click("Find the client").check_page()
    physician.click("Open for one hour").sees("What is the emergency?").check_page()
    physician.fill(nature="Found unconscious at home")
    physician.page.check("main [name=needed]")
    physician.click("Open for one hour").sees(CLINIC["safety"]).check_page()
    physician.never_sees(CLINIC["integration"], INTERNAL)
    assert Disclosure.objects.get().emergency_id == EmergencyAccess.objects.get().pk
    physician.click("Give it back")
    physician.open("care:timeline", case.referral.pk, status=404)

    administrator = open_window(Person, case.cast.administrator)
    administrator.open("consent:releases").sees("To review").check_page()
    administrator.page.get_by_role("link", name=re.compile("^Review")).first.click()
    administrator.sees("Found unconscious at home", "Safety").check_page()
    administrator.never_sees(*CLINIC.values(), INTERNAL)
    administrator.choose(justified="yes").fill(review="Called the ward")
    administrator.click("Keep this judgement").sees("Justified").check_page()
    assert EmergencyAccess.objects.get().reviewed_by == case.cast.administrator


def test_an_administrator_looks_ahead_renews_and_changes_the_wording(case, open_window):
    signed = case.active()
    administrator = open_window(Person, case.cast.administrator)
    administrator.open("consent:detail", signed.pk).check_page()
    administrator.page.get_by_role("link", name="See it as them").click()
    administrator.sees("Response", "Schedule").check_page()
    administrator.never_sees(*CLINIC.values(), INTERNAL)
    assert not Disclosure.objects.exists()

    administrator.open("consent:detail", signed.pk).click("Renew")
    renewal = Release.objects.get(supersedes=signed)
    assert renewal.state(signed.signed_at) == ReleaseState.DRAFT
    assert f"/releases/{renewal.pk}/" in administrator.page.url
    administrator.check_page()

    administrator.open("consent:wording").check_page()
    administrator.click("Change the wording", "link").check_page()
    administrator.fill(copy="We hand you a copy.").click("Save as version 1")
    administrator.sees("We hand you a copy.").check_page()
    signed.refresh_from_db()
    assert "We hand you a copy." not in signed.text


def test_a_prescriber_ends_treatment_and_with_it_a_release(case, open_window):
    case.active(until=None, ending=Ending.END_OF_TREATMENT)
    prescriber = open_window(Person, case.cast.prescriber)
    prescriber.open("care:end_episode", case.episode.pk).sees("1 ends with treatment").check_page()
    prescriber.fill(reason="All planned doses were given").click("End treatment").check_page()
    prescriber.sees("All planned doses were given")
    therapist = open_window(Person, case.cast.therapist)
    therapist.open("care:timeline", case.referral.pk).sees("No release lets you read")
    therapist.check_page().never_sees(*CLINIC.values())
