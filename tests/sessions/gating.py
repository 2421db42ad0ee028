"""A dose with its gates open, or all but some."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from consent.models import TreatmentConsent
from sessions.actions import before_dose
from sessions.actions.gates import override_gate
from sessions.actions.giving import give_dose
from sessions.enums.gates import Gate, PreDoseItem
from sessions.gates import GateFacts
from tests.builder import entered_before

HOUR = timedelta(hours=1)
TREATING = {"prescriber", "nurse", "kaptherapist"}
FACTS = {
    Gate.CLEARANCE: "clearance",
    Gate.CONSENT: "consent",
    Gate.IDENTITY: "identity",
    Gate.CHECKS: "checks",
    Gate.ESCORT: "escort_plan",
}


def open_gates(case, dosing, without=()):
    """What each gate asks for, but for those in `without`; the order. All before the dose."""
    with entered_before(dosing.planned_at):
        return open_gates_now(case, dosing, without)


def open_gates_now(case, dosing, without=()):
    nurse, born = case.cast.nurse, case.client.date_of_birth
    about = {"by": nurse, "dosing": dosing}
    if Gate.CLEARANCE in without:
        case.clear(result="deferred", conditions="")
    if Gate.CONSENT in without:
        case.withdraw_consent(TreatmentConsent.objects.get(client=case.client))
    if Gate.IDENTITY not in without:
        before_dose.confirm_identity(**about, form_key=uuid4(), date_of_birth=born)
    if Gate.CHECKS not in without:
        before_dose.record_checks(
            **about,
            form_key=uuid4(),
            weight_kg=Decimal(70),
            answers=dict.fromkeys(PreDoseItem, True),
        )
    if Gate.ESCORT not in without:
        before_dose.plan_escort(**about, form_key=uuid4(), name="Sister", reached_by="555 0100")
    return order(case, dosing)


def order(case, dosing, mg=50):
    return before_dose.order_dose(
        by=case.cast.prescriber, dosing=dosing, form_key=uuid4(), route="im", dose_mg=Decimal(mg)
    )


def give(case, dosing, order, at=None):
    given_at = at or timezone.now() - HOUR
    return give_dose(by=case.cast.nurse, dosing=dosing, order=order, given_at=given_at)


def lift(case, dosing, gate, reason="He has waited three weeks.", by=None):
    return override_gate(by=by or case.cast.prescriber, dosing=dosing, gate=gate, reason=reason)


def given_by_hand(case, dosing, ordered, **changes):
    """The row as somebody at a shell would write it."""
    facts, now = GateFacts.of(dosing, timezone.now()), timezone.now()
    return {
        "given_at": now,
        "given_by": case.cast.nurse,
        "given_on": now.date(),
        "recorded_at": now,
        "order": ordered,
        "route": "im",
        "dose_mg": 50,
        "weight_kg": 70,
        "clearance": facts.clearance,
        "consent": facts.consent.consent,
        "identity": facts.identity,
        "checks": facts.checks,
        "escort_plan": facts.escort,
        **changes,
    }


def refused_by_the_database(rows, **values):
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**values)
