"""A link to sign: one answer whatever is wrong, five tries, used up by answering alone."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from audit.models import AuditEvent
from consent.actions import links, signing
from consent.actions.drafting import discard_release, edit_release, terms_of
from consent.actions.links import hand_over, make_signing_link, open_with
from consent.actions.signatures import Signature
from consent.actions.signing import sign_release
from consent.enums import Method
from consent.models import SigningLink
from consent.signals import signing_link_mailed
from people.enums import SafeContact
from people.tokens import hashed
from tests.consent.visiting import BORN, by_link, choose, open_link, sign, url
from tests.factories import LAST_NAME

MICROSECOND = timedelta(microseconds=1)
REPLAYS = 20


@pytest.fixture
def token(release, administrator) -> str:
    return make_signing_link(by=administrator, release=release)


def newest() -> SigningLink:
    return SigningLink.objects.latest("pk")


def without_csrf(answer) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return re.sub(r'nonce="[^"]+"', "", page)


def headers(answer) -> dict:
    """All of them, but for the nonce and the length of the one page's secrets."""
    said = {name: re.sub(r"nonce-[^']+", "", value) for name, value in answer.headers.items()}
    return said | {"Content-Length": ""}


# ------------------------------------------------------------------ the token
def test_only_a_hash_of_256_bits_is_kept(token):
    assert len(token) >= 43  # 32 bytes, six bits a letter
    link = newest()
    assert link.token_sha256 == hashed(token)
    kept = [str(value) for value in SigningLink.objects.values_list().get()]
    kept += [str(event.detail) for event in AuditEvent.objects.all()]
    assert not [value for value in kept if token in value]
    assert link.expires_at - link.created_at == timedelta(days=14)


def test_two_links_to_one_release_are_never_open_at_once(token, release, administrator):
    other = make_signing_link(by=administrator, release=release)
    assert open_with(SigningLink, token, BORN) is None
    assert open_with(SigningLink, other, BORN) is not None
    hand_over(by=administrator, release=release)
    assert open_with(SigningLink, other, BORN) is None


# ------------------------------------------------------------------ opening
def test_opening_asks_for_the_date_of_birth_and_says_nothing_of_care(token):
    answer = Client().get(url("open_link", token))
    page = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    for never in (LAST_NAME, "Northfield", "release", "clinic", "kapcare<", "ketamine"):
        assert never not in page.split("<body")[1], never
    assert without_csrf(Client().get(url("open_link", "no-such-token"))) == without_csrf(answer)


def test_neither_looking_nor_the_date_of_birth_uses_a_link_up(token):
    for _ in range(12):
        assert Client().get(url("open_link", token)).status_code == 200
        Client().head(url("open_link", token))
    before = newest()
    assert (before.failures, before.used_at, before.closed_at) == (0, None, None)
    for _ in range(6):
        assert open_link(token)[1].url == url("visit")
    assert newest().is_open(newest().created_at)


def test_it_works_without_an_account_and_signs(case, token, release):
    browser, _ = open_link(token)
    choose(browser, "out:schedule")
    assert sign(browser, release).status_code == 302
    release.refresh_from_db()
    assert (release.method, release.presented_by) == (Method.LINK, case.cast.administrator)
    assert newest().used_at is not None
    assert open_link(token)[1].status_code == 200  # used up: it opens nothing any more


def test_saying_no_uses_a_link_up_too(token):
    browser, _ = open_link(token)
    browser.post(url("visit"), {"step": "decline"})
    assert open_link(token)[1].status_code == 200


def test_whoever_is_signed_in_here_is_told_and_signed_out(token, administrator, signed_in):
    browser = signed_in(administrator)
    assert "signs you out" in browser.get(url("open_link", token)).content.decode()
    open_link(token, browser)
    assert "_auth_user_id" not in browser.session


# ------------------------------------------------------------------ what does not open
def wrong_date(token, release, administrator):
    return open_link(token, born="15-Jul-1985")[1]


def unknown(token, release, administrator):
    return open_link("x" * 43)[1]


def strange(token, release, administrator):
    return open_link("’\x00<script>" + "x" * 3000)[1]


def expired(token, release, administrator):
    SigningLink.objects.update(expires_at=newest().created_at)
    return open_link(token, born="15-Jul-1985")[1]


def used(token, release, administrator):
    browser, _ = open_link(token)
    choose(browser)
    sign(browser, release)
    return open_link(token, born="15-Jul-1985")[1]


def locked(token, release, administrator):
    for _ in range(5):
        open_link(token, born="15-Jul-1985")
    return open_link(token)[1]


def edited(token, release, administrator):
    edit_release(by=administrator, release=release, terms=terms_of(release))
    return open_link(token, born="15-Jul-1985")[1]


def discarded(token, release, administrator):
    discard_release(by=administrator, release=release)
    return open_link(token, born="15-Jul-1985")[1]


def of_the_screen(token, release, administrator):
    hand_over(by=administrator, release=release)
    return open_link(token, born="15-Jul-1985")[1]


@pytest.mark.parametrize(
    "failing",
    [unknown, strange, expired, used, locked, edited, discarded, of_the_screen],
    ids=lambda each: each.__name__,
)
def test_the_answer_is_the_same_whatever_is_wrong(failing, token, release, administrator):
    usual = wrong_date(token, release, administrator)
    answer = failing(token, release, administrator)
    assert answer.status_code == usual.status_code == 200
    assert "This did not open" in answer.content.decode()
    # The right date was typed where no date opens anything; nothing else may differ.
    mine, theirs = (without_csrf(a).replace("15-Jul", "14-Jul") for a in (answer, usual))
    assert mine == theirs
    assert headers(answer) == headers(usual)


