"""No dose without its gates: by the action, by the ORM, and what a prescriber may lift."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from sessions.actions.screening import record_screening
from sessions.enums.gates import Gate
from sessions.gates import FRESH, GateFacts, asked_at, standings
from sessions.models import DosingSession
from tests.builder import Builder
from tests.refusing import database_takes
from tests.sessions.gating import (
    FACTS,
    HOUR,
    give,
    given_by_hand,
    lift,
    open_gates,
    order,
    refused_by_the_database,
)

pytestmark = pytest.mark.django_db

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
