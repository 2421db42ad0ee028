"""The client's own page: how it opens, what it shows, how it ends, and stopping a release."""

import hashlib
import re

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from consent.actions.links import close_client_links, make_client_link
from consent.documents.kept import keep_document
from consent.enums import Channel
from consent.models import ClientLink, Disclosure, SignedDocument
from consent.visits import page_visits
from people.enums import OrganizationKind, Role
from people.formats import day, last_moment
from tests import triggers
from tests.builder import Builder
from tests.consent.pages import (
    knock,
    link_of,
    look,
    main,
    shown,
    token_of,
    url,
    visitor,
)
from tests.factories import LAST_NAME, make_organization, make_user

pytestmark = pytest.mark.django_db
REFUSED = "This did not open"
CLOSED = "This is closed"


# ------------------------------------------------------------------ the administrator's side
def test_a_link_is_shown_once_and_only_its_hash_is_kept(case, signed_in):
    case.send()
    browser = signed_in(case.cast.administrator)
    page = url("client_links", case.client.pk)
    assert "No link yet" in shown(browser.get(page))
    made = shown(browser.post(page, {"act": "make"}))
    token = made.split("/p/")[1].split("/")[0]
    assert len(token) >= 43  # 256 bits
    link = link_of(case)
    assert link.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    assert "Phone call, a message may be left".lower() in made.lower()
    after = shown(browser.get(page))
    assert token not in after
    assert "Never" in after  # not opened yet
    assert knock(Client(), token).status_code == 302
    assert day(timezone.now()) in shown(browser.get(page)).split("Last opened")[1]


def test_a_new_link_ends_the_one_before_and_ending_is_recorded(case, signed_in):
    case.send()
    first, second = token_of(case), token_of(case)
    assert "This link is over" in shown(knock(Client(), first))
    assert knock(Client(), second).status_code == 302
    browser = signed_in(case.cast.administrator)
    answer = browser.post(url("client_links", case.client.pk), {"act": "end"}, follow=True)
    assert "Ended on" in shown(answer)
    assert "This link is over" in shown(knock(Client(), second))
    events = AuditEvent.objects.filter(event__startswith="client_link.")
    names = list(events.order_by("pk").values_list("event", flat=True))
    made, closed = "client_link.made", "client_link.closed"
    assert names == [made, closed, made, closed]


def test_only_the_clinics_administrator_makes_links(case, cast, signed_in):
    case.send()
    other = make_organization("South Clinic", OrganizationKind.CLINIC)
    stranger = make_user("Otto Other", Role.ADMINISTRATOR, other)
    for user in (stranger, cast.therapist, cast.coordinator, cast.prescriber):
        page = url("client_links", case.client.pk)
        assert signed_in(user).get(page).status_code == 404
        assert signed_in(user).post(page, {"act": "make"}).status_code == 404
    assert not ClientLink.objects.exists()


# ------------------------------------------------------------------ the door
def test_the_door_asks_the_same_of_every_link_and_says_nothing(case):
    case.send()
    answers = [Client().get(url("my_open", token)) for token in (token_of(case), "x" * 43)]
    pages = [shown(a).split("<main")[1].split("csrfmiddlewaretoken")[0] for a in answers]
    assert pages[0] == pages[1]
    for answer in answers:
        page = shown(answer)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        for word in (LAST_NAME, "Northfield", "ketamine", "uthorization", "kc-nav"):
            assert word not in page


def test_whatever_is_wrong_gives_one_answer(case):
    case.send()
    ended = token_of(case)
    close_client_links(by=case.cast.administrator, client=case.client)
    over = token_of(case)
    ClientLink.objects.filter(pk=link_of(case).pk).update(expires_at=timezone.now())
    tokens = ["x" * 43, ended, over, token_of(case)]
    answers = [knock(Client(), token, "15-Jul-1985") for token in tokens]
    assert len({re.sub('"csrfmiddlewaretoken" value="[^"]+"', "", main(a)) for a in answers}) == 1
    assert {a.status_code for a in answers} == {200}


