"""Emergency access at the decision: what it opens, to whom, and for how long; no database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consent.access import provisions_in
from consent.decision import Reason, Request, decide
from consent.enums import Category, EmergencyBasis, Sensitivity
from consent.models import EmergencyAccess
from people.enums import Role
from tests.consent.emergencies import MEDICAL, OPENS, THREAT, C
from tests.consent.test_decision import PROVISION
from tests.factories import utc

OPENED_AT, HOUR = utc(2026, 7, 14, 9, 20), timedelta(hours=1)
TICK = timedelta(microseconds=1)
HERE, THERE, ELSEWHERE = 1, 2, 3  # the clinic, the physician's practice, somewhere else


def declared(basis=MEDICAL, **changes) -> EmergencyAccess:
    usual = {
        "pk": 5,
        "client_id": 100,
        "clinic_id": HERE,
        "reader_id": 10,
        "organization_id": THERE,
        "opened_at": OPENED_AT,
    }
    return EmergencyAccess(basis=basis, **{**usual, **changes})


ASKED = Request(
    person=10,
    role=Role.PHYSICIAN,
    organization=THERE,
    client=100,
    category=C.SAFETY,
    sensitivities=frozenset(),
    occurred_at=OPENED_AT - timedelta(days=400),
    author_organization=HERE,
    purpose="coordination",
)
AT_THE_CLINIC = replace(ASKED, organization=HERE, role=Role.NURSE, author_organization=THERE)


def decided(emergency=None, at=OPENED_AT, request=ASKED, **asked):
    return decide(replace(request, **asked), provisions_in(emergency or declared()), at)


def test_it_says_that_it_rests_on_the_emergency_and_on_no_release():
    decision = decided()
    assert (decision.permitted, decision.reason) == (True, Reason.EMERGENCY)
    assert (decision.release, decision.emergency) == (None, 5)


@pytest.mark.parametrize("basis", EmergencyBasis)
def test_the_categories_it_opens_are_these_and_no_others(basis):
    opened = {c for c in Category if decided(declared(basis), category=c).permitted}
    assert opened == OPENS[basis]


def test_substance_use_records_open_in_a_medical_emergency_only():
    named = frozenset({Sensitivity.SUBSTANCE_USE})
    assert decided(declared(MEDICAL), sensitivities=named).permitted
    assert not decided(declared(THREAT), sensitivities=named).permitted


@pytest.mark.parametrize(
    ("after", "permitted"),
    [(-TICK, False), (0 * TICK, True), (HOUR - TICK, True), (HOUR, False), (HOUR + TICK, False)],
)
def test_the_hour_is_half_open_to_the_microsecond(after, permitted):
    assert decided(at=OPENED_AT + after).permitted is permitted


def test_closing_ends_it_to_the_microsecond():
    closed_at = OPENED_AT + timedelta(minutes=20)
    given_back = declared(closed_at=closed_at)
    assert decided(given_back, closed_at - TICK).permitted
    assert not decided(given_back, closed_at).permitted
    assert not decided(given_back, closed_at + TICK).permitted


def test_closing_late_does_not_make_the_hour_longer():
    late = declared(closed_at=OPENED_AT + 2 * HOUR)
    assert not decided(late, OPENED_AT + HOUR).permitted


@pytest.mark.parametrize(
    "asked",
    [
        {"client": 101},
        {"person": 11},
        {"organization": ELSEWHERE},
        {"author_organization": ELSEWHERE},
        {"role": Role.THERAPIST},
        {"role": Role.COORDINATOR},
        {"role": Role.ADMINISTRATOR},
        {"person": 0, "organization": 0, "role": "contact", "contact": 3},
    ],
    ids=str,
)
def test_it_opens_nothing_else(asked):
    assert not decided(**asked).permitted


def test_the_clinic_s_staff_read_what_others_wrote():
    here = declared(organization_id=HERE)
    assert decided(here, request=AT_THE_CLINIC).permitted
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR, Role.KAP_THERAPIST):
        assert not decided(here, request=AT_THE_CLINIC, role=role).permitted


def test_a_threat_opens_nothing_to_a_nurse():
    assert not decided(declared(THREAT, organization_id=HERE), request=AT_THE_CLINIC).permitted


@pytest.mark.parametrize("basis", EmergencyBasis)
def test_what_the_client_declined_opens_too(basis):
    """Neither rule works by consent, so a "no" to sharing is no answer to it."""
    denial = replace(
        PROVISION,
        permits=False,
        client=100,
        organization=THERE,
        categories=frozenset(Category),
        signed_at=OPENED_AT - HOUR,
        valid_from=OPENED_AT - HOUR,
        valid_until=OPENED_AT + 9 * HOUR,
    )
    assert not decide(ASKED, [denial], OPENED_AT).permitted
    assert decide(ASKED, [denial, *provisions_in(declared(basis))], OPENED_AT).permitted
