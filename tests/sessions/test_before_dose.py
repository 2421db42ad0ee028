"""What the gates ask for is recorded once, by those who may, and an order within what can be."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from sessions.actions import before_dose
from sessions.enums.gates import Gate, PreDoseItem
from sessions.gates import GateFacts, standings
from sessions.models import EscortPlan, IdentityCheck, PreDoseCheck
from tests.sessions.gating import (
    TREATING,
    give,
    lift,
    open_gates,
    order,
)

pytestmark = pytest.mark.django_db

# ---------------------------------------------------------------- recording what they ask for


def test_somebody_elses_date_of_birth_is_refused_and_the_refusal_kept(case, planned):
    wrong = case.client.date_of_birth + timedelta(days=1)
    about = {"by": case.cast.nurse, "dosing": planned, "form_key": uuid4()}
    with pytest.raises(ValidationError) as error:
        before_dose.confirm_identity(**about, date_of_birth=wrong)
    assert list(error.value.error_dict) == ["date_of_birth"]
    assert AuditEvent.objects.get(event="identity.refused").client_id == case.client.pk
    row = {"dosing": planned, "recorded_by": case.cast.nurse, "date_of_birth": wrong}
    with pytest.raises(DatabaseError), transaction.atomic():
        IdentityCheck.objects.create(**row)


def test_every_question_is_answered_and_a_no_explained(case, planned):
    about = {"by": case.cast.nurse, "dosing": planned, "weight_kg": Decimal(70)}
    yes = dict.fromkeys(PreDoseItem, True)
    missing = {**yes, PreDoseItem.SOBER: None}
    for answers, field in ((missing, "sober"), ({**yes, PreDoseItem.FASTED: False}, "concern")):
        with pytest.raises(ValidationError) as error:
            before_dose.record_checks(**about, form_key=uuid4(), answers=answers)
        assert list(error.value.error_dict) == [field]
    before_dose.record_checks(
        **about,
        form_key=uuid4(),
        answers={**yes, PreDoseItem.FASTED: False},
        concern="Breakfast at nine.",
    )
    standing = {
        s.gate: s
        for s in standings(
            GateFacts.of(planned, timezone.now()), timezone.now(), case.cast.clinic.today
        )
    }
    assert not standing[Gate.CHECKS].is_open
    assert "Breakfast at nine" in standing[Gate.CHECKS].text
    before_dose.record_checks(**about, form_key=uuid4(), answers=yes)
    facts = GateFacts.of(planned, timezone.now())
    assert {s.gate: s for s in standings(facts, timezone.now(), case.cast.clinic.today)}[
        Gate.CHECKS
    ].is_open


def test_a_strong_warning_is_answered_before_the_order_is_kept(case, planned):
    """By the action itself, whatever the page asked; where nothing is strong, nothing is kept."""
    about = {"by": case.cast.prescriber, "dosing": planned, "route": "iv"}

    def ordering(mg, despite):
        return before_dose.order_dose(
            **about, form_key=uuid4(), dose_mg=Decimal(mg), despite=despite
        )

    with pytest.raises(ValidationError) as error:
        ordering(70, " ")
    assert list(error.value.error_dict) == ["despite"]
    assert ordering(70, "In theatre.").despite == "In theatre."
    assert ordering(35, "In theatre.").despite == ""


@pytest.mark.parametrize("mg", [0, -5, 5000, Decimal("1000.01"), Decimal("0.001")])
def test_an_impossible_order_is_refused_beside_its_field(case, planned, mg):
    with pytest.raises(ValidationError) as error:
        order(case, planned, mg=mg)
    assert list(error.value.error_dict) == ["dose_mg"]


@pytest.mark.parametrize("mg", [Decimal("NaN"), Decimal("Infinity")])
def test_an_order_that_is_no_number_is_refused(case, planned, mg):
    with pytest.raises((ValidationError, ArithmeticError)):
        order(case, planned, mg=mg)


@pytest.mark.parametrize("kg", [0, -70, 7, 700])
def test_an_impossible_weight_is_refused(case, planned, kg):
    with pytest.raises(ValidationError):
        case.make_ready(planned, weight_kg=Decimal(kg))
    with pytest.raises(DatabaseError), transaction.atomic():
        PreDoseCheck.objects.create(
            dosing=planned, recorded_by=case.cast.nurse, weight_kg=Decimal(kg)
        )


def test_one_form_is_one_row_and_nothing_is_added_once_the_dose_is_given(case, planned):
    key, nurse = uuid4(), case.cast.nurse
    words = {"name": "Sister", "reached_by": "555 0100"}
    for _ in range(2):
        before_dose.plan_escort(by=nurse, dosing=planned, form_key=key, **words)
    assert EscortPlan.objects.count() == 1
    give(case, planned, open_gates(case, planned))
    for act in (
        lambda: order(case, planned),
        lambda: open_gates(case, planned, without=Gate),
        lambda: before_dose.plan_escort(by=nurse, dosing=planned, form_key=uuid4(), **words),
        lambda: lift(case, planned, Gate.ESCORT),
    ):
        with pytest.raises(ValidationError, match="This dose was given"):
            act()


def test_who_records_what(case, planned):
    everybody = case.cast.everybody()
    born, words = case.client.date_of_birth, {"name": "Sister", "reached_by": "555"}
    acts = {
        "order": lambda by: before_dose.order_dose(
            by=by, dosing=planned, form_key=uuid4(), route="im", dose_mg=Decimal(50)
        ),
        "identity": lambda by: before_dose.confirm_identity(
            by=by, dosing=planned, form_key=uuid4(), date_of_birth=born
        ),
        "checks": lambda by: before_dose.record_checks(
            by=by,
            dosing=planned,
            form_key=uuid4(),
            weight_kg=Decimal(70),
            answers=dict.fromkeys(PreDoseItem, True),
        ),
        "escort": lambda by: before_dose.plan_escort(
            by=by, dosing=planned, form_key=uuid4(), **words
        ),
        "lift": lambda by: lift(case, planned, Gate.CLEARANCE, by=by),
    }
    allowed = {
        "order": {"prescriber"},
        "lift": {"prescriber"},
        "identity": TREATING,
        "checks": TREATING,
        "escort": TREATING | {"coordinator"},
    }
    for name, act in acts.items():
        for who, user in everybody.items():
            if who not in allowed[name]:
                with pytest.raises(PermissionDenied):
                    act(user)
    for who in TREATING:
        acts["checks"](everybody[who])
    acts["escort"](everybody["coordinator"])
