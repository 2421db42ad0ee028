"""The practice's side: a draft is its own, is saved by version, and is sent whole and once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from people.concurrency import ChangedMeanwhile
from people.models import Client, Registration
from referrals.actions import drafting
from referrals.enums import Answer, ContextKind, ReferralState
from referrals.models import ContextItem, Referral
from tests.factories import SENT, identity

S = ReferralState


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
