"""The moves of a referral: who may make which, in which state, and of two only one."""

import threading
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from audit.models import AuditEvent
from referrals.actions import closing, drafting, triage
from referrals.actions.states import move
from referrals.enums import ReferralState, Verb
from referrals.models import ClinicReply, Referral
from referrals.permissions import user_can_do
from referrals.transitions import possible

S, V = ReferralState, Verb
CLINIC_VERBS = {V.RECEIVE, V.ASK, V.ACCEPT, V.DECLINE, V.BEGIN}


def actions_of(case):
    """verb: what does it, for everything but drafting."""
    text = {"text": "because"}
    return {
        V.RECEIVE: lambda by: triage.receive_referral(by=by, referral=case.referral),
        V.ASK: lambda by: triage.ask_for_information(by=by, referral=case.referral, **text),
        V.ACCEPT: lambda by: triage.accept_referral(by=by, referral=case.referral),
        V.DECLINE: lambda by: triage.decline_referral(by=by, referral=case.referral, **text),
        V.ANSWER: lambda by: drafting.answer_clinic(by=by, referral=case.referral, **text),
        V.CANCEL: lambda by: closing.cancel_referral(
            by=by, referral=case.referral, reason="elsewhere"
        ),
        V.BEGIN: lambda by: move(by=by, referral=case.referral, verb=V.BEGIN),
    }


def test_who_may_make_which_move_in_which_state(case, referral):
    """The whole table: everybody × every verb × every state, done for real and taken back."""
    triagers = {"coordinator", "prescriber"}
    allowed = {verb: triagers for verb in CLINIC_VERBS} | {V.BEGIN: {"prescriber"}}
    allowed |= {V.ANSWER: {"therapist"}, V.CANCEL: {"therapist"}}
    people = case.cast.everybody()
    for state, (verb, action) in product(set(S) - {S.DRAFT}, actions_of(case).items()):
        Referral.objects.update(state=state)
        case.referral.refresh_from_db()
        for name, user in people.items():
            may = name in allowed[verb] and possible(state, verb)
            assert user_can_do(user, case.referral, verb) is may, (state, verb, name)
            try:
                with transaction.atomic():
                    action(user)
                    done = True
                    transaction.set_rollback(True)
            except PermissionDenied:
                done = False
            case.referral.refresh_from_db()
            assert done is may, (state, verb, name)


def test_each_move_leaves_an_event_with_who_did_it(case, referral):
    triage.receive_referral(by=case.cast.coordinator, referral=referral)
    event = AuditEvent.objects.get(event="referral.received")
    assert (event.actor_id, event.client_id) == (case.cast.coordinator.pk, case.client.pk)
    assert event.subject == f"referrals.referral:{referral.pk}"


def test_asking_and_declining_need_words(case, referral):
    for action in (triage.ask_for_information, triage.decline_referral):
        with pytest.raises(ValidationError) as refused:
            action(by=case.cast.coordinator, referral=referral, text="  ")
        assert list(refused.value.message_dict) == ["text"]
    referral.refresh_from_db()
    assert referral.state == S.REQUESTED


def test_how_the_clinic_answered_is_a_readiness_item(case, referral):
    case.accept()
    reply = ClinicReply.unscoped.get()
    assert (reply.category, reply.author_organization) == ("readiness", case.cast.clinic)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClinicReply.unscoped.bulk_create(
            [
                ClinicReply(
                    client=case.client,
                    category="schedule",
                    author_organization=case.cast.clinic,
                    author=case.cast.coordinator,
                    referral=referral,
                    kind="accepted",
                )
            ]
        )


def test_a_move_seen_too_late_changes_nothing(case, referral):
    """Both read "requested"; the second update finds no row."""
    stale = Referral.objects.get(pk=referral.pk)
    case.accept()
    with pytest.raises(ValidationError, match="a moment ago"):
        triage.decline_referral(by=case.cast.prescriber, referral=stale, text="no")
    referral.refresh_from_db()
    assert referral.state == S.ACCEPTED
    assert ClinicReply.unscoped.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_in_the_same_moment_one_does(cast, case):
    begin, won, lost = threading.Barrier(8), [], []

    def accept(referral):
        try:
            begin.wait(10)
            triage.accept_referral(by=cast.coordinator, referral=referral)
            won.append(1)
        except (ValidationError, PermissionDenied):
            lost.append(1)
        finally:
            connection.close()

    case.send()
    copies = [Referral.objects.get(pk=case.referral.pk) for _ in range(8)]
    threads = [threading.Thread(target=accept, args=[copy]) for copy in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(won), len(lost)) == (1, 7)
    assert ClinicReply.unscoped.count() == 1
    assert AuditEvent.objects.filter(event="referral.accepted").count() == 1
