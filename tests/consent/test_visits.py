"""A visit: the session is demoted to one document, on the server, until it ends."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.actions.drafting import edit_release
from consent.enums import ReleaseState
from consent.visits import signing_visits, visits
from tests.consent.visiting import by_link, choose, on_screen, sign, url
from tests.factories import PASSWORD, REASON
from tests.routes import routes

pytestmark = pytest.mark.usefixtures("referral")

KIOSK = {"consent:visit", "consent:visit_copy", "consent:visit_leave"}
OWN = KIOSK | {
    *("consent:open_link", "consent:open_agreement", "consent:my_open", "care:open_questions"),
}


def path_of(route) -> str:
    path = f"/{route.path}"
    for slot, value in (("<int:pk>", "1"), ("<str:token>", "x"), ("<int:sequence>", "1")):
        path = path.replace(slot, value)
    return path.split("<")[0]


# ------------------------------------------------------------------ demoted
def test_handing_over_signs_the_staff_member_out_on_the_server(release, administrator, settings):
    browser = Client()
    browser.force_login(administrator)
    before = browser.session.session_key
    answer = browser.post(url("present", release.pk))
    assert answer.url == url("visit")
    assert browser.session.session_key != before
    assert "_auth_user_id" not in browser.session
    assert set(browser.session.keys()) == {signing_visits.RELEASE.key, "_session_expiry"}
    browser.cookies[settings.SESSION_COOKIE_NAME] = before
    assert browser.get(reverse("home")).status_code == 302  # the old session is gone


def test_only_posting_hands_the_screen_over(release, administrator, signed_in):
    browser = signed_in(administrator)
    assert browser.get(url("present", release.pk)).status_code == 405
    assert browser.get(url("detail", release.pk)).status_code == 200


@pytest.mark.parametrize(("begin", "open_"), [(on_screen, KIOSK), (by_link, OWN)])
def test_no_other_address_answers_a_visit(case, release, begin, open_):
    browser = begin(case, release)
    shut = [route for route in routes() if route.name not in open_]
    assert len(shut) > 60
    for path in [*map(path_of, shut), "/", "/nothing/here/", "/admin/", "//evil.example/"]:
        for method in (browser.get, browser.post):
            answer = method(path)
            assert (answer.status_code, answer.get("Location")) == (302, url("visit")), path
            assert answer["Cache-Control"] == "no-store", path
    assert browser.get(url("visit")).status_code == 200


def test_a_new_tab_shows_the_document_and_nothing_of_the_staffs_pages(case, release):
    page = on_screen(case, release).get("/", follow=True).content.decode()
    assert "May we share this with Tess Therapist?" in page
    for never in ("kc-nav", "kc-brand", "Sign out", "Ada Administrator", REASON, "ketamine"):
        assert never not in page
    assert "authorization" not in page.lower()


def test_what_was_said_to_staff_is_not_said_to_the_client(case, release, administrator):
    browser = Client()
    browser.force_login(administrator)
    browser.post(url("send", release.pk))  # leaves a message that nobody has seen yet
    browser.post(url("present", release.pk))
    answer = browser.get(url("visit"))
    assert not list(get_messages(answer.wsgi_request))
    assert "Ready to sign" not in answer.content.decode()


def test_pages_of_a_visit_are_never_stored_and_the_browser_forgets_the_pages_before(case, release):
    browser = Client()
    browser.force_login(case.cast.administrator)
    handed = browser.post(url("present", release.pk))
    assert handed["Clear-Site-Data"] == '"cache", "storage"'
    shown = [browser.get(url("visit")), choose(browser), browser.get(url("visit"))]
    sign(browser, release)
    shown += [browser.get(url("visit")), browser.post(url("visit_leave"))]
    for answer in [handed, *shown]:
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "same-origin"


def test_a_visit_survives_a_reload_at_every_step(case, release):
    browser = on_screen(case, release)
    assert "Choose what to share" in browser.get(url("visit")).content.decode()
    choose(browser, "out:schedule", "in:history")
    for _ in range(2):
        assert "Read this, then sign" in browser.get(url("visit")).content.decode()
    browser.post(url("visit"), {"step": "change"})
    page = browser.get(url("visit")).content.decode()
    assert 'value="out:schedule" checked' in page
    assert 'value="in:history" checked' in page
    assert page.count(" checked") == 2


def test_nothing_is_ticked_until_the_client_ticks_it_though_others_came_before(case, release):
    choose(on_screen(case, release), "out:schedule")
    page = by_link(case, release).get(url("visit")).content.decode()
    assert " checked" not in page


# ------------------------------------------------------------------ the end of a visit
def test_leaving_the_clinics_screen_asks_staff_to_sign_in_and_leads_back(case, release):
    browser = on_screen(case, release)
    answer = browser.post(url("visit_leave"))
    assert answer.url == f"{reverse('account_login')}?next={url('detail', release.pk)}"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert signing_visits.RELEASE.key not in browser.session
    gone = browser.get(url("visit"))
    assert gone.status_code == 404
    assert case.client.last_name not in gone.content.decode()
    assert browser.get(url("detail", release.pk)).status_code == 302
    login = {"login": case.cast.administrator.email, "password": PASSWORD}
    assert browser.post(answer.url, login).url == url("detail", release.pk)
    assert release.state(timezone.now()) == ReleaseState.AWAITING


def test_leaving_ones_own_device_says_that_it_is_closed(case, release):
    browser = by_link(case, release)
    answer = browser.post(url("visit_leave"))
    assert answer.status_code == 200
    assert "This page is closed" in answer.content.decode()
    assert browser.get(url("visit")).status_code == 404


def test_leaving_needs_a_post(case, release):
    browser = on_screen(case, release)
    assert browser.get(url("visit_leave")).status_code == 405
    assert browser.get(url("visit")).status_code == 200


@pytest.mark.parametrize("begin", [on_screen, by_link])
def test_a_visit_ends_by_itself_half_an_hour_after_the_last_request(case, release, begin):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        browser = begin(case, release)
        for _ in range(2):  # each request begins the half hour anew
            clock.shift(timedelta(minutes=20))
            assert browser.get(url("visit")).status_code == 200
        clock.shift(timedelta(minutes=30))
        gone = browser.get(url("visit"))
        assert gone.status_code == 404
        assert browser.get(reverse("home")).url.startswith(reverse("account_login"))


def test_the_clinics_screen_is_over_after_an_hour_however_often_it_is_touched(
    case, release, monkeypatch
):
    start = timezone.now()
    # PostgreSQL's clock does not travel.
    monkeypatch.setattr(visits, "database_now", timezone.now)
    with time_machine.travel(start, tick=False) as clock:
        browser = on_screen(case, release)
        for minutes, status in ((20, 200), (20, 200), (21, 404)):
            clock.shift(timedelta(minutes=minutes))
            assert browser.get(url("visit")).status_code == status
        assert signing_visits.RELEASE.key not in browser.session  # staff can sign in
        assert browser.get(reverse("account_login")).status_code == 200


def test_editing_elsewhere_ends_the_visit_and_frees_the_screen(case, release, administrator):
    browser = on_screen(case, release)
    edit_release(by=administrator, release=release, terms=case.terms())
    assert browser.get(url("visit")).status_code == 404
    assert browser.get(reverse("account_login")).status_code == 200


def test_handing_over_anew_ends_the_visit_before(case, release):
    first = on_screen(case, release)
    second = on_screen(case, release)
    assert first.get(url("visit")).status_code == 404
    assert second.get(url("visit")).status_code == 200


def test_what_cannot_be_handed_over_says_why(case, administrator, signed_in):
    browser = signed_in(administrator)
    draft = case.draft_release()
    page = browser.post(url("present", draft.pk), follow=True).content.decode()
    assert "still a draft" in page
    assert "_auth_user_id" in browser.session
