"""Signing in, staying signed in, and what a browser may keep."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from django.urls import reverse

from people.models import Client as ClientRecord
from people.models import User
from tests.factories import PASSWORD

START = datetime(2026, 7, 14, 6, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PAGE, STAY = "/worklist/", "/session/stay/"


@pytest.fixture
def at():
    """at(span) moves the clock to START + span and leaves it there."""
    with time_machine.travel(START, tick=False) as traveller:
        yield lambda span: traveller.move_to(START + span, tick=False)


def is_in(browser: Client) -> bool:
    """Whether the browser gets the page; the alternative is the sign-in page, not an error."""
    response = browser.get(PAGE)
    assert response.status_code in (200, 302)
    if response.status_code == 302:
        assert response.url.startswith(reverse("account_login"))
    return response.status_code == 200


# ---------------------------------------------------------------- how long


def test_fifteen_idle_minutes_end_a_session(at, signed_in, therapist):
    browser = signed_in(therapist)
    assert is_in(browser)
    at(timedelta(minutes=15) - SECOND)
    assert is_in(browser)
    at(timedelta(minutes=30) - SECOND)
    response = browser.get(PAGE, follow=True)
    assert response.redirect_chain
    assert "signed out after 15 minutes" in response.content.decode()
    assert "_auth_user_id" not in browser.session


def test_a_request_that_comes_too_late_does_nothing(at, signed_in, therapist):
    browser = signed_in(therapist)
    assert is_in(browser)
    at(timedelta(minutes=15))
    assert browser.post(STAY).status_code == 302
    assert not is_in(browser)


def test_staying_keeps_a_session_but_not_beyond_twelve_hours(at, signed_in, therapist):
    browser, span = signed_in(therapist), timedelta()
    assert is_in(browser)
    while (span := span + timedelta(minutes=14)) < timedelta(hours=12):
        at(span)
        assert browser.post(STAY).status_code == 204
    at(timedelta(hours=12) - SECOND)
    assert is_in(browser)
    at(timedelta(hours=12))
    response = browser.get(PAGE, follow=True)
    assert "signed out after 12 hours" in response.content.decode()


def test_staying_is_a_post_and_needs_an_account(signed_in, therapist):
    assert signed_in(therapist).get(STAY).status_code == 405
    assert Client().post(STAY).status_code == 302


# ---------------------------------------------------------------- the second step


@pytest.fixture
def second_step(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.usefixtures("second_step")
@pytest.mark.parametrize("name", ["therapist", "prescriber", "administrator", "superuser"])
def test_without_a_second_factor_nobody_goes_further(cast, signed_in, name):
    browser = signed_in(getattr(cast, name))
    for path in ("/", "/worklist/", "/today/", "/releases/", "/referrals/new/", "/account/email/"):
        response = browser.get(path)
        assert (response.status_code, response.url) == (302, reverse("mfa_index")), path
        assert browser.post(path).status_code == 302
    assert not ClientRecord.objects.exists()
    assert browser.get(reverse("mfa_index")).status_code == 200


@pytest.mark.usefixtures("second_step")
def test_an_authenticator_app_or_a_passkey_opens_the_way_and_recovery_codes_alone_do_not(
    therapist, signed_in
):
    def step(kind):
        Authenticator.objects.all().delete()
        Authenticator.objects.create(user=therapist, type=kind, data={})
        return is_in_or_asked(signed_in(therapist))

    kinds = Authenticator.Type
    assert [step(k) for k in (kinds.TOTP, kinds.WEBAUTHN, kinds.RECOVERY_CODES)] == [
        True,
        True,
        False,
    ]


def is_in_or_asked(browser: Client) -> bool:
    return browser.get(PAGE).status_code == 200


def sign_in(browser: Client, email: str, password: str, **extra):
    data = {"login": email, "password": password}
    return browser.post(reverse("account_login"), data, **extra)


def test_the_password_alone_does_not_sign_in_somebody_with_a_second_factor(therapist):
    TOTP.activate(therapist, generate_totp_secret())
    browser = Client()
    response = sign_in(browser, therapist.email, PASSWORD)
    assert (response.status_code, response.url) == (302, reverse("mfa_authenticate"))
    assert not is_in(browser)


# ---------------------------------------------------------------- failures


def test_failures_are_limited_for_one_account_wherever_they_come_from(therapist):
    """Two browsers at two addresses share one count, kept in the database for every process."""
    browsers = [Client(REMOTE_ADDR="10.0.0.1"), Client(REMOTE_ADDR="10.0.0.2")]
    for number in range(5):
        sign_in(browsers[number % 2], therapist.email, "wrong")
    for browser in [*browsers, Client(REMOTE_ADDR="10.0.0.3")]:
        response = sign_in(browser, therapist.email, PASSWORD)
        assert response.status_code in (200, 429)
        assert not is_in(browser)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kapcare_cache")
        assert cursor.fetchone()[0] > 0


def test_failures_from_one_address_are_limited_whoever_is_tried(cast):
    browser = Client(REMOTE_ADDR="10.0.0.9")
    people = list(cast.everybody().values())
    for number in range(10):
        sign_in(browser, people[number].email, "wrong")
    last = people[-1]
    sign_in(browser, last.email, PASSWORD)
    assert not is_in(browser)
    elsewhere = Client(REMOTE_ADDR="10.0.0.8")
    assert sign_in(elsewhere, last.email, PASSWORD).status_code == 302


def test_the_right_password_signs_in(therapist):
    browser = Client()
    assert sign_in(browser, therapist.email.upper(), PASSWORD).status_code == 302
    assert is_in(browser)


def test_a_wrong_password_and_an_unknown_address_look_the_same(therapist):
    texts = []
    for email in (therapist.email, "nobody@example.org"):
        page = sign_in(Client(), email, "wrong").content.decode()
        page = re.sub(r'nonce="[^"]+"|"[A-Za-z0-9]{64}"', "", page)
        texts.append(page.replace(email, ""))
    assert texts[0] == texts[1]


def test_nobody_makes_an_account_for_themselves(db):
    data = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    page = Client().post(reverse("account_signup"), data)
    assert page.status_code in (200, 302)
    assert not User.objects.exists()


# ---------------------------------------------------------------- what a browser keeps


def test_signed_in_pages_are_never_stored(cast, referral, signed_in):
    for name, path in (
        ("therapist", "/worklist/"),
        ("therapist", f"/referrals/{referral.pk}/"),
        ("prescriber", "/today/"),
        ("administrator", "/releases/"),
        ("nurse", "/there/is/no/such/page/"),
        ("nurse", "/releases/"),
        ("nurse", "/"),
    ):
        response = signed_in(getattr(cast, name)).get(path)
        assert response["Cache-Control"] == "no-store", path


def test_signing_out_clears_what_the_browser_holds(signed_in, therapist):
    browser = signed_in(therapist)
    response = browser.post(reverse("account_logout"))
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert response["Cache-Control"] == "no-store"
    assert not is_in(browser)


def test_the_content_policy_lets_only_our_own_and_marked_scripts_run(signed_in, therapist):
    browser, nonces = signed_in(therapist), set()
    for path in (PAGE, PAGE, reverse("account_login")):
        client = Client() if "login" in path else browser
        response = client.get(path)
        policy = dict(
            part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == "'none'"
        assert policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        [nonce] = re.findall(r"'nonce-([^']+)'", policy["script-src"])
        assert policy["script-src"].split(" ")[0] == "'self'"
        assert len(policy["script-src"].split(" ")) == 2
        nonces.add(nonce)
        page = response.content.decode()
        for script in re.findall(r"<script[^>]*>", page):
            assert f'nonce="{nonce}"' in script or 'src="/static/' in script
        assert not re.search(r"\s(style|on[a-z]+)=[\"']", page)
        assert not re.search(r"(src|href)=\"(https?:)?//", page)
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"
    assert len(nonces) == 3