def test_five_wrong_dates_close_the_link_for_good(case):
    case.send()
    token, browser = token_of(case), Client()
    for wrong in range(1, 6):
        assert REFUSED in shown(knock(browser, token, f"{wrong}-Jan-1985"))
    assert link_of(case).failures == 5
    assert REFUSED in shown(knock(browser, token))
    assert AuditEvent.objects.filter(event="link.refused", client_id=case.client.pk).count() == 5


def test_four_wrong_dates_do_not_nor_does_what_is_no_date(case):
    case.send()
    token, browser = token_of(case), Client()
    assert "Enter a date such as" in shown(knock(browser, token, "soon"))
    for wrong in range(1, 5):
        knock(browser, token, f"{wrong}-Jan-1985")
    assert knock(browser, token).status_code == 302


# ------------------------------------------------------------------ the visit
def test_the_visit_belongs_to_nobody_and_opens_nothing_else(case, signed_in):
    case.send()
    browser = signed_in(case.cast.administrator)
    assert knock(browser, token_of(case)).url == url("my_page")
    assert "_auth_user_id" not in browser.session
    assert browser.get(url("my_page")).status_code == 200
    for path in ("/", url("releases"), url("ledger"), "/worklist/", "/account/login/", "/nothing/"):
        assert browser.get(path).url == url("my_page"), path
    assert browser.post(url("new")).url == url("my_page")


def test_the_session_lasts_twenty_minutes(case):
    case.send()
    browser = visitor(case)
    assert page_visits.LASTS == 20 * 60
    assert browser.session.get_expiry_age() <= 20 * 60


@pytest.mark.parametrize("how", ["ended", "replaced", "over", "tried"])
def test_a_link_that_ends_ends_the_visit_at_the_next_request(case, how):
    case.send()
    browser = visitor(case)
    match how:
        case "ended":
            close_client_links(by=case.cast.administrator, client=case.client)
        case "replaced":
            make_client_link(by=case.cast.administrator, client=case.client)
        case "over":
            ClientLink.objects.filter(pk=link_of(case).pk).update(expires_at=timezone.now())
        case "tried":
            ClientLink.objects.filter(pk=link_of(case).pk).update(failures=5)
    answer = browser.get(url("my_page"))
    assert answer.status_code == 404
    assert CLOSED in shown(answer)
    assert page_visits.KEY not in browser.session


def test_leaving_ends_it(case):
    case.send()
    browser = visitor(case)
    answer = browser.post(url("my_leave"))
    assert "You have left" in shown(answer)
    assert "storage" in answer["Clear-Site-Data"]
    assert browser.get(url("my_page")).status_code == 404
    assert browser.get(url("my_leave")).status_code == 405


@pytest.mark.parametrize("who", ["administrator", "therapist", "superuser"])
def test_staff_and_strangers_find_no_page(case, cast, signed_in, who):
    release = case.send() and case.active()
    for browser in (signed_in(getattr(cast, who)), Client()):
        for name, args in (
            ("my_page", ()),
            ("my_copy", (release.pk,)),
            ("my_withdraw", (release.pk,)),
            ("my_question", (1,)),
            ("my_accounting", ()),
            ("my_accounting_csv", ()),
            ("my_accounting_pdf", ()),
        ):
            assert browser.get(url(name, *args)).status_code == 404
            assert browser.post(url(name, *args)).status_code == 404
    release.refresh_from_db()
    assert release.revoked_at is None


# ------------------------------------------------------------------ what it shows
def test_it_shows_with_whom_what_until_when_and_the_receipts(full_case):
    case, cast = full_case, full_case.cast
    release = case.active(out_categories=["schedule", "safety"], in_categories=["history"])
    over = case.revoke(case.active(recipients=[cast.physician], in_categories=[]))
    page = shown(visitor(case).get(url("my_page")))
    shared, rest = page.split("No longer shared")
    for words in (
        "Tess Therapist, LCSW, Harbor Lane Practice",
        "My appointment dates; Safety",
        "My history and medicines",
        day(last_moment(release.until)),
        "You signed",
        "Coordinating care",
        url("my_copy", release.pk),
        url("my_withdraw", release.pk),
    ):
        assert words in shared, words
    assert "Phil Physician" not in shared
    assert "It was withdrawn" in rest
    assert url("my_withdraw", over.pk) not in page