@pytest.mark.parametrize(
    ("over", "says"),
    [
        (used, "You have answered already. Thank you."),
        (expired, "Ask Northfield Clinic for a new one"),
        (edited, "Ask Northfield Clinic for a new one"),
    ],
)
def test_only_the_right_date_is_told_that_a_link_is_over(over, says, token, release, administrator):
    assert "Northfield" not in over(token, release, administrator).content.decode()
    assert says in open_link(token)[1].content.decode()
    for _ in range(4):  # the fifth wrong date
        open_link(token, born="15-Jul-1985")
    assert "This did not open" in open_link(token)[1].content.decode()


def test_five_wrong_dates_shut_a_link_for_good(token):
    for tries in range(1, 6):
        assert open_with(SigningLink, token, BORN) is not None  # right dates count for nothing
        assert open_with(SigningLink, token, BORN + timedelta(days=1)) is None
        assert newest().failures == tries
    assert open_with(SigningLink, token, BORN) is None
    assert AuditEvent.objects.filter(event="link.refused").count() == 5


@pytest.mark.parametrize("born", ["", "31-Feb-1985", "1985", "x" * 100_000])
def test_what_is_no_date_counts_as_no_try(token, born):
    answer = open_link(token, born=born)[1]
    assert answer.status_code == 200
    assert newest().failures == 0


@pytest.mark.parametrize(
    ("shift", "is_open"), [(-MICROSECOND, True), (timedelta(0), False), (MICROSECOND, False)]
)
def test_it_ends_at_its_microsecond(token, monkeypatch, shift, is_open):
    link = newest()
    at = link.expires_at + shift
    assert link.is_open(at) is is_open
    monkeypatch.setattr(links, "database_now", lambda: at)
    assert (open_with(SigningLink, token, BORN) is not None) is is_open


@pytest.mark.parametrize(
    ("shift", "is_open"), [(-MICROSECOND, True), (timedelta(0), False), (MICROSECOND, False)]
)
def test_signing_through_it_ends_at_the_same_microsecond(
    case, release, monkeypatch, shift, is_open
):
    browser = by_link(case, release)
    choose(browser)
    at = newest().expires_at + shift
    with monkeypatch.context() as patched:
        patched.setattr(signing, "database_now", lambda: at)
        sign(browser, release)
    release.refresh_from_db()
    assert (release.signed_at == at) is is_open
    assert (release.signed_at is None) is not is_open


# ------------------------------------------------------------------ the administrator's page
def test_the_address_is_shown_once_and_opens(release, administrator, signed_in):
    browser = signed_in(administrator)
    page = browser.get(url("send_link", release.pk)).content.decode()
    assert "mail it" not in page  # the phone is the safe way to reach this client
    page = browser.post(url("send_link", release.pk)).content.decode()
    token = re.search(r"/d/([\w-]+)/", page).group(1)
    assert open_link(token)[1].url == url("visit")
    page = browser.get(url("send_link", release.pk)).content.decode()
    assert token not in page
    assert "A link is open until" in page


def test_five_wrong_dates_are_told_to_the_administrator(release, token, administrator, signed_in):
    for _ in range(5):
        open_link(token, born="15-Jul-1985")
    page = signed_in(administrator).get(url("send_link", release.pk)).content.decode()
    assert "shut after five wrong dates" in page


@pytest.mark.parametrize(
    ("safe_contact", "email", "mailed"),
    [
        (SafeContact.EMAIL, "robin@example.org", True),
        (SafeContact.EMAIL, "", False),
        (SafeContact.PHONE, "robin@example.org", False),
        (SafeContact.THERAPIST, "robin@example.org", False),
    ],
)
def test_it_is_mailed_only_where_mail_is_safe(
    case, release, administrator, signed_in, safe_contact, email, mailed
):
    type(case.client).objects.update(safe_contact=safe_contact, email=email)
    heard = []

    def listen(link, url, **_):
        heard.append(url)

    signing_link_mailed.connect(listen)
    try:
        answer = signed_in(administrator).post(url("send_link", release.pk), {"mail": "yes"})
    finally:
        signing_link_mailed.disconnect(listen)
    assert (answer.status_code == 200) is mailed
    assert len(heard) == mailed
    assert SigningLink.objects.exists() is mailed
    if mailed:
        assert heard[0] in answer.content.decode()
    else:
        with pytest.raises(ValidationError, match="not the safe way"):
            make_signing_link(by=administrator, release=release, mail=True)
    assert not [m for m in mail.outbox if "Robin" in m.body]


def test_only_what_waits_for_a_signature_gets_a_link(case, referral, administrator, signed_in):
    browser = signed_in(administrator)
    for other in (case.draft_release(), case.active()):
        assert browser.post(url("send_link", other.pk)).url == url("detail", other.pk)
    assert not SigningLink.objects.filter(on_screen=False).exists()


def test_a_signature_sent_again_through_its_link_is_the_same_signature(case, release):
    signed = case.sign(release)
    link = newest()
    again = sign_release(link=link, signature=Signature("client", "x"), shown_sha256="")
    assert again.signed_at == signed.signed_at
