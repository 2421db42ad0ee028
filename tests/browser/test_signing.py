"""Signing, three ways, in a browser: by a link on a phone, on the clinic's screen, on paper."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from consent.actions.links import make_signing_link
from consent.documents.text import paper_code
from consent.enums import Method
from consent.models import Release
from people.enums import Role
from people.formats import day
from tests.browser.people import Person, Visitor
from tests.builder import Builder
from tests.consent.scans import scan
from tests.factories import LAST_NAME, REASON, make_user

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
FULL_NAME = f"Robin {LAST_NAME}"
STAFF_ONLY = ("kc-nav", "Ada Administrator", "Who has read what", REASON, "ketamine")


@pytest.fixture
def case(case, referral, live_server, settings) -> Builder:
    settings.PUBLIC_URL = live_server.url
    return case


def draw(page: Page) -> None:
    """A wave across the pad, with one finger."""
    page.locator(".kc-pad svg").scroll_into_view_if_needed()
    box = page.locator(".kc-pad svg").bounding_box()
    finger = page.context.new_cdp_session(page)
    wave = [(0.1 + n / 40, 0.3 + 0.4 * (n % 2)) for n in range(30)]
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in wave]
    for n, (x, y) in enumerate(points):
        kind = "touchMove" if n else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


# ------------------------------------------------------------------ by a link
def test_a_client_signs_on_a_phone_by_drawing(case, open_window):
    release = case.unsigned()
    token = make_signing_link(by=case.cast.administrator, release=release)
    client = open_window(Visitor)
    page = client.page
    client.open("consent:open_link", token).check_page()
    client.fill(date_of_birth="15-Jul-1985").click("Open").sees("This did not open").check_page()
    client.fill(date_of_birth="07/14/1985").click("Open")
    client.sees("May we share this with Tess Therapist?", "You have chosen 0 of 6").check_page()
    page.get_by_text("Dates of doses and sessions").click()
    page.get_by_text("Diagnoses, treatment history").click()
    client.sees("You have chosen 2 of 6")
    client.click("Continue").sees("What you chose not to share").check_page()

    page.get_by_label("Your full name").fill(FULL_NAME)
    page.get_by_role("button", name="Draw").click()
    draw(page)
    client.sees("Signature drawn.").check_page()
    strokes = page.locator(".kc-pad path:not(.kc-pad__base)")
    expect(strokes).to_have_count(1)
    shape = strokes.get_attribute("d")
    client.click("Sign and share").sees("Tick the box to sign on this screen").check_page()
    assert page.locator(".kc-pad path:not(.kc-pad__base)").get_attribute("d") == shape
    assert page.input_value("[name=signer_name]") == FULL_NAME
    page.get_by_label("I agree to sign electronically").check()
    client.click("Sign and share").sees("It is signed").check_page()

    with page.expect_download() as download:
        client.click("Download my copy (PDF)", "link")
    release.refresh_from_db()
    assert download.value.path().read_bytes() == bytes(release.document.pdf)
    assert (release.method, len(release.drawn)) == (Method.LINK, 1)
    assert len(release.drawn[0]) >= 20
    client.click("Finish").sees("This page is closed").check_page()
    client.open("consent:open_link", token).fill(date_of_birth="14-Jul-1985").click("Open")
    client.sees("You have answered already")


def test_clear_and_type_leave_no_drawing_behind(case, open_window):
    release = case.unsigned()
    token = make_signing_link(by=case.cast.administrator, release=release)
    client = open_window(Visitor)
    page = client.page
    client.open("consent:open_link", token).fill(date_of_birth="14-Jul-1985").click("Open")
    page.locator("[name=share]").first.check()
    client.click("Continue")
    page.get_by_role("button", name="Draw").click()
    drawn = page.locator("[name=drawn]")
    draw(page)
    assert len(drawn.input_value()) > 50
    page.get_by_role("button", name="Type").click()
    expect(drawn).to_have_value("[]")
    page.get_by_role("button", name="Draw").click()
    expect(drawn).to_have_value(re.compile(r"\d+,\d+"))
    page.get_by_role("button", name="Clear").click()
    expect(drawn).to_have_value("[]")
    expect(page.locator(".kc-pad path:not(.kc-pad__base)")).to_have_count(0)
    page.get_by_label("Your full name").fill(FULL_NAME)
    page.get_by_label("I agree").check()
    client.click("Sign and share").sees("Nothing is drawn yet")
    assert not Release.objects.get(pk=release.pk).signed_at


# ------------------------------------------------------------------ on the clinic's screen
def hand_over(staff: Person, release: Release) -> None:
    staff.open("consent:detail", release.pk).check_page()
    staff.click("Hand over this screen").sees("May we share this with")


def tab_to(page: Page, selector: str) -> None:
    """By the Tab key alone, as far as a page can be long."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def test_a_client_signs_at_the_clinic_with_the_keyboard_alone(case, open_window):
    release = case.unsigned(witness_required=True)
    staff = open_window(Person, case.cast.administrator)
    staff.open("consent:detail", release.pk)
    page, keys = staff.page, staff.page.keyboard
    tab_to(page, "form[action$='/present/'] button")
    keys.press("Enter")
    staff.sees("May we share this with").check_page()
    tab_to(page, "[value='out:schedule']")
    keys.press("Space")
    tab_to(page, "[value='choose']")
    keys.press("Enter")
    staff.sees("Read this, then sign").check_page()
    tab_to(page, "[name=signer]")
    keys.press("ArrowDown")  # a representative: then what gives them the right is asked
    tab_to(page, "[name=signer_authority]")
    keys.type("Guardian")
    tab_to(page, "[name=signer_name]")
    keys.type("Pat Parent")
    tab_to(page, "[name=witness_name]")
    keys.type("Wes Witness")
    tab_to(page, "[name=electronic_agreed]")
    keys.press("Space")
    tab_to(page, "[value='sign']")
    keys.press("Enter")
    staff.sees("It is signed", "Pat Parent, Guardian").check_page()
    tab_to(page, "main button")
    keys.press("Enter")
    page.wait_for_url(re.compile("/account/login/"))
    staff.sign_in()
    assert page.url.endswith(reverse("consent:detail", args=[release.pk]))
    release.refresh_from_db()
    assert (release.method, release.drawn) == (Method.SCREEN, [])
    assert (release.signer_authority, release.witness_name) == ("Guardian", "Wes Witness")


