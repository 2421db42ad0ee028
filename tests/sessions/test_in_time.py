"""A dose stands on what was known at its moment: the newest of each kind, entered in time."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from people.formats import clock, moment
from sessions.actions import before_dose
from sessions.actions.gates import override_gate
from sessions.actions.giving import correct_dose
from sessions.enums.gates import Gate, PreDoseItem
from sessions.gates import AFTERWARDS, GateFacts
from sessions.models import DoseCorrection, DosingSession, GateOverride
from tests.refusing import database_refuses, database_takes
from tests.sessions.gating import give, given_by_hand, open_gates, order

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
YES = dict.fromkeys(PreDoseItem, True)


@pytest.fixture
def planned(case, episode):
    return case.plan(timezone.now() - 30 * MINUTE)


@pytest.fixture
def rows(planned):
    return DosingSession.objects.filter(pk=planned.pk)


# ---------------------------------------------------------------- the newest counts


def newer_clearance(case, planned):
    case.clear(result="deferred", conditions="")


def newer_consent(case, planned):
    case.withdraw_consent(case.consent_to_treatment())


def newer_checks(case, planned):
    answers = {**YES, PreDoseItem.FASTED: False}
    about = {"by": case.cast.nurse, "dosing": planned, "form_key": uuid4()}
    before_dose.record_checks(**about, weight_kg=Decimal(70), answers=answers, concern="Breakfast.")


def newer_identity(case, planned):
    about = {"by": case.cast.nurse, "dosing": planned, "form_key": uuid4()}
    before_dose.confirm_identity(**about, date_of_birth=case.client.date_of_birth)


def newer_escort(case, planned):
    about = {"by": case.cast.nurse, "dosing": planned, "form_key": uuid4()}
    before_dose.plan_escort(**about, name="Brother", reached_by="555 0101")


def newer_order(case, planned):
    order(case, planned, mg=10)


def _checked_again(case, planned):
    about = {"by": case.cast.nurse, "dosing": planned, "form_key": uuid4()}
    before_dose.record_checks(**about, weight_kg=Decimal(70), answers=YES)


ENTER = {
    "order": order,
    Gate.IDENTITY: newer_identity,
    Gate.CHECKS: _checked_again,
    Gate.CLEARANCE: lambda case, planned: case.clear(),
}


@pytest.mark.parametrize(
    "newer",
    [
        newer_clearance,
        newer_consent,
        newer_checks,
        newer_identity,
        newer_escort,
        newer_order,
    ],
)
def test_the_database_takes_no_older_fact_than_the_newest(case, planned, rows, newer):
    older = given_by_hand(case, planned, open_gates(case, planned))
    database_takes(lambda: rows.update(**older))
    newer(case, planned)
    now = timezone.now()
    database_refuses(lambda: rows.update(**{**older, "given_at": now, "recorded_at": now}))


def test_a_consent_declined_since_counts_for_nothing(case, planned, rows):
    row = given_by_hand(case, planned, open_gates(case, planned))
    declined = case.prepare_consent()
    type(declined).objects.filter(pk=declined.pk).update(declined_at=timezone.now())
    now = timezone.now()
    database_refuses(lambda: rows.update(**{**row, "given_at": now, "recorded_at": now}))


def test_a_dose_that_was_given_keeps_what_it_was_given_on(case, planned):
    """A correction is judged by the facts of the dose, whatever was recorded since."""
    given = give(case, planned, open_gates(case, planned), planned.planned_at)
    newer_clearance(case, planned)
    at = given.given_at + MINUTE
    moved = correct_dose(
        by=case.cast.nurse,
        dosing=given,
        form_key=uuid4(),
        given_at=at,
        dose_mg=given.dose_mg,
        reason="misread the clock",
    )
    assert (moved.given_at, moved.clearance) == (at, given.clearance)


def test_what_was_asked_a_day_before_opens_nothing(case, planned, rows):
    ordered = open_gates(case, planned)
    entered = GateFacts.of(planned, timezone.now()).identity.recorded_at
    row = given_by_hand(case, planned, ordered)
    for hours, tried in ((23.9, database_takes), (24.1, database_refuses)):
        at = entered + timedelta(hours=hours)
        day = case.cast.clinic.day_of(at)
        tried(
            lambda at=at, day=day: rows.update(
                **{**row, "given_at": at, "recorded_at": at, "given_on": day}
            )
        )


def test_day_and_record_fit_the_moment(case, planned, rows):
    row = given_by_hand(case, planned, open_gates(case, planned))
    at, day = row["given_at"], timedelta(days=1)
    database_takes(lambda: rows.update(**row))
    for wrong in (
        {"given_on": row["given_on"] + 2 * day},
        {"given_on": row["given_on"] - 2 * day},
        {"recorded_at": at - SECOND},
        {"recorded_at": None},
    ):
        database_refuses(lambda wrong=wrong: rows.update(**{**row, **wrong}))


# ---------------------------------------------------------------- entered in time


@pytest.mark.parametrize("what", ["order", Gate.IDENTITY, Gate.CHECKS, Gate.CLEARANCE])
def test_what_is_entered_after_the_dose_was_no_ground_for_it(case, planned, rows, what):
    """Ten minutes are given, hands first and the tablet second; not a microsecond more."""
    at, late = planned.planned_at, planned.planned_at + AFTERWARDS
    ordered = open_gates(case, planned)
    with time_machine.travel(late, tick=False):
        ENTER[what](case, planned)
    ordered = planned.doseorders.first()
    row = given_by_hand(case, planned, ordered, given_at=at)
    database_takes(lambda: rows.update(**row))
    early = at - timedelta(microseconds=1)
    database_refuses(lambda: rows.update(**{**row, "given_at": at - SECOND}))
    with pytest.raises(ValidationError) as error:
        give(case, planned, ordered, early)
    (sentence,) = error.value.messages
    if what == "order":
        assert sentence == f"The order was entered at {clock(late)}, after the dose."
        assert list(error.value.error_dict) == ["given_at"]
        return
    assert sentence.startswith(f"{what.label}: entered {clock(late)}, after the dose. A prescriber")
    by = case.cast.prescriber
    override_gate(by=by, dosing=planned, gate=what, reason="Hands full.", given_at=early)
    assert GateOverride.objects.get().stood_at == f"entered {clock(late)}, after the dose"
    assert give(case, planned, ordered, early).given_at == early


@pytest.mark.parametrize("what", ["order", Gate.IDENTITY, Gate.CHECKS, Gate.CLEARANCE])
def test_a_dose_is_not_moved_to_before_what_it_stands_on(case, planned, rows, what):
    at = planned.planned_at
    open_gates(case, planned)
    with time_machine.travel(at, tick=False):
        ENTER[what](case, planned)
    given = give(case, planned, planned.doseorders.first(), at)
    sooner = at - AFTERWARDS - SECOND
    said = {"given_at": sooner, "dose_mg": given.dose_mg, "reason": "misread the clock"}
    with pytest.raises(
        ValidationError, match=f"entered (at )?{clock(at)}, after the dose"
    ) as error:
        correct_dose(by=case.cast.nurse, dosing=given, form_key=uuid4(), **said)
    assert list(error.value.error_dict) == ["given_at"]
    was = {"was_given_at": at, "was_mg": given.dose_mg, "recorded_by": case.cast.nurse}
    DoseCorrection.objects.create(dosing=given, **was, **said)
    database_refuses(lambda: rows.update(given_at=sooner))


def test_the_page_says_so_and_a_prescriber_lifts_it(case, planned, signed_in):
    nurses, prescribers = signed_in(case.cast.nurse), signed_in(case.cast.prescriber)
    at = planned.planned_at.replace(second=0, microsecond=0)
    ordered = open_gates(case, planned)
    newer_identity(case, planned)  # half an hour after the dose
    sheet = reverse("care:dosing", args=[planned.pk])
    data = {"given_at": moment(at), "order": ordered.pk}

    def record(browser, **more):
        return browser.post(reverse("care:give", args=[planned.pk]), {**data, **more})

    seen = record(nurses).context["fingerprint"]
    refused = record(prescribers, seen=seen)
    page = refused.content.decode()
    assert page.count(", after the dose") >= 2  # beside the form and among the gates
    assert moment(at) in page
    assert "after the dose" not in prescribers.get(sheet).content.decode()
    lifting = f"{reverse('care:override', args=[planned.pk, 'identity'])}?at="
    link = next(part for part in page.split('"') if part.startswith(lifting))
    assert ", after the dose" in prescribers.get(link).content.decode()
    for other in ("", "?at=never", "?at=2999-01-01T00:00:00%2B00:00"):
        assert prescribers.get(lifting.removesuffix("?at=") + other).status_code == 302
    assert prescribers.post(link, {"reason": "Hands full."}).status_code == 302
    assert record(nurses, seen=seen).status_code == 302
    assert DosingSession.objects.get(pk=planned.pk).given_at == at
