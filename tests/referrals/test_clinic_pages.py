"""The clinic's queue and its answer: before, with and without a release of the clinical context."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent.enums import Category as C
from consent.enums import Sensitivity
from consent.models import Disclosure
from referrals.actions.drafting import begin_referral, save_context, save_fields, submit_referral
from referrals.enums import FIT_KINDS, Answer, ContextKind, ReferralState, Verb
from referrals.models import ClinicReply, Referral
from referrals.views import clinic as views
from referrals.waiting import reply_expected
from tests.builder import Builder
from tests.factories import SENT, identity

pytestmark = pytest.mark.django_db
RECEIVING = ("coordinator", "prescriber")


def url(name: str, *args) -> str:
    return reverse(f"referrals:{name}", args=args)


def main(answer) -> str:
    page = answer.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub('name="csrfmiddlewaretoken" value="[^"]*"', "", page)


@pytest.fixture
def browser(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def sent(case, referral):
    return case


@pytest.mark.parametrize(
    ("sent_on", "expected"),
    [("2026-07-13", "2026-07-20"), ("2026-07-17", "2026-07-24"), ("2026-07-18", "2026-07-24")],
)
def test_a_reply_is_expected_after_five_working_days(sent_on, expected):
    sent_at = timezone.make_aware(datetime.fromisoformat(f"{sent_on} 12:00"))
    assert reply_expected(sent_at, 5).isoformat() == expected


# ------------------------------------------------------------------ the queue
def test_the_queue_holds_what_waits(browser, sent):
    Builder(sent.cast).draft(last_name="Unsentdraft")
    page = main(browser.get(url("queue")))
    assert sent.referral.reference in page
    assert "Triage" in page
    assert "Unsentdraft".upper() not in page
    sent.accept()
    assert sent.referral.reference not in main(browser.get(url("queue")))
    assert sent.referral.reference in main(browser.get(url("queue") + "?state=accepted"))


def test_a_question_that_nobody_could_read_stays_the_clinics_move(browser, sent):
    question = {"text": "Which medicines?", "reason": "medicines"}
    browser.post(url("ask", sent.referral.pk), question)
    page = main(browser.get(url("queue")))
    assert "reads your question once a release covers it" in page
    sent.active(out_categories=["readiness"])
    page = main(browser.get(url("queue")))
    assert "reads your question" not in page
    assert "Therapist" in page


def test_an_empty_queue_says_why(browser):
    assert "No referral waits" in main(browser.get(url("queue")))
    assert "Nothing here" in main(browser.get(url("queue") + "?state=declined"))


@pytest.mark.parametrize("query", ["state=nothing", "after=999", "after=x", "state=draft"])
def test_what_is_not_understood_is_not_found(browser, sent, query):
    assert browser.get(f"{url('queue')}?{query}").status_code == 404


def test_the_queue_pages_by_key(browser, cast, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    numbers = [Builder(cast).send().reference for _ in range(5)]
    seen, address = [], url("queue")
    while address:
        answer = browser.get(address)
        seen += [row.referral.reference for row in answer.context["rows"]]
        after = answer.context["next"]
        address = after and f"{url('queue')}?state=waiting&after={after}"
    assert seen == numbers


def test_queries_do_not_grow_with_the_queue(browser, cast):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(url("queue"))
        return len(queries)

    Builder(cast).send()
    browser.get(url("queue"))  # begins the session
    one = count()
    for _ in range(4):
        Builder(cast).send()
    assert count() == one <= 8


@pytest.mark.parametrize("name", ["queue", "triage", "receive", "ask", "accept", "decline"])
def test_only_those_who_triage(client, cast, sent, name):
    args = () if name == "queue" else (sent.referral.pk,)
    for who, user in cast.everybody().items():
        client.force_login(user)
        posts = name not in ("queue", "triage")
        answer = (client.post if posts else client.get)(url(name, *args), {"text": ""})
        assert (answer.status_code == 404) == (who not in RECEIVING), (who, answer.status_code)
    assert not Disclosure.objects.exists()


# ------------------------------------------------------------------ before a release
def test_before_a_release_the_clinic_sees_what_came_with_the_referral(browser, sent):
    page = main(browser.get(url("triage", sent.referral.pk)))
    for text in ("Zqreason", "555 0199", "Tess Therapist", "Clinic medical only"):
        assert text in page
    assert not [words for words in SENT.values() if words in page]
    assert not [kind.label for kind in (*FIT_KINDS, *SENT) if kind.label in page]
    assert not Disclosure.objects.exists()


def test_before_a_release_it_reads_the_same_whether_or_not_anything_was_written(browser, sent):
    with time_machine.travel(timezone.now(), tick=False):
        sent.send()
        bare = _without_context(sent)
    first = main(browser.get(url("triage", sent.referral.pk)))
    second = main(browser.get(url("triage", bare.pk)))
    # that they are alike, the clinic's staff are told
    first, second = (re.sub(r"KC-\d+|duplicates/\d+/\d+", "", page) for page in (first, second))
    for referral in (sent.referral, bare):
        first = first.replace(referral.reference, "").replace(f"/{referral.pk}/", "")
        second = second.replace(referral.reference, "").replace(f"/{referral.pk}/", "")
    assert first == second


def _without_context(case: Builder) -> Referral:
    by = case.referrer
    referral = begin_referral(by=by, clinic=case.cast.clinic, form_key=uuid4(), identity=identity())
    names = ("reason", "collaboration", "agreement", "agreed_on")
    fields = {name: getattr(case.referral, name) for name in names}
    referral = save_fields(by=by, referral=referral, version=0, fields=fields)
    answers = dict.fromkeys(FIT_KINDS, Answer.NOT_KNOWN)
    referral = save_context(by=by, referral=referral, version=1, answers=answers)
    return submit_referral(by=by, referral=referral)


# ------------------------------------------------------------------ with a release
def test_a_release_opens_the_categories_it_lists(browser, sent):
    sent.active(in_categories=[C.HISTORY])
    page = main(browser.get(url("triage", sent.referral.pk)))
    assert SENT[ContextKind.HISTORY] in page
    assert SENT[ContextKind.MEDICINES] in page
    others = (ContextKind.RISK, ContextKind.GOALS, ContextKind.CONTRAINDICATIONS)
    assert not [kind for kind in others if SENT[kind] in page or kind.label in page]
    row = Disclosure.objects.get()
    assert (row.categories, row.organization_name) == (["history"], "Northfield Clinic")


@pytest.mark.parametrize("state", ["unsigned", "future", "expired", "revoked"])
def test_a_release_not_in_force_opens_nothing(browser, sent, state):
    sent.make_release(state)
    page = main(browser.get(url("triage", sent.referral.pk)))
    assert not [words for words in SENT.values() if words in page]
    assert not Disclosure.objects.exists()


def test_substance_use_stays_shut_unless_it_is_named(browser, case):
    case.draft()
    referral = case.fill_in()
    save_context(
        by=case.referrer,
        referral=referral,
        version=referral.version,
        answers={ContextKind.HISTORY: "Zqsubstance"},
        substance_use=True,
    )
    case.referral = submit_referral(by=case.referrer, referral=referral)
    case.active(in_categories=[C.HISTORY])
    assert "Zqsubstance" not in main(browser.get(url("triage", referral.pk)))
    case.active(in_categories=[C.HISTORY], sensitivities=[Sensitivity.SUBSTANCE_USE])
    assert "Zqsubstance" in main(browser.get(url("triage", referral.pk)))


# ------------------------------------------------------------------ answering
@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("accept", ReferralState.ACCEPTED),
        ("ask", ReferralState.INFORMATION_ASKED),
        ("decline", ReferralState.DECLINED),
    ],
)
def test_the_clinic_answers(browser, sent, name, state):
    answer = browser.post(url(name, sent.referral.pk), {"text": "Because.", "reason": "other"})
    assert answer.url == url("triage", sent.referral.pk)
    sent.referral.refresh_from_db()
    assert sent.referral.state == state
    assert "Because." in main(browser.get(answer.url))


@pytest.mark.parametrize(
    ("name", "sentence"), [("ask", "Write what you need to know."), ("decline", "Give the reason.")]
)
def test_asking_and_declining_need_words(browser, sent, name, sentence):
    unsaid = browser.post(url(name, sent.referral.pk), {"text": "  "})
    assert "Choose one from the list." in main(unsaid)
    answer = browser.post(url(name, sent.referral.pk), {"text": "  ", "reason": "other"})
    assert sentence in main(answer)
    sent.referral.refresh_from_db()
    assert sent.referral.state == ReferralState.REQUESTED


@pytest.mark.parametrize(
    ("words", "sentence"), [("x" * 1_000_000, "at most 4,000"), ("a\x00b", "annot be kept")]
)
def test_bad_words_are_refused_and_kept(browser, sent, words, sentence):
    answer = browser.post(url("decline", sent.referral.pk), {"text": words, "reason": "other"})
    assert sentence in main(answer) or "Null characters" in main(answer)
    assert not ClinicReply.unscoped.exists()


def test_a_second_answer_is_refused_and_its_words_stay(browser, sent):
    browser.post(url("accept", sent.referral.pk), {"text": "Yes."})
    answer = browser.post(url("decline", sent.referral.pk), {"text": "No.", "reason": "cost"})
    assert "This referral is accepted." in main(answer)
    assert ClinicReply.unscoped.count() == 1


def test_receipt_is_confirmed_once(browser, sent):
    for sentence in ("Receipt is confirmed", "This referral is received"):
        answer = browser.post(url("receive", sent.referral.pk), follow=True)
        assert sentence in main(answer)


def test_the_page_says_whether_the_therapist_learns_of_the_answer(browser, sent):
    assert "cannot read it yet" in main(browser.get(url("triage", sent.referral.pk)))
    sent.active(out_categories=[C.SCHEDULE])
    assert "cannot read it yet" in main(browser.get(url("triage", sent.referral.pk)))
    sent.active(out_categories=[C.READINESS])
    assert "The therapist can read it" in main(browser.get(url("triage", sent.referral.pk)))


def test_what_comes_next_is_a_prescribers(client, cast, sent):
    sent.accept()
    opening = reverse("care:open", args=[sent.referral.pk])
    for who, there in (("coordinator", False), ("prescriber", True)):
        client.force_login(getattr(cast, who))
        assert (opening in main(client.get(url("triage", sent.referral.pk)))) == there
    episode = sent.open()
    page = main(client.get(url("triage", sent.referral.pk)))
    assert reverse("care:case", args=[episode.pk]) in page
    assert Verb.BEGIN not in page


def test_an_old_wait_is_marked(browser, sent):
    Referral.objects.update(submitted_at=timezone.now() - timedelta(days=9))
    assert "kc-status--attention" in main(browser.get(url("queue")))
