"""How a referral moves: whose move it is, who may make it, and what the other side learns."""

import threading
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.models import AuditEvent
from people.concurrency import ChangedMeanwhile
from people.models import Client, Registration, User
from referrals.actions import drafting, triage
from referrals.actions.states import move
from referrals.enums import Answer, ContextKind, Mover, ReferralState, Verb
from referrals.models import ClinicReply, ContextItem, Referral
from referrals.permissions import user_can_do
from referrals.transitions import EVENTS, MOVER, TRANSITIONS, outward, possible
from tests.factories import SENT, identity

S, V = ReferralState, Verb
CLINIC_VERBS = {V.RECEIVE, V.ASK, V.ACCEPT, V.DECLINE, V.BEGIN}


# ---------------------------------------------------------------- the table


def test_every_state_has_a_mover_and_every_verb_a_move_and_an_event():
    assert set(MOVER) == set(S)
    assert set(TRANSITIONS) == set(EVENTS) == set(V)
    assert len(set(EVENTS.values())) == len(V)


def test_every_state_can_be_reached_and_whoever_is_to_move_can():
    reached, frontier = {S.DRAFT}, {S.DRAFT}
    while frontier:
        frontier = {
            target for sources, target in TRANSITIONS.values() if sources & reached
        } - reached
        reached |= frontier
    assert reached == set(S)
    for state, mover in MOVER.items():
        verbs = {verb for verb in V if possible(state, verb)}
        theirs = verbs & CLINIC_VERBS if mover is Mover.CLINIC else verbs - CLINIC_VERBS
        assert bool(theirs) == (mover is not Mover.NOBODY), state
        assert mover is not Mover.NOBODY or not verbs, state


def test_no_verb_leads_back_to_where_it_began():
    assert all(target not in sources for sources, target in TRANSITIONS.values())


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        (S.DRAFT, S.DRAFT),
        (S.REQUESTED, S.REQUESTED),
        (S.RECEIVED, S.RECEIVED),
        (S.INFORMATION_ASKED, S.RECEIVED),
        (S.ACCEPTED, S.RECEIVED),
        (S.DECLINED, S.RECEIVED),
        (S.IN_PROGRESS, S.RECEIVED),
        (S.CANCELLED, S.CANCELLED),
    ],
)
def test_without_a_release_the_practice_learns_no_more_than_received(state, seen):
    assert outward(state, readiness_opened=False) == seen
    assert outward(state, readiness_opened=True) == state


# ---------------------------------------------------------------- drafting and sending


def test_sending_names_everything_that_is_missing(case):
    case.draft(phone="", safe_contact="")
    with pytest.raises(ValidationError) as refused:
        drafting.submit_referral(by=case.referrer, referral=case.referral)
    sections = {section for section, _ in drafting.missing_parts(case.referral)}
    assert sections == {"client", "reason", "fit", "collaboration", "agreement"}
    assert len(refused.value.messages) == 6
    case.referral.refresh_from_db()
    assert case.referral.state == S.DRAFT


def test_the_database_itself_refuses_what_was_not_filled_in(case):
    case.draft()
    with pytest.raises(DatabaseError), transaction.atomic():
        Referral.objects.update(state=S.REQUESTED, submitted_at=timezone.now())


def test_sending_twice_sends_once(case, referral):
    again = drafting.submit_referral(by=case.referrer, referral=referral)
    assert again.submitted_at == referral.submitted_at
    assert AuditEvent.objects.filter(event="referral.submitted").count() == 1


