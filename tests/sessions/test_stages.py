"""The moves of an episode in any order: what is refused, what follows, and where the client is.

The machine keeps its own small record, from the words of the domain, and compares it with what
the database holds after every step.
"""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase as Hypothesis
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from hypothesis.stateful import run_state_machine_as_test as run

from reminders.enums import ReminderState
from reminders.models import Reminder
from sessions.actions import before_dose, dosing, ending
from sessions.actions.gates import override_gate
from sessions.actions.giving import give_dose
from sessions.actions.phases import change_phase
from sessions.enums import Phase
from sessions.enums.gates import Gate, PreDoseItem
from sessions.models import CareEvent, DosingSession, EpisodeOfCare
from sessions.stages import CareStage, stage_of
from tests.sessions.gating import open_gates_now
from tests.walk import taken_back

HOUR = timedelta(hours=1)
GATES = [gate for gate in Gate if gate != Gate.CONSENT]  # the client agreed, and stands by it
WAITING, CANCELLED, GIVEN, LEFT = "dose_planned", "dose_cancelled", "dose_given", "left"


class Machine(RuleBasedStateMachine):
    """What a clinic's staff can do to one client's doses."""

    case = None  # set by the test

    def __init__(self):
        super().__init__()
        self.undo = taken_back()
        self.undo.__enter__()
        self.state: dict[int, str] = {}  # of each dose
        self.open: dict[int, set[Gate]] = {}  # gates of each dose, but for the clearance
        self.ordered: set[int] = set()
        self.cleared, self.ended = True, False

    def teardown(self):
        self.undo.__exit__(None, None, None)

    # ------------------------------------------------------------ what can happen
    def some(self, data) -> DosingSession:
        return DosingSession.objects.get(pk=data.draw(st.sampled_from(sorted(self.state))))

    def attempt(self, allowed: bool, act) -> bool:
        """The act succeeds just when the record says that it may."""
        try:
            with transaction.atomic():
                act()
        except ValidationError:
            assert not allowed
            return False
        assert allowed
        return True

    @initialize()
    def two_doses_are_planned(self):
        self.plan()
        self.plan()

    @precondition(lambda self: len(self.state) < 4)
    @rule()
    def plan(self):
        at = timezone.now() - HOUR
        if self.attempt(not self.ended, lambda: self.case.plan(at)):
            pk = self.case.dosing.pk
            self.state[pk], self.open[pk] = WAITING, set()

    @rule(result=st.sampled_from(["cleared", "cleared", "deferred"]))
    def clear(self, result):
        self.case.clear(result=result, conditions="")
        self.cleared = result == "cleared"

    @precondition(lambda self: self.state)
    @rule(data=st.data(), gate=st.sampled_from([Gate.IDENTITY, Gate.CHECKS, Gate.ESCORT]))
    def ask(self, data, gate):
        dose, case = self.some(data), self.case
        about = {"by": case.cast.nurse, "dosing": dose, "form_key": uuid4()}
        acts = {
            Gate.IDENTITY: lambda: before_dose.confirm_identity(
                **about, date_of_birth=case.client.date_of_birth
            ),
            Gate.CHECKS: lambda: before_dose.record_checks(
                **about, weight_kg=Decimal(70), answers=dict.fromkeys(PreDoseItem, True)
            ),
            Gate.ESCORT: lambda: before_dose.plan_escort(**about, name="Sister", reached_by="555"),
        }
        if self.attempt(self.state[dose.pk] == WAITING, acts[gate]):
            self.open[dose.pk].add(gate)

    @precondition(lambda self: self.state)
    @rule(data=st.data(), gate=st.sampled_from(GATES))
    def lift(self, data, gate):
        dose = self.some(data)
        if dose.overrides.filter(gate=gate).exists():
            return
        closed = self.is_shut(dose.pk, gate) and self.state[dose.pk] == WAITING

        def act():
            by = self.case.cast.prescriber
            override_gate(by=by, dosing=dose, gate=gate, reason="Agreed by telephone.")

        if self.attempt(closed, act):
            self.open[dose.pk].add(gate)

    def is_shut(self, pk: int, gate: Gate) -> bool:
        by_result = gate == Gate.CLEARANCE and self.cleared
        return gate not in self.open[pk] and not by_result

    @precondition(lambda self: WAITING in self.state.values())
    @rule(
        data=st.data(),
        without=st.sampled_from([None, None, None, *GATES]),
        goes_home=st.booleans(),
    )
    def prepare_and_give(self, data, without, goes_home):
        """As on most days, or with one thing left out."""
        waiting = sorted(pk for pk, state in self.state.items() if state == WAITING)
        dose = DosingSession.objects.get(pk=data.draw(st.sampled_from(waiting)))
        open_gates_now(self.case, dosing=dose, without={without})
        self.cleared = self.cleared and without != Gate.CLEARANCE
        self.ordered.add(dose.pk)
        self.open[dose.pk] |= {*GATES} - {without, Gate.CLEARANCE}
        self.give_it(dose)
        if goes_home:
            self.leave_it(dose)
        if not self.cleared:
            self.clear("cleared")

    @precondition(lambda self: self.state)
    @rule(data=st.data())
    def give(self, data):
        self.give_it(self.some(data))

    def give_it(self, dose):
        order = dose.doseorders.first()
        allowed = (
            self.state[dose.pk] == WAITING
            and dose.pk in self.ordered
            and not any(self.is_shut(dose.pk, gate) for gate in GATES)
        )

        def act():
            at = timezone.now()
            give_dose(by=self.case.cast.nurse, dosing=dose, order=order, given_at=at)

        if self.attempt(allowed, act):
            self.state[dose.pk] = GIVEN

    @precondition(lambda self: self.state)
    @rule(data=st.data())
    def leave(self, data):
        self.leave_it(self.some(data))

    def leave_it(self, dose):
        allowed = self.state[dose.pk] == GIVEN
        if self.attempt(allowed, lambda: self.case.leave(dose)):
            self.state[dose.pk] = LEFT

    @precondition(lambda self: self.state)
    @rule(data=st.data(), moved=st.booleans())
    def move_or_cancel(self, data, moved):
        dose, by = self.some(data), self.case.cast.prescriber
        state = self.state[dose.pk]
        if moved:
            at = timezone.now() + HOUR
            self.attempt(
                state == WAITING, lambda: dosing.move_dose(by=by, dosing=dose, planned_at=at)
            )
        elif self.attempt(
            state in (WAITING, CANCELLED), lambda: dosing.cancel_dose(by=by, dosing=dose)
        ):
            self.state[dose.pk] = CANCELLED

    @precondition(lambda self: GIVEN in self.state.values() or self.ended)
    @rule(phase=st.sampled_from(Phase))
    def change_phase(self, phase):
        by, episode = self.case.cast.prescriber, self.case.episode
        self.attempt(not self.ended, lambda: change_phase(by=by, episode=episode, phase=phase))

    @precondition(lambda self: LEFT in self.state.values())
    @rule()
    def end(self):
        allowed = self.ended or GIVEN not in self.state.values()

        def act():
            ending.end_episode(
                by=self.case.cast.prescriber,
                episode=self.case.episode,
                reason="All doses are given.",
                ended_at=timezone.now(),
            )

        if self.attempt(allowed, act):
            self.ended = True
            self.state = {pk: CANCELLED if s == WAITING else s for pk, s in self.state.items()}

    # ------------------------------------------------------------ what must hold
    @invariant()
    def what_others_see_is_what_happened(self):
        seen = dict(CareEvent.unscoped.filter(dosing__in=self.state).values_list("dosing", "kind"))
        assert seen == {pk: GIVEN if s == LEFT else s for pk, s in self.state.items()}

    @invariant()
    def whoever_waits_is_reminded_and_nobody_else(self):
        waits = (
            Reminder.objects.of_windows()
            .filter(dosing__in=self.state)
            .exclude(state=ReminderState.CANCELLED)
        )
        kinds: dict[int, set[str]] = {pk: set() for pk in self.state}
        for reminder in waits:
            kinds[reminder.dosing_id].add(reminder.kind)
        after, before = {"primary", "secondary"}, {"preparation"}
        wanted = {WAITING: before, CANCELLED: set(), GIVEN: after, LEFT: after}
        assert kinds == {pk: wanted[state] for pk, state in self.state.items()}

    @invariant()
    def the_stage_is_told_from_the_facts(self):
        doses = DosingSession.objects.filter(pk__in=self.state)
        episode = EpisodeOfCare.objects.get()
        stage = stage_of(episode, doses, has_intake=True, has_clearance=self.cleared)
        states = set(self.state.values())
        if self.ended:
            assert stage == CareStage.DISCHARGED
        elif GIVEN in states:
            assert stage == CareStage.DOSING
        elif LEFT in states:
            assert stage == CareStage.INTEGRATION
        else:
            early = CareStage.PREPARATION if self.cleared else CareStage.SCREENING
            assert stage == early


def test_the_moves_of_an_episode_in_any_order(case, episode):
    Machine.case = case
    quick = settings(
        max_examples=15,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        phases=[Hypothesis.explicit, Hypothesis.generate],
    )
    run(Machine, settings=quick)


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ({"has_intake": False, "has_clearance": False}, CareStage.INTAKE),
        ({"has_intake": True, "has_clearance": False}, CareStage.SCREENING),
        ({"has_intake": True, "has_clearance": True}, CareStage.PREPARATION),
    ],
)
def test_before_the_first_dose_the_earliest_missing_step(facts, stage):
    assert stage_of(EpisodeOfCare(), [], **facts) == stage
