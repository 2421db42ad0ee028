"""One link, used by many at the same moment: one answer."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from audit.models import AuditEvent
from consent.actions.links import make_signing_link, open_with
from consent.actions.treatment import make_consent_link
from consent.enums import ReceiptKind
from consent.models import Receipt, Release, SigningLink, TreatmentConsent, TreatmentLink
from tests.consent.treating import agree, knock
from tests.consent.visiting import BORN, choose, open_link, sign, url

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
REPLAYS = 20


def replay(browsers, act) -> list:
    """`act(browser)` by all of them at once, each on a connection of its own."""
    begin, answers = threading.Barrier(len(browsers)), []

    def one(browser):
        try:
            begin.wait(30)
            answers.append(act(browser))
        except Exception as error:  # noqa: BLE001
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(each,), daemon=True) for each in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_twenty_replays_of_one_link_at_once_give_one_signature(cast, case):
    case.send()
    release = case.unsigned()
    token = make_signing_link(by=cast.administrator, release=release)
    browsers = [open_link(token)[0] for _ in range(REPLAYS)]
    for browser in browsers:
        choose(browser, "out:schedule")
    answers = replay(browsers, lambda browser: sign(browser, release))
    # Whoever comes after the first is given its receipt, or told that the page is closed.
    assert {getattr(a, "status_code", a) for a in answers} in ({302}, {302, 404})
    release.refresh_from_db()
    assert release.signed_at is not None
    assert AuditEvent.objects.filter(event="release.signed").count() == 1
    assert Receipt.objects.filter(kind=ReceiptKind.SIGNED).count() == 1
    assert SigningLink.objects.filter(used_at__isnull=False).count() == 1
    assert Release.objects.signed().count() == 1
    shown = [browser.get(url("visit")) for browser in browsers]
    assert {answer.status_code for answer in shown} <= {200, 404}
    assert any("It is signed" in answer.content.decode() for answer in shown)


def test_yes_and_no_at_once_give_one_answer(cast, case):
    case.send()
    release = case.unsigned()
    token = make_signing_link(by=cast.administrator, release=release)
    browsers = [open_link(token)[0] for _ in range(8)]
    for browser in browsers:
        choose(browser, "out:schedule")
    yes = set(browsers[::2])

    def answer(browser):
        if browser in yes:
            return sign(browser, release)
        return browser.post(url("visit"), {"step": "decline"})

    assert {a.status_code for a in replay(browsers, answer)} <= {200, 302, 404}
    release.refresh_from_db()
    assert (release.signed_at is None) != (release.declined_at is None)


def test_of_many_answers_to_a_consent_at_once_one_counts(cast, case):
    case.send()
    consent = case.prepare_consent()
    token = make_consent_link(by=cast.nurse, consent=consent)
    browsers = [knock(token)[0] for _ in range(REPLAYS)]
    no = set(browsers[::4])

    def answer(browser):
        if browser in no:
            return browser.post(url("agreement"), {"step": "decline"})
        return agree(browser, consent)

    answers = replay(browsers, answer)
    assert {getattr(a, "status_code", a) for a in answers} <= {200, 302, 404}
    consent.refresh_from_db()
    assert (consent.signed_at is None) != (consent.declined_at is None)
    given = ["treatment_consent.signed", "treatment_consent.declined"]
    assert AuditEvent.objects.filter(event__in=given).count() == 1
    assert TreatmentLink.objects.get().used_at == consent.answered_at


def test_prepared_many_times_at_once_one_waits(cast, case):
    case.send()
    answers = replay(range(8), lambda _: case.prepare_consent())
    assert sum(isinstance(each, TreatmentConsent) for each in answers) == 1
    assert {type(each) for each in answers} == {TreatmentConsent, ValidationError}


def test_of_many_wrong_dates_at_once_no_more_than_five_are_looked_at(cast, case):
    case.send()
    token = make_signing_link(by=cast.administrator, release=case.unsigned())
    replay(range(REPLAYS), lambda _: open_with(SigningLink, token, BORN + timedelta(days=1)))
    assert SigningLink.objects.get().failures == 5