def test_the_same_form_twice_is_one_client_and_one_draft(cast):
    key = uuid4()
    for _ in range(2):
        drafting.begin_referral(
            by=cast.therapist, clinic=cast.clinic, form_key=key, identity=identity()
        )
    assert (Referral.objects.count(), Client.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", ["physician", "coordinator", "administrator", "prescriber"])
def test_only_therapists_of_a_practice_refer(cast, name):
    with pytest.raises(PermissionDenied):
        drafting.begin_referral(
            by=getattr(cast, name), clinic=cast.clinic, form_key=uuid4(), identity=identity()
        )
    assert not Client.objects.exists()


def test_a_practice_is_no_place_to_refer_to(cast):
    with pytest.raises(ValidationError) as refused:
        drafting.begin_referral(
            by=cast.therapist, clinic=cast.other_practice, form_key=uuid4(), identity=identity()
        )
    assert list(refused.value.message_dict) == ["clinic"]


def test_a_draft_is_the_practices_own(case):
    referral, cast = case.draft(), case.cast
    for name, user in cast.everybody().items():
        opened = Referral.objects.open_to(user).filter(pk=referral.pk).exists()
        assert opened == (name == "therapist"), name
    assert not Registration.objects.filter(organization=cast.clinic).exists()


def test_sending_registers_the_client_with_the_clinic(case, referral):
    assert Registration.objects.filter(client=case.client, organization=case.cast.clinic).exists()


def test_whoever_saves_second_is_told_and_loses_nothing(case):
    referral = case.draft()
    read = referral.version
    fields = {"reason": "first"}
    drafting.save_fields(by=case.referrer, referral=referral, version=read, fields=fields)
    for save in (
        lambda: drafting.save_fields(
            by=case.referrer, referral=referral, version=read, fields={"reason": "second"}
        ),
        lambda: drafting.save_context(
            by=case.referrer, referral=referral, version=read, answers=SENT
        ),
        lambda: drafting.save_identity(
            by=case.referrer, referral=referral, version=read, identity={"first_name": "Second"}
        ),
    ):
        with pytest.raises(ChangedMeanwhile) as told:
            save()
        assert told.value.current.reason == "first"
    case.client.refresh_from_db()
    assert case.client.first_name == "Robin"
    assert not ContextItem.unscoped.exists()


def test_what_was_sent_is_no_longer_changed(case, referral):
    for attempt in (
        lambda: drafting.save_fields(
            by=case.referrer, referral=referral, version=referral.version, fields={"reason": "x"}
        ),
        lambda: drafting.save_context(
            by=case.referrer, referral=referral, version=referral.version, answers=SENT
        ),
    ):
        with pytest.raises(ValidationError, match="no longer be changed"):
            attempt()


def test_an_agreement_in_the_future_and_an_unknown_choice_are_refused(case):
    referral = case.draft()
    tomorrow = timezone.localdate() + timedelta(days=2)
    for fields in ({"agreed_on": tomorrow}, {"collaboration": "magic"}):
        with pytest.raises(ValidationError) as refused:
            drafting.save_fields(
                by=case.referrer, referral=referral, version=referral.version, fields=fields
            )
        assert list(refused.value.message_dict) == list(fields)
    with pytest.raises(ValidationError):
        drafting.save_context(
            by=case.referrer,
            referral=referral,
            version=referral.version,
            answers={ContextKind.FIT_OPEN: "perhaps"},
        )


def test_context_is_marked_as_substance_use_where_the_writer_says_so(case):
    referral = case.draft()
    drafting.save_context(
        by=case.referrer,
        referral=referral,
        version=referral.version,
        answers={**SENT, ContextKind.FIT_OPEN: Answer.YES},
        substance_use=True,
    )
    marked = {i.kind for i in ContextItem.unscoped.all() if "substance_use" in i.sensitivities}
    assert marked == {"history", "medicines", "risk", "contraindications"}


# ---------------------------------------------------------------- the clinic's answer


def actions_of(case):
    """verb: what does it, for everything but drafting."""
    text = {"text": "because"}
    return {
        V.RECEIVE: lambda by: triage.receive_referral(by=by, referral=case.referral),
        V.ASK: lambda by: triage.ask_for_information(by=by, referral=case.referral, **text),
        V.ACCEPT: lambda by: triage.accept_referral(by=by, referral=case.referral),
        V.DECLINE: lambda by: triage.decline_referral(by=by, referral=case.referral, **text),
        V.ANSWER: lambda by: drafting.answer_clinic(by=by, referral=case.referral, **text),
        V.CANCEL: lambda by: drafting.cancel_referral(by=by, referral=case.referral),
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


# ---------------------------------------------------------------- who is on the case


def on_case(case) -> set[str]:
    people = {n: User.objects.get(pk=u.pk) for n, u in case.cast.everybody().items()}
    return {n for n, user in people.items() if case.referral in Referral.objects.open_to(user)}


STAFF = {"coordinator", "prescriber", "nurse", "kaptherapist", "administrator"}


def test_the_referrer_and_the_clinic_are_on_a_sent_case(case, referral):
    assert on_case(case) == {"therapist"} | STAFF


def test_a_signed_release_puts_its_recipient_on_the_case_and_revoking_takes_them_off(
    case, referral
):
    cast = case.cast
    release = case.active(recipients=[cast.physician, cast.therapist])
    second = case.active(recipients=[cast.physician])
    assert on_case(case) == {"therapist", "physician"} | STAFF
    case.revoke(release)
    assert on_case(case) == {"therapist", "physician"} | STAFF
    case.revoke(second)
    assert on_case(case) == {"therapist"} | STAFF


def test_a_recipient_may_look_and_not_act(case, referral):
    case.active(recipients=[case.cast.physician, case.cast.colleague])
    for user in (case.cast.physician, case.cast.colleague):
        assert Referral.objects.open_to(user, "view_case").exists()
        assert not Referral.objects.open_to(user, "contribute_case").exists()
        assert not Referral.objects.open_to(user, "coordinate_case").exists()
        assert not user_can_do(user, referral, V.CANCEL)


def test_being_a_superuser_opens_nothing(case, referral):
    superuser = case.cast.superuser
    assert superuser.is_superuser
    for permission in ("view_case", "contribute_case", "coordinate_case"):
        assert not Referral.objects.open_to(superuser, permission).exists()
    superuser.memberships.update(ended_at=timezone.now())
    assert not Referral.objects.open_to(User.objects.get(pk=superuser.pk)).exists()


def test_somebody_who_left_opens_nothing_anywhere(case, referral):
    case.active(recipients=[case.cast.physician])
    for user in case.cast.everybody().values():
        user.memberships.update(ended_at=timezone.now())
    assert on_case(case) == set()


def test_a_grant_given_at_one_organisation_does_not_move_to_the_next(case, referral):
    cast = case.cast
    case.active(recipients=[cast.physician])
    for user, role in ((cast.therapist, "therapist"), (cast.physician, "physician")):
        user.memberships.update(ended_at=timezone.now())
        user.memberships.create(organization=cast.other_practice, role=role)
    assert on_case(case) == STAFF