def test_back_a_typed_address_and_a_new_tab_show_nothing_but_the_document(case, open_window):
    release = case.unsigned()
    staff = open_window(Person, case.cast.administrator)
    staff.open("consent:releases").sees(LAST_NAME.upper())
    other = staff.context.new_page()
    other.goto(f"{staff.base_url}{reverse('consent:releases')}")
    hand_over(staff, release)
    page, here = staff.page, reverse("consent:visit")

    def shows_the_document(where: Page) -> None:
        expect(where.locator("h1")).to_contain_text("May we share this with")
        assert where.url.endswith(here)
        assert not [word for word in STAFF_ONLY if word in where.content()]

    other.wait_for_url(f"**{here}")
    shows_the_document(other)
    other.close()
    for _ in range(3):
        page.go_back()
        shows_the_document(page)
    page.reload()
    shows_the_document(page)
    for name in ("home", "consent:releases", "reminders:today", "account_login", "mfa_index"):
        page.goto(staff.base_url + reverse(name))
        shows_the_document(page)
    tab = staff.context.new_page()
    tab.goto(f"{staff.base_url}{reverse('consent:detail', args=[release.pk])}?x=1")
    shows_the_document(tab)
    assert tab.evaluate("fetch('/releases/').then(r => r.url)").endswith(here)
    tab.close()

    staff.click("Answer another time")
    page.wait_for_url(re.compile("/account/login/"))
    page.go_back()
    assert LAST_NAME not in page.content()
    page.goto(staff.base_url + here)
    staff.sees("This page is closed").never_sees(LAST_NAME)
    page.goto(staff.base_url + reverse("consent:releases"))
    page.wait_for_url(re.compile("/account/login/"))


