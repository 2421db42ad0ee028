"""A prescriber lifts a gate and answers for it; somebody else reviews it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from sessions.actions.gates import review_override
from sessions.enums.gates import Gate
from sessions.models import GateOverride
from tests.sessions.gating import HOUR, give, lift, open_gates

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(case, episode):
    return case.plan(timezone.now() - HOUR)


def test_only_a_shut_gate_is_lifted_with_a_reason_and_once(case, planned):
    with pytest.raises(ValidationError, match="nothing to lift"):
        lift(case, planned, Gate.CLEARANCE)
    with pytest.raises(ValidationError) as error:
        lift(case, planned, Gate.ESCORT, reason=" ")
    assert list(error.value.error_dict) == ["reason"]
    row = lift(case, planned, Gate.ESCORT)
    assert lift(case, planned, Gate.ESCORT, reason="Another.") == row
    assert (row.reason, row.stood_at) == ("He has waited three weeks.", "nobody is named")
    give(case, planned, open_gates(case, planned, without={Gate.ESCORT}))
    with pytest.raises(DatabaseError), transaction.atomic():
        GateOverride.objects.create(
            dosing=planned, gate="checks", reason="late", overridden_by=case.cast.prescriber
        )


def test_somebody_else_reviews_it_in_words_and_once(case, planned):
    row = lift(case, planned, Gate.ESCORT)
    for by in (case.cast.prescriber, case.cast.coordinator, case.cast.administrator):
        with pytest.raises(PermissionDenied):
            review_override(by=by, override=row, finding="Fine.")
    with pytest.raises(ValidationError):
        review_override(by=case.cast.nurse, override=row, finding="  ")
    first = review_override(by=case.cast.nurse, override=row, finding="A neighbour came.")
    again = review_override(by=case.cast.kaptherapist, override=row, finding="Another.")
    assert again == first
    assert AuditEvent.objects.filter(event="override.reviewed").count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        type(first).objects.create(
            override=lift(case, planned, Gate.CHECKS),
            finding="Mine.",
            reviewed_by=case.cast.prescriber,
        )
