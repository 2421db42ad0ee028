"""Referring a client: at most 14 clicks and 20 fields, and the keyboard alone is enough."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from referrals.enums import FIT_KINDS, ReferralState
from referrals.models import Referral
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MOST_CLICKS, MOST_FIELDS, MOST_TABS = 14, 20, 60
IDENTITY = {
    "first_name": "Robin",
    "last_name": "Quill",
    "date_of_birth": "14-Jul-1985",
    "phone": "555 0199",
    "email": "robin@client.example",
}
TEXTS = {
    "reason": "Low mood",
    "goals": "Sleep",
    "history": "Asthma",
    "risk": "None now",
    "contraindications": "None known",
    "medicines": "Sertraline 50 mg",
}
# Every click of a mouse anywhere, over all pages of the window; Enter and Space are none.
COUNT = """addEventListener("click", event => {
    if (event.detail) sessionStorage.clicks = 1 + Number(sessionStorage.clicks || 0);
}, true)"""
# What is asked: one for each name, and one for a group of buttons of which one is chosen.
FIELDS = """() => [...document.querySelectorAll("main :is(input, select, textarea)")]
    .filter(field => field.type !== "hidden" && field.checkVisibility())
    .map(field => field.name)"""


def saved(page: Page) -> None:
    page.wait_for_load_state("networkidle")


def test_by_mouse_in_at_most_fourteen_clicks_and_twenty_fields(case, open_window):
    therapist = open_window(Person, case.cast.therapist)
    page = therapist.page
    page.add_init_script(COUNT)
    therapist.open("home").click("New referral", "link")
    fields = set(page.evaluate(FIELDS))
    page.get_by_label("First name").click()
    type_on(page, IDENTITY)
    page.locator("[name=safe_contact]").first.click()
    therapist.click("Save and continue")
    fields |= set(page.evaluate(FIELDS))
    page.locator("[name=reason]").click()
    type_on(page, {name: TEXTS[name] for name in ("reason", "goals")})
    for kind in FIT_KINDS:
        page.locator(f"[name={kind.value}][value=yes]").click()
        saved(page)
    page.locator("[name=history]").click()
    type_on(page, {name: TEXTS[name] for name in list(TEXTS)[2:]})
    page.locator("[name=collaboration]").first.click()
    saved(page)
    page.locator("[name=agreement]").first.click()
    saved(page)
    page.keyboard.press("Tab")
    if page.locator("[name=agreed_on]").is_visible():
        page.locator("[name=agreed_on]").focus()
        page.keyboard.type(yesterday())
        page.keyboard.press("Tab")
        saved(page)
    therapist.click("Check your answers", "link")
    page.wait_for_url("**/check/")
    therapist.click("Send the referral").sees("REF-")
    assert Referral.objects.latest("pk").state == ReferralState.REQUESTED
    fields |= {"agreed_on"}
    clicks = int(page.evaluate("sessionStorage.clicks"))
    assert 0 < clicks <= MOST_CLICKS
    assert 0 < len(fields) <= MOST_FIELDS


def test_by_keyboard_alone(case, open_window):
    therapist = open_window(Person, case.cast.therapist)
    page = therapist.page
    page.add_init_script(COUNT)
    therapist.open("home")
    press(page, "a[href='/referrals/new/']", "Enter")
    page.wait_for_url("**/new/")
    for name, text in IDENTITY.items():
        reach(page, f"[name={name}]")
        page.keyboard.type(text)
    press(page, "[name=safe_contact]", "Space")
    press(page, "main button[type=submit]", "Enter")
    page.wait_for_url("**/edit/")
    for name in ("reason", "goals"):
        reach(page, f"[name={name}]")
        page.keyboard.type(TEXTS[name])
    for kind in FIT_KINDS:
        press(page, f"[name={kind.value}]", "Space")
        saved(page)
    for name in list(TEXTS)[2:]:
        reach(page, f"[name={name}]")
        page.keyboard.type(TEXTS[name])
    for name in ("collaboration", "agreement"):
        press(page, f"[name={name}]", "Space")
        saved(page)
    reach(page, "[name=agreed_on]")
    page.keyboard.type(yesterday())
    page.keyboard.press("Tab")
    saved(page)
    press(page, "main a[href$='/check/'].kc-btn--primary", "Enter")
    page.wait_for_url("**/check/")
    press(page, "main form[action$='/send/'] button", "Enter")
    therapist.sees("REF-")
    assert Referral.objects.latest("pk").state == ReferralState.REQUESTED
    assert page.evaluate("sessionStorage.clicks") is None


def yesterday() -> str:
    return (timezone.now() - timedelta(days=1)).strftime("%d-%b-%Y")


def type_on(page: Page, texts: dict[str, str]) -> None:
    """From the field that has the focus, by Tab from one to the next."""
    for name, text in texts.items():
        reach(page, f"[name={name}]")
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    saved(page)


def reach(page: Page, selector: str) -> None:
    """Tab until the focus is on it."""
    for _ in range(MOST_TABS):
        if page.evaluate("what => document.activeElement.matches(what)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def press(page: Page, selector: str, key: str) -> None:
    reach(page, selector)
    page.keyboard.press(key)
