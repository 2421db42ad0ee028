"""Stopping a release on the client's own page: two clicks, and the next request is shut."""

import pytest

from consent.actions.contacts import add_contact
from consent.enums import AskedHow, ReceiptKind, RevokedBy
from tests.consent.pages import look, main, shown, url, visitor

pytestmark = pytest.mark.django_db


def test_stopping_takes_two_clicks_and_shuts_the_next_request(full_case):
    case = full_case
    release = case.active()
    assert look(case)
    browser = visitor(case)
    assert url("my_withdraw", release.pk) in shown(browser.get(url("my_page")))  # the first click
    browser.get(url("my_withdraw", release.pk))
    assert look(case)  # a GET stops nothing
    answer = browser.post(url("my_withdraw", release.pk))  # the second
    assert not look(case)
    release.refresh_from_db()
    assert "It is stopped" in shown(answer)
    assert release.number in shown(answer)
    assert (release.revoked_by, release.revocation_asked_by) == (None, RevokedBy.CLIENT)
    assert release.revocation_asked_how == AskedHow.OWN_PAGE
    assert release.receipts.filter(kind=ReceiptKind.WITHDRAWN).count() == 1
    assert browser.post(url("my_withdraw", release.pk)).url == url("my_page")


def test_one_recipient_is_stopped_and_the_rest_stands(full_case):
    case, cast = full_case, full_case.cast
    rose = add_contact(by=cast.administrator, client=case.client, name="Rose", relation="Sister")
    release = case.active(recipients=[cast.therapist, cast.physician], contacts=[rose])
    browser = visitor(case)
    page = main(browser.get(url("my_withdraw", release.pk)))
    assert page.count("Stop with ") == 4
    physician = release.recipients.get(user=cast.physician)
    answer = browser.post(url("my_withdraw", release.pk), {"recipient": physician.pk})
    assert "Phil Physician" in main(answer)
    assert not look(case, cast.physician)
    assert look(case)
    release.refresh_from_db()
    assert release.revoked_at is None
    assert "(stopped" in main(browser.get(url("my_page")))


def test_a_recipient_of_another_release_is_not_taken(case, cast):
    case.send()
    mine, other = case.active(), case.active(recipients=[cast.physician])
    browser = visitor(case)
    foreign = other.recipients.get()
    page = main(browser.post(url("my_withdraw", mine.pk), {"recipient": foreign.pk}))
    assert "Stop sharing?" in page
    for release in (mine, other):
        release.refresh_from_db()
        assert release.revoked_at is None


def test_it_says_when_another_release_goes_on(case, cast):
    case.send()
    older, newer = case.active(), case.active()
    other = case.active(recipients=[cast.physician])
    page = main(visitor(case).get(url("my_withdraw", newer.pk)))
    assert older.number in page
    assert other.number not in page
