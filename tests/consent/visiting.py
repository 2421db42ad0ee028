"""What a client does in a visit, through the pages."""

from datetime import date

from django.test import Client
from django.urls import reverse

from consent.actions.links import make_signing_link
from consent.documents.text import as_text, sha256
from consent.models import Release
from tests.factories import identity

BORN: date = identity()["date_of_birth"]
ONE = ("out:schedule",)


def url(name: str, *args) -> str:
    return reverse(f"consent:{name}", args=args)


def open_link(token: str, browser: Client | None = None, born: str = "14-Jul-1985"):
    """(browser, answer) of somebody who opens a link and gives a date of birth."""
    browser = browser or Client()
    return browser, browser.post(url("open_link", token), {"date_of_birth": born})


def by_link(case, release: Release) -> Client:
    """The browser of a client who has opened a fresh link."""
    token = make_signing_link(by=case.cast.administrator, release=release)
    browser, answer = open_link(token)
    assert answer.status_code == 302
    return browser


def on_screen(case, release: Release) -> Client:
    """The clinic's screen, just handed over by the administrator."""
    browser = Client()
    browser.force_login(case.cast.administrator)
    assert browser.post(url("present", release.pk)).status_code == 302
    return browser


def choose(browser: Client, *shared: str):
    return browser.post(url("visit"), {"step": "choose", "share": list(shared or ONE)})


def sign(browser: Client, release: Release, **changes):
    """Sign what stands on the screen now."""
    now = Release.objects.get(pk=release.pk)
    data = {
        "step": "sign",
        "shown_sha256": sha256(as_text(now)),
        "signer": "client",
        "signer_name": now.client.full_name,
        "electronic_agreed": "on",
        **changes,
    }
    return browser.post(url("visit"), data)
