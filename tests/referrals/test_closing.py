"""How a referral ends: withdrawn with a reason, taken back as an error, taken up again."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from audit.models import AuditEvent
from consent.access import Reader
from consent.disclosure import disclose
from consent.enums import Category as C
from consent.enums import Channel
from consent.models import Disclosure
from people.models import Registration
from referrals.actions.closing import cancel_referral, mark_in_error, reopen_referral
from referrals.actions.drafting import missing_parts, save_fields, save_identity, submit_referral
from referrals.actions.triage import ask_for_information, decline_referral
from referrals.enums import ContextKind, ErrorReason, ReferralState, Verb
from referrals.models import Closing, ContextItem, Referral, Reopening
from referrals.signals import referral_moved
from tests.factories import LAST_NAME, REASON, SENT, identity
from tests.refusing import database_refuses

pytestmark = pytest.mark.django_db
S = ReferralState


def url(name: str, *args) -> str:
    return reverse(f"referrals:{name}", args=args)


def words(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def sent(case, referral):
    return case


@pytest.fixture
def browser(signed_in, therapist):
    return signed_in(therapist)


def withdraw(case, **changes) -> Referral:
    fields = {"by": case.referrer, "reason": "elsewhere", **changes}
    case.referral = cancel_referral(referral=case.referral, **fields)
    return case.referral


def take_back(case, **changes) -> Referral:
    fields = {"by": case.referrer, "reason": ErrorReason.WRONG_CLIENT, **changes}
    case.referral = mark_in_error(referral=case.referral, **fields)
    return case.referral


def take_up(case, **changes) -> Referral:
    fields = {"by": case.referrer, "note": "He wants to try again.", "form_key": uuid4()}
    return reopen_referral(referral=case.referral, **{**fields, **changes})


# ------------------------------------------------------------------ withdrawn
def test_withdrawing_needs_a_reason_and_keeps_it_once(sent):
    for changes in ({"reason": ""}, {"reason": "wrong_client"}, {"reason": "other"}):
        with pytest.raises(ValidationError), transaction.atomic():
            withdraw(sent, **changes)
    withdraw(sent, text="Zqwhy")
    closing = Closing.unscoped.get()
    assert (closing.reason, closing.text, closing.category) == ("elsewhere", "Zqwhy", "readiness")
    with pytest.raises(PermissionDenied):
        withdraw(sent)


def test_the_clinic_reads_why_only_where_a_release_opens_it(sent, signed_in, cast):
    withdraw(sent, text="Zqwhy")
    page = words(signed_in(cast.coordinator).get(url("triage", sent.referral.pk)))
    assert "Withdrawn by the practice" in page
    assert "Zqwhy" not in page
    assert "treated elsewhere" not in page
    sent.active(in_categories=[C.READINESS])
    page = words(signed_in(cast.coordinator).get(url("triage", sent.referral.pk)))
    assert "Zqwhy" in page
    assert "treated elsewhere" in page


def test_the_practice_reads_its_own_reason(sent, browser):
    withdraw(sent, text="Zqwhy")
    page = words(browser.get(url("detail", sent.referral.pk)))
    assert "You withdrew it: the client is treated elsewhere" in page


def test_a_reason_that_is_no_reason_is_refused_by_the_database(sent):
    usual = {
        "client": sent.client,
        "category": C.READINESS,
        "author_organization": sent.cast.practice,
        "author": sent.referrer,
        "referral": sent.referral,
        "reason": "elsewhere",
    }
    for wrong in ({"reason": "x"}, {"author": None}, {"category": C.RISK}, {"reason": "stale"}):
        database_refuses(lambda wrong=wrong: Closing.unscoped.create(**{**usual, **wrong}))
    # time closes nothing in which the clinic's answer is due
    by_time = {**usual, "reason": "stale", "author": None}
    database_refuses(lambda: Closing.unscoped.create(**by_time))


# ------------------------------------------------------------------ entered in error
def test_what_was_entered_in_error_opens_nothing_but_that(sent, signed_in, cast):
    sent.active(in_categories=[C.HISTORY, C.READINESS])
    coordinator = signed_in(cast.coordinator)
    assert SENT[ContextKind.HISTORY] in words(coordinator.get(url("triage", sent.referral.pk)))
    take_back(sent, text="Zqtheother")
    for address in (
        url("triage", sent.referral.pk),
        url("queue"),
        url("queue") + "?state=in_error",
    ):
        page = words(coordinator.get(address)).lower()
        for canary in (LAST_NAME, REASON, "Zqtheother", *SENT.values(), "wrong client"):
            assert canary.lower() not in page, (address, canary)
    assert "was entered in error" in words(coordinator.get(url("triage", sent.referral.pk)))
    assert sent.referral.reference in words(coordinator.get(url("queue") + "?state=in_error"))
    for name in ("accept", "receive", "packet"):
        assert coordinator.post(url(name, sent.referral.pk)).status_code == 404
    assert Disclosure.objects.count() == 1


def test_the_door_empties_what_was_entered_in_error(sent, cast):
    """Even where somebody asks it for those very items."""
    sent.active(in_categories=[C.HISTORY, C.READINESS])
    take_back(sent, text="Zqtheother")
    found = disclose(
        to=Reader.of(cast.coordinator),
        about={sent.client.pk},
        kinds={ContextItem: Q(), Closing: Q()},
        channel=Channel.PAGE,
    )
    assert {item.text + item.answer for item in found.of(ContextItem)} == {""}
    assert {item.text + item.reason for item in found.of(Closing)} == {""}


def test_the_clinic_forgets_whom_it_has_nothing_else_of(sent, cast):
    at_clinic = Registration.objects.filter(client=sent.client, organization=cast.clinic)
    assert at_clinic.exists()
    take_back(sent)
    assert not at_clinic.exists()


def test_the_clinic_keeps_the_record_of_what_it_read(sent, signed_in, cast):
    sent.active(in_categories=[C.HISTORY])
    signed_in(cast.coordinator).get(url("triage", sent.referral.pk))
    take_back(sent)
    assert Registration.objects.filter(client=sent.client, organization=cast.clinic).exists()
    assert Disclosure.objects.count() == 1


@pytest.mark.parametrize("by_role", [False, True])
def test_others_on_the_case_lose_it_too(sent, cast, by_role):
    role = {"recipients": [], "roles": [(cast.primary_care, "physician")]}
    sent.active(**role if by_role else {"recipients": [cast.physician]})
    assert Referral.objects.open_to(cast.physician).exists()
    take_back(sent)
    assert not Referral.objects.open_to(cast.physician).exists()
    assert Referral.objects.open_to(cast.therapist).get() == sent.referral


def test_the_answer_is_the_same_whatever_became_of_it(sent, browser, signed_in, cast):
    """Where care has begun the record stays, the clinic is told, and the practice cannot tell."""
    pages = {}
    for name in ("received", "in care"):
        sent.send()
        if name == "in care":
            sent.accept()
            sent.admit()
        pk = sent.referral.pk
        answer = browser.post(url("in_error", pk), {"reason": "wrong_client"}, follow=True)
        page = words(answer).split("<main")[1].split("</main>")[0]
        pages[name] = page.replace(f"/{pk}/", "").replace(sent.referral.reference, "")
    assert pages["received"] == pages["in care"]
    assert "Entered in error." in pages["in care"]
    sent.referral.refresh_from_db()
    assert sent.referral.state == S.IN_PROGRESS
    page = words(signed_in(cast.coordinator).get(url("triage", sent.referral.pk)))
    assert "The practice says this was entered in error" in page
    assert "wrong client" not in page


def test_marking_twice_is_one_mark_and_a_draft_has_none(sent, case):
    take_back(sent)
    take_back(sent, reason=ErrorReason.BY_MISTAKE)
    assert Closing.unscoped.get().reason == ErrorReason.WRONG_CLIENT
    assert AuditEvent.objects.filter(event="referral.entered_in_error").count() == 1
    case.draft()
    with pytest.raises(ValidationError, match="Discard it"):
        take_back(case)


def test_only_whoever_answers_for_it_may(sent, cast):
    for name, user in cast.everybody().items():
        if name != "therapist":
            for act in (withdraw, take_back, take_up):
                with pytest.raises(PermissionDenied), transaction.atomic():
                    act(sent, by=user)


# ------------------------------------------------------------------ taken up again
def test_a_new_referral_takes_up_a_closed_one(sent):
    old = withdraw(sent)
    key = uuid4()
    new = take_up(sent, form_key=key)
    assert take_up(sent, form_key=key) == new
    assert (new.state, new.client, new.reason) == (S.DRAFT, old.client, REASON)
    assert (new.agreement, new.agreed_on) == ("", None)
    assert [section for section, _ in missing_parts(new)] == ["agreement"]
    texts = (
        ContextItem.unscoped.filter(referral=new).exclude(text="").values_list("text", flat=True)
    )
    assert set(texts) == set(SENT.values())
    assert new.reopening.of == old
    old.refresh_from_db()
    assert old.state == S.CANCELLED
    with pytest.raises(ValidationError, match="takes it up already"):
        take_up(sent)


def test_it_is_sent_with_its_note_and_the_client_stays_as_the_clinic_has_them(
    sent, signed_in, cast
):
    withdraw(sent)
    new = take_up(sent, note="Zqnote: moved to Northfield")
    with pytest.raises(ValidationError, match="has these details"):
        save_identity(by=sent.referrer, referral=new, version=0, identity=identity())
    fields = {"agreement": "verbal", "agreed_on": cast.clinic.today}
    new = save_fields(by=sent.referrer, referral=new, version=0, fields=fields)
    submit_referral(by=sent.referrer, referral=new)
    page = words(signed_in(cast.coordinator).get(url("triage", new.pk)))
    assert "Zqnote: moved to Northfield" in page
    assert sent.referral.reference in page


def test_an_open_one_is_not_taken_up(sent):
    with pytest.raises(PermissionDenied, match="is closed"):
        take_up(sent)
    withdraw(sent)
    with pytest.raises(ValidationError):
        take_up(sent, note="  ")
    other = sent.send()
    places = {"practice": sent.cast.practice, "clinic": sent.cast.clinic}
    draft = Referral.objects.create(client=other.client, referrer=sent.referrer, **places)
    values = {"of": other, "note": "x", "by": sent.referrer}
    database_refuses(lambda: Reopening.objects.create(referral=draft, **values))


def test_a_decline_is_taken_up_only_by_whoever_may_know_of_it(sent, browser, cast):
    decline_referral(by=cast.coordinator, referral=sent.referral, text="", reason="capacity")
    with pytest.raises(PermissionDenied, match="is closed"):
        take_up(sent)
    assert browser.get(url("reopen", sent.referral.pk)).status_code == 404
    sent.active(out_categories=[C.READINESS])
    page = words(browser.get(url("detail", sent.referral.pk)))
    assert "Declined: no place in good time" in page
    answer = browser.post(url("reopen", sent.referral.pk), {"note": "", "form_key": uuid4()})
    assert "Say what has changed since." in words(answer)
    answer = browser.post(url("reopen", sent.referral.pk), {"note": "x", "form_key": uuid4()})
    assert answer.url == url("edit", Reopening.objects.get().referral_id)


# ------------------------------------------------------------------ reasons and signal
def test_a_reason_of_the_clinics_comes_from_the_list(sent, cast):
    about = {"by": cast.coordinator, "referral": sent.referral}
    for action in (ask_for_information, decline_referral):
        with pytest.raises(ValidationError) as refused, transaction.atomic():
            action(**about, text="x", reason="known already")
        assert list(refused.value.message_dict) == ["reason"]


def test_every_move_is_heard_in_its_transaction(sent, cast):
    heard = []

    def listen(sender, referral, verb, by, **kwargs):
        heard.append((referral.state, verb, by, transaction.get_connection().in_atomic_block))

    referral_moved.connect(listen)
    try:
        sent.accept()
        withdraw(sent)
    finally:
        referral_moved.disconnect(listen)
    assert heard == [
        (S.ACCEPTED, Verb.ACCEPT, cast.coordinator, True),
        (S.CANCELLED, Verb.CANCEL, cast.therapist, True),
    ]


# ------------------------------------------------------------------ drafts resume
def test_finish_leads_to_where_one_left_off(case, browser):
    draft = case.draft()
    assert browser.get(url("resume", draft.pk)).url == url("edit", draft.pk) + "#reason"
    assert url("resume", draft.pk) in words(browser.get(reverse("reminders:worklist")))
    case.fill_in()
    assert browser.get(url("resume", draft.pk)).url == url("check", draft.pk)
    submit_referral(by=case.referrer, referral=case.referral)
    assert browser.get(url("resume", draft.pk)).url == url("detail", draft.pk)