def test_it_shows_who_looked_and_folds_the_looks_of_a_day(full_case):
    case = full_case
    case.active()
    case.active(recipients=[case.cast.physician], out_categories=["safety"])
    for channel in (Channel.PAGE, Channel.PAGE, Channel.FRAGMENT, Channel.PDF):
        look(case, channel=channel)
    look(case, case.cast.physician)
    looked = main(visitor(case).get(url("my_page"))).split('id="looked"')[1]
    assert looked.count("Tess Therapist") == 2  # three on screen, one PDF
    assert "3 times" in looked
    assert "<details" in looked
    assert looked.count("Phil Physician") == 1
    assert "What I was given; How I responded; What I am working on" in looked
    assert "People who work at Northfield Clinic read its own record without a line here." in looked
    for name, args in (("my_page", ()), ("my_accounting", ()), ("my_question", (1,))):
        page = main(visitor(case).get(url(name, *args)))
        for staff_words in ("Readiness", "Response", "<dd>Page", "CFR", "Treatment, "):
            assert staff_words not in page, (name, staff_words)
    assert "Coordinating care" in looked
    assert looked.count("Question this entry") == 5


def test_titles_and_pages_are_neutral(full_case):
    case = full_case
    case.active()
    look(case)
    browser = visitor(case)
    release = case.active()
    for name, args in (
        ("my_page", ()),
        ("my_withdraw", (release.pk,)),
        ("my_question", (1,)),
        ("my_accounting", ()),
    ):
        page = shown(browser.get(url(name, *args)))
        title = page.split("<title>")[1].split("</title>")[0]
        assert LAST_NAME not in title
        assert "Northfield" not in title  # a clinic's name may say what it does
        for word in ("ketamine", "uthorization", "kc-nav", "kapcare</title>"):
            assert word not in page, (name, word)


def test_reading_the_own_page_writes_no_ledger(full_case):
    full_case.active()
    look(full_case)
    before = Disclosure.objects.count()
    browser = visitor(full_case)
    for name in ("my_page", "my_accounting", "my_accounting_csv"):
        browser.get(url(name))
    assert Disclosure.objects.count() == before


@pytest.mark.pango
def test_the_signed_copy_is_byte_for_byte_what_was_kept(case):
    case.send()
    release = case.active()
    kept = keep_document(release)
    browser = visitor(case)
    answer = browser.get(url("my_copy", release.pk))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{release.number}.pdf"'
    assert hashlib.sha256(answer.content).hexdigest() == kept.pdf_sha256
    with triggers.disabled("consent_signeddocument"):
        SignedDocument.objects.filter(pk=kept.pk).update(pdf=bytes(kept.pdf) + b" ")
    answer = browser.get(url("my_copy", release.pk), follow=True)
    assert "was changed after you signed it" in shown(answer)


def test_where_no_pdf_was_made_the_copy_is_the_signed_text(case):
    case.send()
    release = case.active()
    answer = visitor(case).get(url("my_copy", release.pk))
    assert answer.content.decode() == release.text
    assert answer["Content-Type"].startswith("text/plain")


def test_nothing_of_another_client_or_clinic_is_there(case, cast):
    case.send()
    other = Builder(cast)
    other.send(first_name="Other")
    foreign, draft = other.active(), case.draft_release()
    browser = visitor(case)
    for release in (foreign, draft):
        assert browser.get(url("my_copy", release.pk)).status_code == 404
        assert browser.get(url("my_withdraw", release.pk)).status_code == 404
        assert browser.post(url("my_withdraw", release.pk)).status_code == 404
        assert release.number not in shown(browser.get(url("my_page")))
    foreign.refresh_from_db()
    assert foreign.revoked_at is None
