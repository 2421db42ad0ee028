"""A visit: the session is demoted to one document, on the server, until it ends."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consent import visits
from consent.actions.drafting import edit_release
from consent.enums import Effect, Method, ReleaseState
from consent.models import Release
from tests.consent.visiting import by_link, choose, on_screen, sign, url
from tests.factories import PASSWORD, REASON
from tests.routes import routes

pytestmark = pytest.mark.usefixtures("referral")

KIOSK = {"consent:visit", "consent:visit_pdf", "consent:visit_leave"}
OWN = KIOSK | {"consent:open_link", "consent:my_open"}


def path_of(route) -> str:
    path = f"/{route.path}"
    for slot, value in (("<int:pk>", "1"), ("<str:token>", "x"), ("<int:sequence>", "1")):
        path = path.replace(slot, value)
    return path.split("<")[0]


@pytest.fixture
def release(case) -> Release:
    return case.unsigned()


# ------------------------------------------------------------------ demoted
def test_handing_over_signs_the_staff_member_out_on_the_server(release, administrator, settings):
    browser = Client()
    browser.force_login(administrator)
    before = browser.session.session_key
    answer = browser.post(url("present", release.pk))
    assert answer.url == url("visit")
    assert browser.session.session_key != before
    assert "_auth_user_id" not in browser.session
    assert set(browser.session.keys()) == {visits.KEY, "_session_expiry"}
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
    assert visits.KEY not in browser.session
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
    monkeypatch.setattr(visits, "database_now", timezone.now)  # PostgreSQL's clock does not travel
    with time_machine.travel(start, tick=False) as clock:
        browser = on_screen(case, release)
        for minutes, status in ((20, 200), (20, 200), (21, 404)):
            clock.shift(timedelta(minutes=minutes))
            assert browser.get(url("visit")).status_code == status
        assert visits.KEY not in browser.session  # staff can sign in
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


# ------------------------------------------------------------------ choosing and signing
def test_the_client_declines_one_thing_and_signs_the_rest(case, release):
    browser = on_screen(case, release)
    choose(browser, "out:schedule", "in:history")
    assert "What you chose not to share" in browser.get(url("visit")).content.decode()
    assert sign(browser, release).url == url("visit")
    assert "It is signed" in browser.get(url("visit")).content.decode()
    release.refresh_from_db()
    assert (release.method, release.presented_by) == (Method.SCREEN, case.cast.administrator)
    kept = release.categories.filter(effect=Effect.PERMIT).values_list("direction", "category")
    assert set(kept) == {("out", "schedule"), ("in", "history")}


def test_an_error_keeps_what_was_ticked_typed_and_drawn(case):
    release = case.unsigned(witness_required=True)
    browser = on_screen(case, release)
    choose(browser, "out:schedule")
    drawn = str([[[x, 80] for x in range(10, 100, 5)]])
    page = sign(browser, release, drawn=drawn, electronic_agreed="").content.decode()
    assert "Tick the box to sign on this screen" in page
    assert "A witness is asked for" in page
    assert 'd="M10 80 L15 80' in page
    assert f'value="{case.client.full_name}"' in page
    assert f'name="drawn" value="{drawn}"' in page
    assert "Schedule" in page.split("What you chose not to share")[0]
    sign(browser, release, drawn=drawn, witness_name="Wes Witness")
    release.refresh_from_db()
    assert release.witness_name == "Wes Witness"
    assert release.drawn[0][0] == [10, 80]


def test_to_tick_nothing_is_asked_about_and_dont_share_needs_no_signature(case, release):
    browser = on_screen(case, release)
    answer = browser.post(url("visit"), {"step": "choose"})
    assert "Tick at least one thing" in answer.content.decode()
    assert browser.post(url("visit"), {"step": "decline"}).url == url("visit")
    assert "Nothing will be shared" in browser.get(url("visit")).content.decode()
    release.refresh_from_db()
    assert release.state(timezone.now()) == ReleaseState.DECLINED
    assert release.signer == ""


def test_both_answers_weigh_the_same(case, release):
    browser = on_screen(case, release)
    choosing = browser.get(url("visit")).content.decode()
    choose(browser)
    reading = browser.get(url("visit")).content.decode()
    for page, yes in ((choosing, "Continue"), (reading, "Sign and share")):
        equal = page.split('class="kc-equal"')[1].split("</div>")[0]
        assert equal.count("<button") == equal.count('class="kc-btn" type="submit"') == 2
        assert yes in equal
        assert "Don’t share" in equal


def test_nothing_is_signed_before_the_client_has_chosen_in_this_visit(case, release):
    browser = on_screen(case, release)
    assert sign(browser, release).url == url("visit")
    release.refresh_from_db()
    assert release.signed_at is None


def test_another_text_on_another_screen_is_shown_again_before_it_is_signed(case, release):
    first = by_link(case, release)
    choose(first, "out:schedule")
    shown = first.get(url("visit")).context["shown_sha256"]
    release.categories.filter(category="schedule").update(effect=Effect.DENY)
    release.categories.filter(category="treatment").update(effect=Effect.PERMIT)
    answer = sign(first, release, shown_sha256=shown)
    assert "The text has changed" in answer.content.decode()
    assert answer.context["shown_sha256"] != shown
    assert sign(first, release, shown_sha256=answer.context["shown_sha256"]).status_code == 302


def test_a_representative_signs_with_what_gives_them_the_right(case, release):
    browser = on_screen(case, release)
    choose(browser)
    asked = {"signer": "representative", "signer_name": "Pat Parent"}
    page = sign(browser, release, **asked).content.decode()
    assert "Say what gives you the right to sign" in page
    assert sign(browser, release, **asked, signer_authority="Guardian").status_code == 302
    release.refresh_from_db()
    assert (release.signer_name, release.signer_authority) == ("Pat Parent", "Guardian")


def test_unknown_choices_and_steps_do_nothing(case, release):
    browser = on_screen(case, release)
    for data in (
        {"step": "choose", "share": ["out:themes", "nothing", "::"]},
        {"step": "sign"},
        {"step": "x" * 1000},
    ):
        assert browser.post(url("visit"), data).status_code in (200, 302)
    release.refresh_from_db()
    assert release.state(timezone.now()) == ReleaseState.AWAITING
    assert not AuditEvent.objects.filter(event__in=["release.signed", "release.chosen"]).exists()


# ------------------------------------------------------------------ the copy
def test_the_client_downloads_their_copy_within_the_visit_alone(case, release):
    browser = by_link(case, release)
    assert browser.get(url("visit_pdf")).status_code == 404  # nothing is signed
    choose(browser)
    sign(browser, release)
    assert "Download my copy" in browser.get(url("visit")).content.decode()
    answer = browser.get(url("visit_pdf"))
    assert answer.content == bytes(Release.objects.get(pk=release.pk).document.pdf)
    assert answer["Content-Disposition"] == f'attachment; filename="{release.number}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    browser.post(url("visit_leave"))
    assert browser.get(url("visit_pdf")).status_code == 404


def test_the_clinics_screen_keeps_no_copy(case, release):
    browser = on_screen(case, release)
    choose(browser)
    sign(browser, release)
    page = browser.get(url("visit")).content.decode()
    assert "Ask for your copy" in page
    assert url("visit_pdf") not in page
    assert browser.get(url("visit_pdf")).status_code == 404


def test_without_pango_the_copy_is_the_text(case, release, monkeypatch):
    monkeypatch.setattr("people.pdf._weasyprint", lambda: None)
    browser = by_link(case, release)
    choose(browser)
    sign(browser, release)
    page = browser.get(url("visit")).content.decode()
    assert '<details class="kc-section" open>' in page
    assert "Download my copy" not in page
    assert browser.get(url("visit_pdf")).status_code == 404


def test_a_link_that_answered_gives_the_same_receipt_again_in_its_visit(case, release):
    browser = by_link(case, release)
    choose(browser)
    sign(browser, release)
    first = Release.objects.get(pk=release.pk).signed_at
    sign(browser, release)
    browser.post(url("visit"), {"step": "decline"})
    again = Release.objects.get(pk=release.pk)
    assert (again.signed_at, again.declined_at) == (first, None)
    assert "It is signed" in browser.get(url("visit")).content.decode()
