"""The client's own page on a phone: look, question, stop in two clicks; then all is shut."""

import re

import pytest
from playwright.sync_api import expect

from consent.enums import AskedHow, ReceiptKind
from consent.models import DisclosureQuestion, Release
from tests.browser.people import Person, Visitor
from tests.builder import Builder
from tests.factories import CLINIC, INTERNAL, LAST_NAME, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NOT_FOR_CLIENTS = ("kc-nav", "ketamine", "uthorization", INTERNAL, *CLINIC.values())


@pytest.fixture
def case(full_case, live_server, settings) -> Builder:
    settings.PUBLIC_URL = live_server.url
    full_case.active()
    return full_case


def test_a_client_looks_asks_and_stops_and_the_therapist_is_shut_out(case, open_window):
    therapist = open_window(Person, case.cast.therapist)
    # Signing in led to the worklist, which is a look as well.
    therapist.open("care:timeline", case.referral.pk).sees(CLINIC["response"])
    therapist.open("care:timeline", case.referral.pk)
    administrator = open_window(Person, case.cast.administrator)
    address = make_link(administrator, case)

    client = open_window(Visitor)
    come_in(client, address)
    look(client)
    ask(client)
    answer(administrator)
    client.open("consent:my_page").sees("Your own therapist.").check_page()
    client.open("consent:my_accounting").sees("Tess Therapist").check_page()
    stop(client)
    therapist.open("care:timeline", case.referral.pk)
    therapist.sees("No release lets you read").never_sees(*CLINIC.values())
    leave(client, administrator, case)


def make_link(administrator: Person, case: Builder) -> str:
    administrator.open("consent:client_links", case.client.pk).sees("No link yet").check_page()
    administrator.click("Make a link").sees("It is shown this once").check_page()
    return administrator.page.get_by_label("Link", exact=True).input_value()


def come_in(client: Visitor, address: str) -> None:
    client.page.goto(address)
    client.never_sees(LAST_NAME, "Northfield", *NOT_FOR_CLIENTS).check_page()
    client.fill(date_of_birth="15-Jul-1985").click("Open").sees("This did not open").check_page()
    client.fill(date_of_birth="07/14/1985").click("Open").sees("Who looked").check_page()
    assert client.page.url.endswith("/my/")
    assert client.page.title() == "Your page"


def look(client: Visitor) -> None:
    client.sees("Tess Therapist, LCSW", "May see", "3 times", "Coordinating care")
    client.never_sees(*NOT_FOR_CLIENTS)
    times = client.page.locator(".kc-looks li li")
    expect(times.first).not_to_be_visible()
    client.page.get_by_text("Each time").tap()
    expect(times.first).to_be_visible()
    client.check_page()


def ask(client: Visitor) -> None:
    client.page.get_by_role("link", name=re.compile("Question this entry")).first.tap()
    client.page.wait_for_url(re.compile("/my/questions/"))
    client.check_page()
    client.page.get_by_label("What would you like to know?").fill("Who is this?")
    client.click("Send to Northfield Clinic").sees("Your question was sent", "Not answered yet")
    client.check_page()


def answer(administrator: Person) -> None:
    question = DisclosureQuestion.objects.get()
    administrator.open("consent:question", question.pk).sees("Who is this?").check_page()
    administrator.never_sees(INTERNAL, *CLINIC.values())
    administrator.fill(answer="Your own therapist.").click("Answer").sees("Answered").check_page()


def stop(client: Visitor) -> None:
    """From the page it is two clicks: "Stop sharing", and with whom."""
    client.open("consent:my_page")
    client.page.get_by_role("link", name=re.compile("^Stop sharing")).tap()
    client.page.wait_for_url(re.compile("/my/withdraw/"))
    client.check_page()
    assert Release.objects.get().revoked_at is None
    client.click("Stop with Tess Therapist, LCSW, Harbor Lane Practice")
    client.sees("It is stopped").check_page()
    release = Release.objects.get()
    assert release.revocation_asked_how == AskedHow.OWN_PAGE
    assert release.receipts.filter(kind=ReceiptKind.WITHDRAWN).count() == 1
    client.click("Back to your page", "link").sees("Nothing is shared", "No longer shared: 1")


def leave(client: Visitor, administrator: Person, case: Builder) -> None:
    """Typed addresses lead back while the page is open; ending the link ends it at once."""
    client.open("consent:ledger")
    assert client.page.url.endswith("/my/")
    administrator.open("consent:client_links", case.client.pk).click("End the link")
    administrator.sees("The link is ended").check_page()
    client.open("consent:my_page", status=404).sees("This is closed").check_page()
    client.page.go_back()
    client.never_sees("Tess Therapist", LAST_NAME)


def test_the_accounting_leaves_as_pdf_and_table_after_the_password(case, open_window):
    therapist = open_window(Person, case.cast.therapist)
    therapist.open("care:timeline", case.referral.pk)
    administrator = open_window(Person, case.cast.administrator)
    page = administrator.page
    administrator.open("consent:ledger").sees("Tess Therapist").check_page()
    administrator.fill(q="robin").click("Find").check_page()
    assert "obin" not in page.url
    administrator.open("consent:accounting", case.client.pk).check_page()
    administrator.fill(first_day="31-Feb-2026").click("Show").sees("Enter a date").check_page()
    administrator.open("consent:accounting", case.client.pk).click("CSV")
    page.fill("[name=password]", PASSWORD)
    with page.expect_download() as download:
        page.get_by_role("button", name="Confirm").click()
    assert download.value.suggested_filename == f"accounting-{case.client.number}.csv"
    administrator.open("consent:accounting", case.client.pk)
    with page.expect_download() as download:
        page.get_by_role("button", name="PDF", exact=True).click()
    assert download.value.suggested_filename == f"accounting-{case.client.number}.pdf"
    administrator.never_sees(INTERNAL, *CLINIC.values())