def test_saying_no_takes_one_press_and_no_name(case, open_window):
    release = case.unsigned()
    staff = open_window(Person, case.cast.administrator)
    hand_over(staff, release)
    yes, no = staff.page.locator(".kc-equal button").all()
    look = "b => { const s = getComputedStyle(b); return [b.offsetWidth, b.offsetHeight, \
        s.color, s.backgroundColor, s.border, s.font] }"
    assert yes.evaluate(look) == no.evaluate(look)
    staff.click("Don’t share").sees("Nothing will be shared").check_page()
    release.refresh_from_db()
    assert release.declined_at
    assert not release.signed_at


def test_two_minutes_before_a_visit_ends_the_client_can_ask_for_more_time(case, open_window):
    release = case.unsigned()
    staff = open_window(Person, case.cast.administrator)
    staff.page.clock.install()
    hand_over(staff, release)
    notice = staff.page.locator("[data-closes]")
    staff.page.clock.run_for(27 * 60_000)
    expect(notice).to_be_hidden()
    staff.page.clock.run_for(61_000)
    expect(notice).to_be_visible()
    staff.check_page()
    staff.click("I need more time")
    expect(notice).to_be_hidden()


# ------------------------------------------------------------------ on paper
def test_paper_is_printed_scanned_copied_and_verified_by_a_second(case, open_window, tmp_path):
    release = case.unsigned()
    second = make_user("Bea Beside", Role.ADMINISTRATOR, case.cast.clinic)
    (tmp_path / "scan.pdf").write_bytes(scan())
    first = open_window(Person, case.cast.administrator)
    first.open("consent:detail", release.pk).click("Sign on paper", "link").check_page()
    with first.page.expect_download() as download:
        first.click("Print the form (PDF)", "link")
    assert download.value.suggested_filename == f"{release.number}.pdf"
    first.page.set_input_files("[name=scan]", tmp_path / "scan.pdf")
    first.fill(code=paper_code(release), signer_name=FULL_NAME, signed_on="14-Jul-2020")
    first.choose(shared="out:schedule", agreed="yes", signer="client").click(
        "Keep it for verification"
    )
    first.sees("cannot have been signed before").check_page()
    first.page.set_input_files("[name=scan]", tmp_path / "scan.pdf")
    first.fill(signed_on=day(case.cast.clinic.today)).click("Keep it for verification")
    first.sees("waits for a second administrator").check_page()

    other = open_window(Person, second)
    other.open("consent:detail", release.pk).check_page()
    other.click("Verify the paper", "link")
    other.page.fill("[name=password]", "a-long-enough-password")
    other.page.locator("main button[type=submit]").first.click()
    other.sees("compare it, line by line", "Ada Administrator").check_page()
    with other.page.expect_download() as download:
        other.click("Download the scan (1 page)", "link")
    assert download.value.path().read_bytes() == (tmp_path / "scan.pdf").read_bytes()
    other.choose(decision="accept").click("Save what I found").sees("On paper").check_page()
    release.refresh_from_db()
    assert (release.method, release.presented_by) == (Method.PAPER, second)


def test_the_administrator_makes_a_link_and_copies_it(case, open_window):
    release = case.unsigned()
    staff = open_window(Person, case.cast.administrator)
    staff.open("consent:detail", release.pk).click("Send a link", "link").check_page()
    staff.click("Make the link").sees("It is shown this once").check_page()
    address = staff.page.input_value("#address")
    staff.context.grant_permissions(["clipboard-read", "clipboard-write"])
    staff.click("Copy").sees("Copied.")
    assert staff.page.evaluate("navigator.clipboard.readText()") == address
    client = open_window(Visitor)
    client.page.goto(address)
    client.sees("To open it, enter your date of birth")
