"""A consent to treatment holds from its signature to its end, to the microsecond."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from consent.actions.treatment import (
    decline_consent,
    discard_consent,
    hand_over_consent,
)
from consent.clock import database_now
from consent.enums import AskedHow, RevokedBy
from consent.models import TreatmentConsent
from consent.treatment.standing import NONE_SIGNED, current_consent, in_turn
from consent.treatment.text import as_text
from kapcare.demo.past import consent_in_the_past
from people.formats import day
from tests.consent.treating import holds, second_clinic, unless_refused, why

pytestmark = pytest.mark.usefixtures("referral")

MICROSECOND = timedelta(microseconds=1)


# ------------------------------------------------------------------ does it hold
def test_it_holds_from_its_signature_to_its_end_to_the_microsecond(case):
    assert why(case) == NONE_SIGNED
    consent = case.consent_to_treatment(days_ago=400)
    first, end = consent.signed_at, consent.until
    assert [holds(case, at) for at in (first - MICROSECOND, first)] == [None, consent]
    assert [holds(case, at) for at in (end - MICROSECOND, end)] == [consent, None]
    assert why(case, first - MICROSECOND) == NONE_SIGNED
    last_day = day(end - MICROSECOND)
    assert why(case, end) == f"The informed consent to treatment lapsed after {last_day}."


def test_it_lapses_at_the_clinics_midnight(case):
    consent = case.prepare_consent(last_day=case.cast.clinic.today + timedelta(days=30))
    assert timezone.localtime(consent.until).strftime("%H:%M") == "00:00"
    assert timezone.localdate(consent.until) == case.cast.clinic.today + timedelta(days=31)


def test_withdrawn_it_holds_no_more_from_that_moment(case):
    consent = case.withdraw_consent(case.consent_to_treatment())
    end = consent.revoked_at
    assert [holds(case, at) for at in (end - MICROSECOND, end)] == [consent, None]
    assert "was withdrawn on" in why(case)
    assert case.withdraw_consent(consent).revoked_at == end
    assert AuditEvent.objects.filter(event="treatment_consent.withdrawn").count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"asked_how": AskedHow.OWN_PAGE}, "asked_how"),
        ({"asked_by": RevokedBy.CLINIC}, "asked_by"),
        ({"asked_by": ""}, "asked_by"),
    ],
)
def test_the_clinic_notes_whose_word_it_was_and_withdraws_nothing_itself(case, change, field):
    consent = case.consent_to_treatment()
    with pytest.raises(ValidationError) as refused:
        case.withdraw_consent(consent, **change)
    assert list(refused.value.error_dict) == [field]
    whole = {
        "revoked_at": timezone.now(),
        "revoked_by": case.cast.nurse,
        "revocation_asked_by": RevokedBy.CLIENT,
        "revocation_asked_how": AskedHow.PHONE,
        "revocation_reason": "x",
    }
    one = TreatmentConsent.objects.filter(pk=consent.pk)
    for broken in ({"revocation_asked_by": RevokedBy.CLINIC}, {"revocation_reason": ""}):
        unless_refused(lambda broken=broken: one.update(**{**whole, **broken}))


def test_only_what_is_signed_is_withdrawn(case):
    consent = case.prepare_consent()
    with pytest.raises(ValidationError, match="not signed"):
        case.withdraw_consent(consent)
    one = TreatmentConsent.objects.filter(pk=consent.pk)
    whole = {"revoked_at": timezone.now(), "revoked_by": case.cast.nurse}
    asked = {"revocation_asked_by": "client", "revocation_asked_how": "phone"}
    unless_refused(lambda: one.update(**whole, **asked, revocation_reason="x"))


def test_a_later_answer_never_lets_an_earlier_one_come_back(case):
    older = case.consent_to_treatment(days_ago=30)
    newer = case.consent_to_treatment()
    assert holds(case) == newer
    case.withdraw_consent(newer)
    assert holds(case) is None
    third = case.consent_to_treatment()
    no = case.prepare_consent()
    assert holds(case) == third  # what waits changes nothing
    no = decline_consent(link=hand_over_consent(by=case.cast.nurse, consent=no))
    assert holds(case) is None
    assert "did not agree" in why(case)
    assert holds(case, no.declined_at - MICROSECOND) == third
    rows = in_turn(list(TreatmentConsent.objects.all()), database_now())
    assert [(c, s.value) for c, s in rows] == [
        (no, "declined"),
        (third, "replaced"),
        (newer, "withdrawn"),
        (older, "replaced"),
    ]


def test_one_that_is_put_away_changes_nothing(case):
    held = case.consent_to_treatment(days_ago=1)
    discard_consent(by=case.cast.nurse, consent=case.prepare_consent())
    assert holds(case) == held


def test_it_holds_for_one_client_at_one_clinic(case, cast):
    case.consent_to_treatment()
    at = database_now()
    other = {"client_id": case.client.pk, "clinic_id": second_clinic().pk, "at": at}
    assert current_consent(**other) is None
    assert current_consent(client_id=case.client.pk + 1, clinic_id=cast.clinic.pk, at=at) is None


def test_the_past_of_the_samples_is_signed_like_any_other(case):
    consent = consent_in_the_past(
        client=case.client,
        clinic=case.cast.clinic,
        by=case.cast.nurse,
        explained_by=case.cast.prescriber,
        signed_at=database_now() - timedelta(days=3),
    )
    assert consent.text == as_text(consent)
    assert holds(case) == consent


def test_asking_takes_one_query(case, django_assert_num_queries):
    case.consent_to_treatment()
    with django_assert_num_queries(1):
        assert holds(case, timezone.now())
