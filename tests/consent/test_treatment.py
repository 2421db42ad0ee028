"""A consent to treatment is signed whole or not at all, once, and then never changes."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from consent.actions import treatment
from consent.actions.treatment import (
    decline_consent,
    discard_consent,
    hand_over_consent,
    make_consent_link,
    sign_consent,
)
from consent.enums import AskedHow, Signer
from consent.models import TreatmentConsent, TreatmentLink
from tests.consent.treating import holds, plan, signed_fields, unless_refused

pytestmark = pytest.mark.usefixtures("referral")

MICROSECOND = timedelta(microseconds=1)


# ------------------------------------------------------------------ elements of the signature
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"signer_name": ""}, "signer_name"),
        ({"signer_name": "Somebody Else"}, "signer_name"),
        ({"signer": ""}, "signer"),
        ({"signer": Signer.REPRESENTATIVE, "signer_name": "Ann Guardian"}, "signer_authority"),
        ({"electronic_agreed": False}, "electronic_agreed"),
        ({"drawn": [[[1, 1]]]}, "drawn"),
    ],
)
def test_a_signature_that_lacks_an_element_is_refused(case, change, field):
    consent = case.prepare_consent()
    with pytest.raises(ValidationError) as refused:
        case.sign_consent(consent, **change)
    assert field in refused.value.error_dict
    assert not holds(case)


def test_a_witness_is_named_where_one_is_asked_for(case):
    consent = case.prepare_consent(witness_required=True)
    with pytest.raises(ValidationError) as refused:
        case.sign_consent(consent)
    assert list(refused.value.error_dict) == ["witness_name"]
    assert case.sign_consent(consent, witness_name="Wil Witness").witness_name == "Wil Witness"


@pytest.mark.parametrize(
    "lacking",
    [
        {"signer": ""},
        {"signer_name": ""},
        {"signer": Signer.REPRESENTATIVE},
        {"electronic_agreed": False},
        {"method": ""},
        {"method": "paper"},
        {"presented_by": None},
        {"text": ""},
        {"text_sha256": ""},
        {"declined_at": timezone.now()},
        {"discarded_at": timezone.now()},
        {"signed_at": timezone.now() + timedelta(days=400)},  # over before it is signed
    ],
    ids=lambda changes: ", ".join(changes),
)
def test_the_database_itself_signs_nothing_that_lacks_an_element(case, lacking):
    one = TreatmentConsent.objects.filter(pk=case.prepare_consent().pk)
    unless_refused(lambda: one.update(**{**signed_fields(case), **lacking}))
    assert one.update(**signed_fields(case)) == 1


def test_none_is_born_signed_or_declined(case):
    consent = discard_consent(by=case.cast.nurse, consent=case.prepare_consent())
    for answer in (signed_fields(case), {"declined_at": timezone.now()}):
        unless_refused(
            lambda answer=answer: TreatmentConsent.objects.create(**plan(consent), **answer)
        )


# ------------------------------------------------------------------ what never changes
def test_what_was_prepared_is_put_away_and_never_edited(case):
    one = TreatmentConsent.objects.filter(pk=case.prepare_consent().pk)
    later = timezone.now() + timedelta(days=9)
    for change in (
        {"until": later},
        {"explained_on": later.date()},
        {"witness_required": True},
        {"created_at": later - timedelta(days=20)},
        {"created_by": case.cast.prescriber},
    ):
        unless_refused(lambda change=change: one.update(**change))
    unless_refused(one.delete)


def test_nothing_of_a_signed_one_changes_but_its_end_once(case):
    consent = case.consent_to_treatment()
    one = TreatmentConsent.objects.filter(pk=consent.pk)
    changes = signed_fields(case) | {
        "signed_at": consent.signed_at + timedelta(seconds=1),
        "signer_name": "other",
        "signer": Signer.REPRESENTATIVE,
        "signer_authority": "x",
        "method": "link",
        "electronic_agreed": False,
        "presented_by": case.cast.prescriber,
        "drawn": [[[1, 1]]],
        "witness_name": "x",
        "paper_signed_on": timezone.localdate(),
        "declined_at": timezone.now(),
        "discarded_at": timezone.now(),
    }
    for name, value in changes.items():
        unless_refused(lambda name=name, value=value: one.update(**{name: value}))
    case.withdraw_consent(consent)
    for name, value in {
        "revoked_at": None,
        "revoked_by": case.cast.prescriber,
        "revocation_reason": "other",
        "revocation_asked_how": AskedHow.PHONE,
    }.items():
        unless_refused(lambda name=name, value=value: one.update(**{name: value}))


def test_a_no_stays_a_no(case):
    consent = case.prepare_consent()
    decline_consent(link=hand_over_consent(by=case.cast.nurse, consent=consent))
    one = TreatmentConsent.objects.filter(pk=consent.pk)
    unless_refused(lambda: one.update(declined_at=None))
    unless_refused(lambda: one.update(**signed_fields(case), declined_at=None))
    with pytest.raises(ValidationError, match="The client has answered"):
        hand_over_consent(by=case.cast.nurse, consent=consent)


# ------------------------------------------------------------------ links
def test_a_link_is_used_once_and_sent_again_it_gives_the_same_answer(case):
    consent = case.prepare_consent()
    signed = case.sign_consent(consent)
    link = TreatmentLink.objects.get()
    assert link.used_at == signed.signed_at
    again = sign_consent(link=link, signature=None, shown_sha256="")  # type: ignore[arg-type]
    assert again.signed_at == signed.signed_at
    assert decline_consent(link=link).declined_at is None
    assert AuditEvent.objects.filter(event="treatment_consent.signed").count() == 1
    unless_refused(lambda: TreatmentLink.objects.create(**used_link(link)))


def used_link(link) -> dict:
    names = ("consent", "on_screen", "created_by", "expires_at", "used_at")
    return {name: getattr(link, name) for name in names} | {"token_sha256": "another"}


def test_a_new_link_closes_the_one_before(case):
    consent = case.prepare_consent()
    make_consent_link(by=case.cast.nurse, consent=consent)
    old = TreatmentLink.objects.get()
    hand_over_consent(by=case.cast.nurse, consent=consent)
    with pytest.raises(ValidationError, match="no longer be signed here"):
        decline_consent(link=old)


def test_a_link_ends_at_its_microsecond(case, monkeypatch):
    consent = case.prepare_consent()
    link = hand_over_consent(by=case.cast.nurse, consent=consent)
    for shift, ended in ((timedelta(0), True), (-MICROSECOND, False)):
        monkeypatch.setattr(treatment, "database_now", lambda s=shift: link.expires_at + s)
        if ended:
            with pytest.raises(ValidationError, match="no longer be signed here"):
                decline_consent(link=link)
        else:
            assert decline_consent(link=link).declined_at == link.expires_at + shift
