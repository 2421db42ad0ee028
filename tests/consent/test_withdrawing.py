"""Withdrawing for a client who asked: two clicks, who, how and why, whole or for one."""

import pytest

from consent.enums import AskedHow
from consent.models import Release
from tests.consent.pages import look, main, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def for_two(sent) -> Release:
    return sent.active(recipients=[sent.cast.therapist, sent.cast.physician])


ASKED = {"asked_by": "client", "asked_how": AskedHow.PHONE, "reason": "called us"}


def test_withdrawing_needs_a_fresh_sign_in(staff, sent):
    answer = staff.get(url("revoke", sent.active().pk))
    assert answer.status_code == 302
    assert "reauthenticate" in answer.url


def test_withdrawing_is_two_clicks_from_the_page(confirmed, full_case):
    release = full_case.active()
    assert look(full_case)
    assert f'href="{url("revoke", release.pk)}"' in main(
        confirmed.get(url("detail", release.pk))
    )  # the first
    text = main(confirmed.get(url("revoke", release.pk)))
    assert "What it does not do:" in text
    answer = confirmed.post(url("revoke", release.pk), ASKED, follow=True)
    assert "Nobody can read anything on this release now" in main(answer)
    assert not look(full_case)
    release.refresh_from_db()
    assert (release.revocation_asked_how, release.revocation_reason) == ("phone", "called us")
    assert confirmed.post(url("revoke", release.pk), ASKED).status_code == 302
    past = main(confirmed.get(url("accounting", full_case.client.pk)))
    assert full_case.referrer.name in past


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("reason", "", "Say in a few words why it ends"),
        ("asked_by", "", "Choose: who asked for it."),
        ("asked_how", "", "Choose: how they asked."),
        ("asked_how", AskedHow.OWN_PAGE, "Select a valid choice"),
        ("recipient", "999999", "Select a valid choice"),
    ],
)
def test_who_asked_how_and_why_are_all_asked_for(confirmed, sent, for_two, field, value, sentence):
    answer = confirmed.post(url("revoke", for_two.pk), {**ASKED, field: value})
    assert sentence in main(answer)
    for_two.refresh_from_db()
    assert for_two.revoked_at is None


def test_one_recipient_alone_can_be_withdrawn(confirmed, full_case):
    cast = full_case.cast
    release = full_case.active(recipients=[cast.therapist, cast.physician])
    physician = release.recipients.get(user=cast.physician)
    link = f"{url('revoke', release.pk)}?recipient={physician.pk}"
    assert f'href="{link}"' in main(confirmed.get(url("detail", release.pk)))
    assert f'<option value="{physician.pk}" selected' in main(confirmed.get(link))
    data = {**ASKED, "recipient": physician.pk}
    answer = confirmed.post(url("revoke", release.pk), data, follow=True)
    assert "The others it names can still read" in main(answer)
    assert look(full_case, cast.therapist)
    assert not look(full_case, cast.physician)
    assert "For whom it ends" not in main(confirmed.get(url("revoke", release.pk)))


def test_withdrawing_says_which_other_release_stays_in_force(confirmed, sent):
    older, newer = sent.active(), sent.active()
    of_another = sent.active(recipients=[sent.cast.stranger])
    text = main(confirmed.get(url("revoke", newer.pk)))
    assert f"{older.number} stays in force" in text
    assert of_another.number not in text
    sent.revoke(older)
    assert "stays in force" not in main(confirmed.get(url("revoke", newer.pk)))


def test_what_is_over_or_unsigned_leads_back_to_its_page(confirmed, sent):
    for release in (sent.unsigned(), sent.revoke(sent.active())):
        assert confirmed.get(url("revoke", release.pk)).url == url("detail", release.pk)
