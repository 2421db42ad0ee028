"""Clinical staff prepare a consent to treatment; it says all that informs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import AuditEvent
from consent.actions.treatment import (
    discard_consent,
    hand_over_consent,
    make_consent_link,
)
from consent.clock import database_now
from consent.documents.text import sha256
from consent.enums import Method, TreatmentState
from consent.models import TreatmentConsent
from consent.treatment.text import as_text
from people.enums import Role
from people.formats import day
from tests.consent.treating import holds, plan, second_clinic, unless_refused
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("referral")

STAFF = ("prescriber", "nurse", "kaptherapist", "coordinator")
OTHERS = ("administrator", "therapist", "physician", "superuser")


# ------------------------------------------------------------------ preparing
@pytest.mark.parametrize("name", STAFF)
def test_clinical_staff_prepare_and_present_it(case, name):
    by = getattr(case.cast, name)
    consent = case.prepare_consent(by=by)
    assert consent.state(database_now()) == TreatmentState.AWAITING
    assert hand_over_consent(by=by, consent=consent).on_screen
    assert AuditEvent.objects.filter(event="treatment_consent.prepared", actor_id=by.pk).exists()


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_prepares_presents_puts_away_or_withdraws_it(case, name):
    by, consent = getattr(case.cast, name), case.prepare_consent()
    for act in (
        lambda: case.prepare_consent(by=by),
        lambda: hand_over_consent(by=by, consent=consent),
        lambda: make_consent_link(by=by, consent=consent),
        lambda: discard_consent(by=by, consent=consent),
        lambda: case.withdraw_consent(consent, by=by),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_the_same_form_twice_prepares_one(case):
    key = uuid4()
    assert case.prepare_consent(form_key=key) == case.prepare_consent(form_key=key)
    assert TreatmentConsent.objects.count() == 1


def test_one_waits_at_a_time(case):
    first = case.prepare_consent()
    with pytest.raises(ValidationError, match="waits for the client’s answer"):
        case.prepare_consent()
    discard_consent(by=case.cast.nurse, consent=first)
    second = case.prepare_consent()
    unless_refused(lambda: TreatmentConsent.objects.create(**plan(second)))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"last_day": 0}, "last_day"),
        ({"explained_on": 1}, "explained_on"),
        ({"explained_by": "nurse"}, "explained_by"),
        ({"explained_by": "therapist"}, "explained_by"),
    ],
)
def test_what_is_wrong_is_refused_beside_its_field(case, change, field):
    ((name, value),) = change.items()
    if isinstance(value, int):
        value = case.cast.clinic.today + timedelta(days=value)
    else:
        value = getattr(case.cast, value)
    with pytest.raises(ValidationError) as refused:
        case.prepare_consent(**{name: value})
    assert list(refused.value.error_dict) == [field]
    assert not TreatmentConsent.objects.exists()


def test_only_for_a_client_of_the_clinic(case, cast):
    elsewhere = make_user("Nan Newcomer", Role.NURSE, second_clinic())
    with pytest.raises(ValidationError, match="not been referred"):
        case.prepare_consent(by=elsewhere, clinic=elsewhere.membership.organization)
    with pytest.raises(PermissionDenied):
        case.prepare_consent(by=elsewhere)


def test_the_database_wants_a_prescriber_of_the_clinic_to_have_explained_it(case):
    consent = discard_consent(by=case.cast.nurse, consent=case.prepare_consent())
    for other in (case.cast.nurse, case.cast.therapist):
        unless_refused(
            lambda other=other: TreatmentConsent.objects.create(**plan(consent, explained_by=other))
        )


# ------------------------------------------------------------------ the text
def test_the_text_says_all_that_informs_and_nothing_of_sharing(case):
    consent = case.prepare_consent()
    text = as_text(consent)
    for said in (
        case.client.full_name,
        "Risks and side effects",
        "What may get better",
        "What else you could do",
        "no treatment",
        "off-label",
        "Do not drive",
        "stop at any moment",
        f"The talk with {case.cast.prescriber} was on {day(consent.explained_on)}",
        day(case.cast.clinic.today + timedelta(days=365)),
        case.cast.clinic.phone,
    ):
        assert said in text, said
    release = case.unsigned()
    for never in ("share", "recipient", "release", release.number):
        assert never not in text.lower(), never


def test_what_is_signed_is_kept_exactly_and_sealed(case):
    consent = case.prepare_consent()
    shown = as_text(consent)
    consent = case.sign_consent(consent)
    assert consent.text == shown
    assert consent.text_sha256 == sha256(shown)
    assert (consent.method, consent.presented_by) == (Method.SCREEN, case.cast.nurse)
    event = AuditEvent.objects.get(event="treatment_consent.signed")
    assert event.detail["text_sha256"] == consent.text_sha256
    assert not {case.client.last_name, case.client.first_name} & set(str(event.detail).split())


def test_a_text_that_was_not_on_the_screen_is_not_signed(case):
    consent = case.prepare_consent()
    with pytest.raises(ValidationError, match="The text has changed"):
        case.sign_consent(consent, shown_sha256=sha256("another"))
    assert not holds(case)
