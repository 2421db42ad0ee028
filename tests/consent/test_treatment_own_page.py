"""What the client agreed to, on their own page: the copy, and withdrawing it at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from consent.actions.links import close_client_links
from consent.actions.treatment import withdraw_consent_on_own_page
from consent.documents.kept import keep_document
from consent.models import TreatmentDocument
from consent.treatment.standing import current_consent
from tests import triggers
from tests.builder import Builder
from tests.consent.pages import link_of, main, url, visitor
from tests.consent.treating import holds

pytestmark = pytest.mark.usefixtures("referral")


def test_it_is_shown_and_withdrawn_in_two_clicks_without_a_reason(case):
    consent = case.consent_to_treatment()
    browser = visitor(case)
    assert url("my_agreement_stop", consent.pk) in main(browser.get(url("my_page")))
    assert "Withdraw it now" in main(browser.get(url("my_agreement_stop", consent.pk)))
    assert holds(case)
    page = main(browser.post(url("my_agreement_stop", consent.pk), follow=True))
    assert not holds(case)
    assert "Withdrawn" in page
    assert url("my_agreement_stop", consent.pk) not in page
    consent.refresh_from_db()
    assert (consent.revoked_by, consent.revocation_asked_how) == (None, "own_page")


def test_withdrawing_it_leaves_the_releases_and_the_other_way_round(case):
    release, consent = case.active(), case.consent_to_treatment()
    browser = visitor(case)
    browser.post(url("my_agreement_stop", consent.pk))
    release.refresh_from_db()
    assert release.revoked_at is None
    again = case.consent_to_treatment()
    browser.post(url("my_withdraw", release.pk), {"recipient": ""})
    again.refresh_from_db()
    assert again.revoked_at is None
    assert holds(case)


def test_without_one_the_page_says_nothing_of_it(case):
    case.prepare_consent()
    assert "What you agreed to" not in main(visitor(case).get(url("my_page")))


@pytest.mark.pango
def test_the_copy_is_what_was_signed_and_none_once_it_was_changed(case):
    consent = case.consent_to_treatment()
    browser = visitor(case)
    assert browser.get(url("my_agreement", consent.pk)).content.decode() == consent.text
    kept = keep_document(consent)
    assert browser.get(url("my_agreement", consent.pk)).content == bytes(kept.pdf)
    with triggers.disabled("consent_treatmentdocument"):
        TreatmentDocument.objects.update(pdf=bytes(kept.pdf) + b" ")
    answer = browser.get(url("my_agreement", consent.pk), follow=True)
    assert "was changed after you signed it" in main(answer)


def test_another_clients_is_not_on_the_page(case, cast):
    other = Builder(cast)
    other.send(first_name="Wren")
    consent = other.consent_to_treatment()
    browser = visitor(case)
    for name in ("my_agreement", "my_agreement_stop"):
        assert browser.get(url(name, consent.pk)).status_code == 404
    browser.post(url("my_agreement_stop", consent.pk))
    with pytest.raises(ValidationError, match="not on this page"):
        withdraw_consent_on_own_page(link=link_of(case), consent=consent)
    assert holds(other)


def test_neither_a_replaced_nor_a_closed_page_withdraws(case):
    older = case.consent_to_treatment(days_ago=2)
    newer = case.consent_to_treatment()
    browser = visitor(case)
    assert browser.post(url("my_agreement_stop", older.pk)).url == url("my_page")
    older.refresh_from_db()
    assert older.revoked_at is None
    link = link_of(case)
    close_client_links(by=case.cast.administrator, client=case.client)
    assert browser.post(url("my_agreement_stop", newer.pk)).status_code == 404
    with pytest.raises(ValidationError, match="closed"):
        withdraw_consent_on_own_page(link=link, consent=newer)
    assert holds(case)


def test_from_the_very_moment_it_holds_no_more(case):
    consent = case.consent_to_treatment()
    visitor(case).post(url("my_agreement_stop", consent.pk))
    consent.refresh_from_db()
    place = {"client_id": case.client.pk, "clinic_id": case.cast.clinic.pk}
    before = consent.revoked_at - timedelta(microseconds=1)
    assert current_consent(**place, at=before) == consent
    assert current_consent(**place, at=consent.revoked_at) is None
