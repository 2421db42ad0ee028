"""Within a visit: choosing, signing, and the client's copy."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from consent.actions.links import make_signing_link
from consent.enums import Effect, Method, ReleaseState
from consent.models import Release
from tests.consent.visiting import by_link, choose, on_screen, open_link, sign, url

pytestmark = pytest.mark.usefixtures("referral")


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
@pytest.mark.pango
def test_the_client_downloads_their_copy_within_the_visit_alone(case, release):
    browser = by_link(case, release)
    assert browser.get(url("visit_copy")).status_code == 404  # nothing is signed
    choose(browser)
    sign(browser, release)
    assert "Download my copy" in browser.get(url("visit")).content.decode()
    answer = browser.get(url("visit_copy"))
    assert answer.content == bytes(Release.objects.get(pk=release.pk).document.pdf)
    assert answer["Content-Disposition"] == f'attachment; filename="{release.number}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    browser.post(url("visit_leave"))
    assert browser.get(url("visit_copy")).status_code == 404


def test_once_it_is_signed_another_session_of_the_link_is_closed(case, release):
    elsewhere = Client()
    token = make_signing_link(by=case.cast.administrator, release=release)
    browser, _ = open_link(token)
    open_link(token, elsewhere)
    assert elsewhere.get(url("visit")).status_code == 200
    choose(browser)
    sign(browser, release)
    assert "It is signed" in browser.get(url("visit")).content.decode()
    assert elsewhere.get(url("visit")).status_code == 404
    assert elsewhere.get(url("visit_copy")).status_code == 404


@pytest.mark.parametrize("answer", ["sign", "decline"])
def test_the_receipt_is_shown_for_half_an_hour_and_no_longer(case, release, answer):
    browser = by_link(case, release)
    choose(browser)
    sign(browser, release) if answer == "sign" else browser.post(url("visit"), {"step": answer})
    answered = timezone.now()
    for minutes, status in ((20, 200), (29, 200), (31, 404)):
        with time_machine.travel(answered + timedelta(minutes=minutes), tick=False):
            assert browser.get(url("visit")).status_code == status


def test_what_is_nested_too_deeply_is_no_drawing_and_no_error_of_ours(case, release):
    browser = by_link(case, release)
    choose(browser)
    answer = sign(browser, release, drawn="[" * 3000 + "]" * 3000)
    assert answer.status_code == 200
    assert "could not be read" in answer.content.decode()
    assert not Release.objects.get(pk=release.pk).signed_at


def test_titles_say_nothing_of_the_clinic(case, release):
    browser = by_link(case, release)
    for page in ("May we share", "Read"):
        text = browser.get(url("visit")).content.decode()
        assert page in text
        title = text.split("<title>")[1].split("</title>")[0]
        assert release.organization.name not in title
        choose(browser)


def test_the_clinics_screen_keeps_no_copy(case, release):
    browser = on_screen(case, release)
    choose(browser)
    sign(browser, release)
    page = browser.get(url("visit")).content.decode()
    assert "Ask for your copy" in page
    assert url("visit_copy") not in page
    assert browser.get(url("visit_copy")).status_code == 404


def test_without_pango_the_copy_is_the_text(case, release, monkeypatch):
    monkeypatch.setattr("people.pdf._weasyprint", lambda: None)
    browser = by_link(case, release)
    choose(browser)
    sign(browser, release)
    page = browser.get(url("visit")).content.decode()
    assert '<details class="kc-section" open>' in page
    assert "Download my copy" not in page
    assert browser.get(url("visit_copy")).status_code == 404


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
