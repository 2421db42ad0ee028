"""No dose without its gates: by the action, by the ORM, and what a prescriber may lift."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from consent.models import TreatmentConsent
from sessions.actions import before_dose
from sessions.actions.gates import override_gate
from sessions.actions.giving import give_dose
from sessions.actions.screening import record_screening
from sessions.enums.gates import Gate, PreDoseItem
from sessions.gates import FRESH, GateFacts, asked_at, standings
from sessions.models import DosingSession, EscortPlan, IdentityCheck, PreDoseCheck
from tests.builder import Builder, entered_before
from tests.refusing import database_takes

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TREATING = {"prescriber", "nurse", "kaptherapist"}
FACTS = {
    Gate.CLEARANCE: "clearance",
    Gate.CONSENT: "consent",
    Gate.IDENTITY: "identity",
    Gate.CHECKS: "checks",
    Gate.ESCORT: "escort_plan",
}


@pytest.fixture
def planned(case, episode):
    return case.plan(timezone.now() - HOUR)


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


# ---------------------------------------------------------------- shut, open, lifted


@pytest.mark.parametrize("gate", Gate)
def test_each_gate_alone_keeps_a_dose_back_until_it_is_lifted(case, planned, gate):
    ordered = open_gates(case, planned, without={gate})
    now = timezone.now()
    with pytest.raises(ValidationError) as error:
        give(case, planned, ordered, now)
    (sentence,) = error.value.messages
    assert sentence.startswith(f"{gate.label}: ")
    rows = DosingSession.objects.filter(pk=planned.pk)
    refused_by_the_database(rows, **given_by_hand(case, planned, ordered))
    lift(case, planned, gate)
    assert give(case, planned, ordered, now).given_at
    names = set(AuditEvent.objects.values_list("event", flat=True))
    assert {"gate.overridden", "dose.given", "order.recorded"} <= names


def test_a_dose_says_on_what_it_was_given(case, planned):
    ordered = open_gates(case, planned)
    given = give(case, planned, ordered)
    facts = GateFacts.of(given, given.given_at)
    assert (given.order, given.identity, given.checks) == (ordered, facts.identity, facts.checks)
    assert (given.clearance, given.escort_plan) == (facts.clearance, facts.escort)
    assert (given.dose_mg, given.route, given.weight_kg) == (50, "im", 70)


@pytest.mark.parametrize("gate", [Gate.CLEARANCE, Gate.IDENTITY, Gate.CHECKS, Gate.ESCORT])
def test_a_fact_of_another_dose_opens_nothing(case, planned, gate):
    """Whoever writes past the action cannot lend a dose what was recorded for another."""
    other = case.plan(timezone.now() - HOUR)
    open_gates(case, other)
    ordered = open_gates(case, planned, without={gate})
    facts = GateFacts.of(other, timezone.now())
    lent = getattr(facts, {"escort_plan": "escort"}.get(FACTS[gate], FACTS[gate]))
    row = given_by_hand(case, planned, ordered, **{FACTS[gate]: lent})
    refused_by_the_database(DosingSession.objects.filter(pk=planned.pk), **row)


def test_a_consent_counts_for_its_client_while_it_holds(case, opened, cast):
    """At its first moment it holds, at the moment it is over or withdrawn it no longer does."""
    held = case.sign_consent(case.prepare_consent())
    planned, tick = case.plan(timezone.now() + HOUR), timedelta(microseconds=1)
    asked_anew = {Gate.IDENTITY, Gate.CHECKS, Gate.CLEARANCE}
    ordered = open_gates(case, planned, without=asked_anew)
    for gate in asked_anew:
        lift(case, planned, gate)
    rows = DosingSession.objects.filter(pk=planned.pk)
    row = given_by_hand(case, planned, ordered)

    def at(moment, **changes):
        day = cast.clinic.day_of(moment)
        return {**row, "given_at": moment, "given_on": day, "recorded_at": moment, **changes}

    other = Builder(cast)
    other.send()
    theirs = other.consent_to_treatment(days_ago=9)
    refused_by_the_database(rows, **at(timezone.now(), consent=theirs))
    for moment in (held.signed_at - tick, held.until):
        refused_by_the_database(rows, **at(moment))
    for moment in (held.signed_at, held.until - tick):
        database_takes(lambda moment=moment: rows.update(**at(moment)))
    withdrawn = case.withdraw_consent(held).revoked_at
    refused_by_the_database(rows, **at(withdrawn))
    rows.update(**at(withdrawn - tick))


def test_what_is_given_is_what_is_ordered(case, planned):
    with pytest.raises(ValidationError, match="No dose is ordered"):
        give(case, planned, None)
    ordered = open_gates(case, planned)
    rows = DosingSession.objects.filter(pk=planned.pk)
    for changes in ({"dose_mg": 51}, {"route": "iv"}, {"order": None}):
        refused_by_the_database(rows, **given_by_hand(case, planned, ordered, **changes))
    newer = order(case, planned, mg=60)
    with pytest.raises(ValidationError, match="changed meanwhile"):
        give(case, planned, ordered)
    refused_by_the_database(rows, **given_by_hand(case, planned, ordered))
    at = timezone.now()
    assert give(case, planned, newer, at).dose_mg == 60
    assert give(case, planned, newer, at).given_at == at
    with pytest.raises(ValidationError, match="already recorded"):
        give(case, planned, newer)
    with pytest.raises(DatabaseError), transaction.atomic():
        DosingSession.objects.create(
            episode=case.episode,
            number=9,
            planned_at=at,
            planned_by=case.cast.prescriber,
            **given_by_hand(case, planned, newer),
        )


def test_what_was_asked_a_day_before_is_asked_again(case, planned):
    """Half-open: 24 hours to the microsecond is too long ago."""
    open_gates(case, planned)
    facts = GateFacts.of(planned, timezone.now())
    tick = timedelta(microseconds=1)
    for gate, fact in ((Gate.IDENTITY, facts.identity), (Gate.CHECKS, facts.checks)):
        for at, is_open in (
            (fact.recorded_at + FRESH - tick, True),
            (fact.recorded_at + FRESH, False),
        ):
            found = {s.gate: s.is_open for s in standings(facts, at, case.cast.clinic.today)}
            assert found[gate] == is_open
    late = timezone.now() + FRESH + HOUR
    with time_machine.travel(late, tick=False), pytest.raises(ValidationError) as error:
        give(case, planned, facts.order, late)
    assert len(error.value.messages) == 2


def gate_of(dosing, gate, at=None):
    at = at or timezone.now()
    found = standings(GateFacts.of(dosing, at), at, dosing.episode.clinic.day_of(at))
    return next(standing for standing in found if standing.gate == gate)


def test_what_a_later_screening_finds_shuts_the_clearance(case, planned):
    """Until a prescriber concludes anew or lifts it; a screening that finds nothing new does not,
    and neither does one that did not ask again."""
    case.clear(answers={"cardiac": ("not_known", "")})
    ordered = open_gates(case, planned)
    case.screen(answers={"cardiac": ("not_known", "")})
    assert gate_of(planned, Gate.CLEARANCE).is_open
    found = {"aneurysm": ("yes", "4 mm"), "cardiac": ("yes", "infarct"), "mania": ("not_known", "")}
    case.screen(answers=found)
    record_screening(
        by=case.cast.nurse,
        episode=case.episode,
        form_key=uuid4(),
        content={"medicines": "None"},
        answers={"mania": ("no", "")},
    )
    standing = gate_of(planned, Gate.CLEARANCE)
    assert standing.text == "screened again since: Significant heart disease, Aneurysm"
    with pytest.raises(ValidationError, match="screened again since"):
        give(case, planned, ordered, timezone.now())
    given = case.clear(answers=found, despite="Agreed with surgery.")
    assert gate_of(planned, Gate.CLEARANCE).fact == given


def test_what_is_asked_on_the_day_counts_from_the_planned_dose(case, planned):
    """Entered long before it, it is asked again; early by less than a day, it is not."""
    later = case.plan(timezone.now() + FRESH + HOUR)
    open_gates(case, later)
    now = timezone.now()
    for gate in (Gate.IDENTITY, Gate.CHECKS):
        assert not gate_of(later, gate, asked_at(later, now)).is_open
        assert gate_of(later, gate, later.planned_at - 2 * HOUR).is_open
    assert asked_at(planned, now) == now


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
