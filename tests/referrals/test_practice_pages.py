"""A sent referral as the practice may see it: with, without and with a limited release."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from consent.enums import Category as C
from consent.models import Disclosure
from referrals.actions.drafting import answer_clinic
from referrals.actions.team import add_to_case
from referrals.actions.triage import (
    accept_referral,
    ask_for_information,
    decline_referral,
    receive_referral,
)
from referrals.enums import ContextKind, ReferralState
from referrals.models import ContextItem
from tests.factories import CLINIC, SENT

pytestmark = pytest.mark.django_db
REPLY = CLINIC[C.READINESS]
# Everything the clinic can have done by the time the practice looks.
AFTERWARDS = {
    "received": lambda case: receive_referral(by=case.cast.coordinator, referral=case.referral),
    "asked": lambda case: ask_for_information(
        by=case.cast.coordinator, referral=case.referral, text=REPLY
    ),
    "accepted": lambda case: accept_referral(
        by=case.cast.coordinator, referral=case.referral, text=REPLY
    ),
    "declined": lambda case: decline_referral(
        by=case.cast.coordinator, referral=case.referral, text=REPLY
    ),
    "in care": lambda case: (case.accept(), case.admit(), case.agree(), case.give(hours_ago=30)),
}


def url(name: str, *args) -> str:
    return reverse(f"referrals:{name}", args=args)


def main(answer) -> str:
    return answer.content.decode().split("<main")[1].split("</main>")[0]


@pytest.fixture
def browser(client, therapist):
    client.force_login(therapist)
    return client


@pytest.fixture
def sent(case, referral):
    return case


def test_the_practice_sees_what_it_sent(browser, sent):
    page = main(browser.get(url("detail", sent.referral.pk)))
    assert all(words in page for words in SENT.values())
    assert "Zqreason" in page
    assert not Disclosure.objects.exists()


def test_without_a_release_every_answer_reads_received(browser, sent, cast):
    receive_referral(by=cast.coordinator, referral=sent.referral)
    first = sent.referral
    expected = main(browser.get(url("detail", first.pk)))
    assert "Received." in expected
    for name, answer in AFTERWARDS.items():
        if name != "received":
            sent.send()
            answer(sent)
            page = main(browser.get(url("detail", sent.referral.pk)))
            assert page == expected.replace(first.reference, sent.referral.reference).replace(
                f"/{first.pk}/", f"/{sent.referral.pk}/"
            ), name
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("name", AFTERWARDS)
def test_without_a_release_answering_and_withdrawing_tell_nothing(browser, sent, name):
    AFTERWARDS[name](sent)
    pk = sent.referral.pk
    assert browser.get(url("answer", pk)).status_code == 404
    assert browser.post(url("answer", pk), {"text": "x"}).status_code == 404
    answer = browser.post(url("cancel", pk), follow=True)
    assert answer.redirect_chain == [(url("detail", pk), 302)]
    assert "To withdraw it now, call them." in main(answer)
    sent.referral.refresh_from_db()
    assert sent.referral.state != ReferralState.CANCELLED


def test_a_release_of_readiness_opens_the_answer(browser, sent):
    sent.accept()
    release = sent.active(out_categories=[C.READINESS])
    answer = browser.get(url("detail", sent.referral.pk))
    assert REPLY in main(answer)
    assert "Accepted" in main(answer)
    assert f"Release {release.number}" in answer.content.decode()
    row = Disclosure.objects.get()
    assert (row.reader_id, row.categories) == (sent.referrer.pk, ["readiness"])
    sent.revoke(release)
    assert REPLY not in main(browser.get(url("detail", sent.referral.pk)))


@pytest.mark.parametrize("state", ["none", "unsigned", "future", "expired", "revoked"])
def test_no_other_release_opens_the_answer(browser, sent, state):
    sent.accept()
    sent.make_release(state, out_categories=[C.READINESS])
    page = main(browser.get(url("detail", sent.referral.pk)))
    assert REPLY not in page
    assert "ccepted" not in page


def test_a_release_of_other_categories_does_not_open_it(browser, sent):
    sent.accept()
    sent.active(out_categories=[C.SCHEDULE, C.SAFETY])
    page = main(browser.get(url("detail", sent.referral.pk)))
    assert "Received." in page
    assert REPLY not in page


def test_a_service_period_that_leaves_the_reply_out_opens_nothing(browser, sent):
    sent.accept()
    later = timezone.now() + timedelta(days=1)
    sent.active(out_categories=[C.READINESS], service_from=later)
    page = main(browser.get(url("detail", sent.referral.pk)))
    assert "Received." in page
    assert "Withdraw this referral" not in page


# ------------------------------------------------------------------ answering
def test_the_practice_answers_what_was_asked(browser, sent):
    AFTERWARDS["asked"](sent)
    sent.active(out_categories=[C.READINESS])
    page = main(browser.get(url("answer", sent.referral.pk)))
    assert REPLY in page
    empty = browser.post(url("answer", sent.referral.pk), {"text": " "})
    assert "Write your answer." in main(empty)
    long = browser.post(url("answer", sent.referral.pk), {"text": "x" * 1_000_000})
    assert "at most 8,000 characters" in main(long)
    answer = browser.post(url("answer", sent.referral.pk), {"text": "Both, since May."})
    assert answer.url == url("detail", sent.referral.pk)
    item = ContextItem.unscoped.get(kind=ContextKind.ADDITION)
    assert (item.text, item.category) == ("Both, since May.", C.HISTORY)
    assert browser.post(url("answer", sent.referral.pk), {"text": "Again"}).status_code == 404
    assert ContextItem.unscoped.filter(kind=ContextKind.ADDITION).count() == 1


# ------------------------------------------------------------------ withdrawing
def test_an_older_question_does_not_tell_that_there_is_a_new_one(browser, sent):
    sent.active(out_categories=[C.READINESS], service_until=timezone.now() + timedelta(seconds=1))
    address = url("detail", sent.referral.pk)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask_for_information(by=sent.cast.coordinator, referral=sent.referral, text="Zqfirst?")
        assert "Zqfirst?" in main(browser.get(address))
        clock.shift(timedelta(minutes=6))
        answer_clinic(by=sent.cast.therapist, referral=sent.referral, text="Zqanswer")
        before = main(browser.get(address))
        clock.shift(timedelta(minutes=6))
        ask_for_information(by=sent.cast.coordinator, referral=sent.referral, text="Zqsecond?")
        assert main(browser.get(address)) == before


def test_withdrawing_asks_first(browser, sent):
    assert "Withdraw this referral?" in main(browser.get(url("cancel", sent.referral.pk)))
    sent.referral.refresh_from_db()
    assert sent.referral.state == ReferralState.REQUESTED
    assert browser.post(url("cancel", sent.referral.pk)).url == reverse("reminders:worklist")
    sent.referral.refresh_from_db()
    assert sent.referral.state == ReferralState.CANCELLED
    assert browser.post(url("cancel", sent.referral.pk)).url == url("detail", sent.referral.pk)


def test_a_draft_is_discarded(browser, case):
    draft = case.draft()
    assert "Discard this draft?" in main(browser.get(url("cancel", draft.pk)))
    browser.post(url("cancel", draft.pk))
    assert browser.get(url("detail", draft.pk)).status_code == 200


def test_somebody_who_may_know_withdraws_an_accepted_referral(browser, sent):
    sent.accept()
    sent.active(out_categories=[C.READINESS])
    assert "Withdraw this referral" in main(browser.get(url("detail", sent.referral.pk)))
    browser.post(url("cancel", sent.referral.pk))
    sent.referral.refresh_from_db()
    assert sent.referral.state == ReferralState.CANCELLED


# ------------------------------------------------------------------ others
def test_the_referral_is_the_practices_alone(client, cast, sent):
    for name, user in cast.everybody().items():
        client.force_login(user)
        expected = 200 if name == "therapist" else 404
        assert client.get(url("detail", sent.referral.pk)).status_code == expected, name


def test_a_colleague_on_the_case_reads_and_does_not_act(client, cast, sent):
    add_to_case(by=cast.therapist, referral=sent.referral, user=cast.colleague)
    AFTERWARDS["asked"](sent)
    sent.active(out_categories=[C.READINESS], recipients=[cast.therapist, cast.colleague])
    client.force_login(cast.colleague)
    page = main(client.get(url("detail", sent.referral.pk)))
    assert SENT[ContextKind.RISK] in page
    assert "Answer the clinic" not in page
    assert client.get(url("answer", sent.referral.pk)).status_code == 404
    assert client.post(url("cancel", sent.referral.pk)).status_code == 404


@pytest.mark.parametrize("who", ["physician", "stranger"])
def test_others_on_the_case_never_see_the_referral(client, cast, sent, who):
    person = getattr(cast, who)
    release = sent.active(recipients=[person])
    client.force_login(person)
    answer = client.get(url("detail", sent.referral.pk))
    assert answer.url == reverse("care:timeline", args=[sent.referral.pk])
    sent.revoke(release)
    assert client.get(url("detail", sent.referral.pk)).status_code == 404


def test_queries_do_not_grow_with_what_is_shown(browser, sent, django_assert_max_num_queries):
    sent.accept()
    sent.active(out_categories=[C.READINESS])
    with django_assert_max_num_queries(40):
        browser.get(url("detail", sent.referral.pk))
