"""The flow sheet while the network is cut, while answers are lost, and on two devices."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from sessions.models import IdentityCheck, Intervention, PhaseMark, SideEffect, Vitals
from tests.browser.people import Person, Tablet

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NUMBERS = {"systolic": "144", "diastolic": "88", "heart_rate": "84", "spo2": "97"}

TEN_MINUTES_AHEAD = "const now = Date.now; Date.now = () => now() + 600_000;"


@pytest.fixture
def dosing(case, episode):
    """Given half an hour ago."""
    return case.begin_dose(timezone.now() - timedelta(minutes=30))


@pytest.fixture
def nurses(open_window, cast, dosing) -> Person:
    """The nurse at the flow sheet."""
    return open_window(Person, cast.nurse).open("care:dosing", dosing.pk)


def take(person: Person, **changes: str) -> None:
    for name, value in {**NUMBERS, **changes}.items():
        person.page.fill(f"#vitals [name={name}]", value)
    person.page.click("#vitals-save")


def unsaved(person: Person, text: str) -> None:
    expect(person.page.locator("#unsent")).to_contain_text(text)


def all_saved(person: Person, rows: int) -> None:
    expect(person.page.locator("tr.is-unsaved")).to_have_count(0, timeout=20_000)
    expect(person.page.locator("#unsent")).to_be_hidden()
    expect(person.page.locator("#flow tr[data-key]")).to_have_count(rows)


def test_rows_entered_without_a_network_are_saved_once_with_the_time_of_their_taps(nurses):
    page = nurses.check_page().page
    nurses.context.set_offline(True)
    begun = timezone.now()
    take(nurses)
    unsaved(nurses, "1 unsaved. No network since")
    page.locator("#discharge").scroll_into_view_if_needed()
    for part in (".kc-banner", "#order", "[data-unsent-count]"):  # never out of sight
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    assert page.input_value("#vitals [name=systolic]") == ""
    page.check("[name=severity][value=moderate]")
    page.click("#effect-nausea")
    page.click("#intervention-oxygen")
    page.click("#phase-peak")
    unsaved(nurses, "4 unsaved")
    expect(page.locator("tr.is-unsaved")).to_have_count(4)
    expect(page.locator("tr.is-unsaved").first).to_contain_text("Peak begins.")
    expect(page.locator("tr.is-unsaved").first).to_contain_text("Not saved yet")
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert not [word for word in ("144", "88", "ausea", "oxygen") if word in stored]
    tapped = timezone.now()
    take(nurses, heart_rate="1840")  # what cannot be is said at once, and stays
    nurses.sees("Heart rate: enter a number from 20 to 250.")
    assert page.input_value("#vitals [name=heart_rate]") == "1840"
    take(nurses, systolic="80")
    unsaved(nurses, "5 unsaved")
    page.fill("#vitals [name=systolic]", "15")  # the next one is begun meanwhile
    page.wait_for_timeout(1_500)
    back = timezone.now()
    nurses.context.set_offline(False)
    unsaved(nurses, "1 not accepted")
    refused = page.locator("tr.is-unsaved")
    expect(refused).to_contain_text("Diastolic: The lower number must be below the upper one.")
    assert page.input_value("#vitals [name=systolic]") == "15"
    refused.get_by_role("button", name="Mend").click()
    page.fill("#vitals [name=systolic]", "148")
    page.click("#vitals-save")
    all_saved(nurses, rows=5)
    first, mended = Vitals.objects.order_by("pk")
    rows = [first, SideEffect.objects.get(), Intervention.objects.get(), PhaseMark.objects.get()]
    assert [row.at for row in rows] == sorted(row.at for row in rows)
    slack = timedelta(seconds=5)  # between the clock of the page and ours
    assert all(begun - slack <= row.at <= tapped for row in rows)
    assert all(row.recorded_at > back for row in rows)
    assert rows[1].severity == "moderate"
    assert mended.systolic == 148
    nurses.errors.clear()  # what the browser says of a network that is cut
    nurses.check_page()


def test_from_the_case_to_the_first_vitals_in_five_taps(open_window, cast, case, episode):
    """On a tablet: what is typed is no tap, nor is the key that goes to the next field."""
    planned, taps = case.plan(timezone.now()), 0
    nurses = open_window(Tablet, cast.nurse).open("care:case", episode.pk)
    page = nurses.page

    def tap(target):
        nonlocal taps
        taps += 1
        target.tap()

    tap(page.get_by_role("link", name=f"Flow sheet of dose {planned.number}"))
    page.wait_for_url("**/dose/**")
    page.keyboard.type(f"{case.client.date_of_birth:%d-%b-%Y}")  # the field has the focus
    tap(page.get_by_role("button", name="Confirm"))
    page.wait_for_load_state("networkidle")
    tap(page.locator("#vitals [name=systolic]"))
    for number in NUMBERS.values():
        page.keyboard.type(number)
        page.keyboard.press("Enter")
    all_saved(nurses, rows=1)
    assert Vitals.objects.get().heart_rate == 84
    assert IdentityCheck.objects.filter(dosing=planned).exists()
    assert taps <= 5


def test_every_printed_page_says_about_whom_it_is(nurses, case, cast):
    pages = PdfReader(BytesIO(nurses.page.pdf(width="6in", height="5in"))).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert case.client.last_name.upper() in text
        assert f"by {cast.nurse}" in text
        assert f"Page {number} of {len(pages)}" in text


def test_an_answer_that_is_lost_leaves_one_row(nurses):
    page, lost = nurses.page, []

    def reach_the_server_only(route):
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/vitals/", reach_the_server_only)
    take(nurses)
    unsaved(nurses, "1 unsaved")
    assert lost == [200]
    assert Vitals.objects.count() == 1
    page.get_by_role("button", name="Try now").click()
    all_saved(nurses, rows=1)
    assert Vitals.objects.count() == 1


def test_two_devices_on_one_dose(nurses, open_window, case, cast, dosing):
    theirs = open_window(Person, cast.prescriber)
    theirs.page.add_init_script(TEN_MINUTES_AHEAD)
    theirs.open("care:dosing", dosing.pk)
    take(nurses, systolic="158", diastolic="96")
    all_saved(nurses, rows=1)
    theirs.page.fill("#vitals [name=systolic]", "12")
    theirs.page.evaluate("poll()")
    theirs.sees("158/96", "was above 150/95")
    assert theirs.page.input_value("#vitals [name=systolic]") == "12"
    theirs.page.click("#called")
    all_saved(theirs, rows=2)
    take(theirs, heart_rate="91")
    all_saved(theirs, rows=3)
    nurses.page.evaluate("poll()")
    nurses.sees("A prescriber was called", "91")
    assert Vitals.objects.count() == 2
    last = Vitals.objects.latest("pk")
    assert last.recorded_at - timedelta(seconds=20) < last.at <= last.recorded_at
    assert {row.recorded_by for row in Vitals.objects.all()} == {cast.nurse, cast.prescriber}
    theirs.page.fill("#vitals [name=systolic]", "13")
    case.leave(dosing)
    theirs.page.evaluate("poll()")
    theirs.sees("Another device went on with this dose")
    assert theirs.page.input_value("#vitals [name=systolic]") == "13"
    with nurses.page.expect_navigation():
        nurses.page.evaluate("poll()")
    nurses.sees("Judged stable by")


def test_rows_wait_for_the_person_who_entered_them(nurses, cast, dosing):
    nurses.context.clear_cookies()
    take(nurses)
    unsaved(nurses, "1 unsaved. You are signed out")
    nurses.page.evaluate("document.dispatchEvent(new Event('kc:leave', {cancelable: true}))")
    expect(nurses.page.locator("#vitals")).not_to_be_visible()
    unsaved(nurses, "Sign in again in another tab")

    def sign_in_beside(user):
        tab, nurses.page = nurses.page, nurses.context.new_page()
        nurses.user = user
        nurses.page.goto(f"{nurses.base_url}/")
        nurses.sign_in()
        nurses.page.close()
        nurses.page = tab

    sign_in_beside(cast.prescriber)
    again = nurses.page.get_by_role("button", name="Try now")
    again.click()
    unsaved(nurses, "Somebody else is signed in")
    assert not Vitals.objects.exists()
    nurses.context.clear_cookies()
    sign_in_beside(cast.nurse)
    again.click()
    all_saved(nurses, rows=1)
    assert Vitals.objects.get().recorded_by == cast.nurse
    expect(nurses.page.locator("#vitals")).to_be_visible()
