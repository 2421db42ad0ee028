"""What is done in an episode and what is missing, told from the recorded facts. Pure functions.

Only the client's journey is linear; the work of the staff is not, so nothing here bars anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Model

from people.formats import day, last_moment, moment
from sessions.aftercare import CheckState
from sessions.facts import Facts
from sessions.models import Clearance, DosingSession, IntegrationRecord, Screening
from sessions.screening import lacking
from sessions.warnings import above, age_on, pressure_limits

DONE, ATTENTION, IDLE = "done", "attention", "idle"


@dataclass(frozen=True)
class Task:
    """One line of the list. `verb` names the page where it is done; `dosing` the dose it is for,
    `on` what else it is for, where that is not the episode."""

    name: str
    state: str
    text: str
    verb: str
    label: str
    dosing: DosingSession | None = None
    on: Model | None = None


def tasks(facts: Facts, now: datetime) -> list[Task]:
    """What there is to do at `now`, in the order of the client's journey.

    After the end of treatment: what the last doses left open, and nothing else.
    """
    today = now.astimezone(ZoneInfo(facts.episode.clinic.timezone)).date()
    after_doses = [
        *(_follow_up(row, today) for row in facts.open_follow_ups),
        *(_delayed_check(dose, state) for dose, state in facts.checks_due(now)),
        *(_note(dose) for dose in facts.unsigned),
    ]
    if facts.episode.ended_at:
        return after_doses
    return [
        _intake(facts),
        _screening(facts),
        _clearance(facts, today),
        *_consults(facts),
        _consent(facts),
        _preparation(facts),
        _next_dose(facts),
        *after_doses,
    ]


def _intake(facts: Facts) -> Task:
    if facts.intake:
        text = f"Recorded {day(facts.intake.recorded_at)}"
        return Task("Intake", DONE, text, "intake", "Record again")
    return Task("Intake", ATTENTION, "Not recorded", "intake", "Record")


def _screening(facts: Facts) -> Task:
    last = facts.screening
    if last is None:
        return Task("Screening", ATTENTION, "Not recorded", "screening", "Record")
    if missing := len(lacking(last)):
        text = f"{missing} {'answer is' if missing == 1 else 'answers are'} missing"
        return Task("Screening", ATTENTION, text, "complete_screening", "Complete")
    text = f"Recorded {day(last.recorded_at)}"
    return Task("Screening", DONE, text, "screening", "Record again")


def _clearance(facts: Facts, today: date) -> Task:
    last = facts.clearance
    if last is None:
        return Task("Clearance", ATTENTION, "Not recorded", "clearance", "Record")
    again = ("clearance", "Record again")
    result = last.get_result_display()
    if not last.permits_dosing:
        return Task("Clearance", ATTENTION, result, *again)
    assert last.valid_until
    if last.valid_until < today:
        return Task("Clearance", ATTENTION, f"Lapsed on {day(last.valid_until)}", *again)
    until = f"{result} until {day(last.valid_until)}"
    if found := facts.found_since:
        text = f"{until}, screened again since: {', '.join(found)}"
        return Task("Clearance", ATTENTION, text, *again)
    return Task("Clearance", DONE, until, *again)


def _consults(facts: Facts) -> list[Task]:
    """One line for all that wait for an answer."""
    waiting = facts.unanswered
    if not waiting:
        return []
    urgent = sum(consult.urgent for consult in waiting)
    text = f"{len(waiting)} not answered" + (f", {urgent} urgent" if urgent else "")
    return [Task("Consults", ATTENTION, text, "consults", "Open")]


def _consent(facts: Facts) -> Task:
    held = facts.consent.consent
    if held is None:
        return Task("Consent to treatment", ATTENTION, facts.consent.in_short, "consent", "Open")
    until = f"Signed, until {day(last_moment(held.until))}"
    return Task("Consent to treatment", DONE, until, "consent", "Open")


def _preparation(facts: Facts) -> Task:
    """The last that was held; where it was for an earlier dose, the next one is still to come."""
    owner = facts.episode.preparation_owner
    last = facts.preparations[0] if facts.preparations else None
    if last is None:
        return Task("Preparation", IDLE, f"With {owner}", "preparation", "Record")
    ahead = facts.planned[0] if facts.planned else None
    if ahead and last.dosing and last.dosing.number < ahead.number:
        text = f"Not held for dose {ahead.number}; with {owner}"
        return Task("Preparation", IDLE, text, "preparation", "Record")
    text = f"Held {day(last.held_at)}" + (f" for dose {last.dosing.number}" if last.dosing else "")
    return Task("Preparation", DONE, text, "preparation", "Record another")


def _next_dose(facts: Facts) -> Task:
    if facts.planned:
        dose = facts.planned[0]
        text = f"Dose {dose.number}, {moment(dose.planned_at)}"
        return Task("Next dose", DONE, text, "dosing", "Open", dose)
    if len(facts.given) >= facts.episode.expected_doses:
        text = f"All {facts.episode.expected_doses} expected doses are given"
        return Task("Next dose", DONE, text, "plan_dose", "Plan another")
    return Task("Next dose", ATTENTION, "Not planned", "plan_dose", "Plan")


def _follow_up(row: IntegrationRecord, today: date) -> Task:
    assert row.follow_up_due
    late = row.follow_up_due < today
    when = f"was due {day(row.follow_up_due)}" if late else f"by {day(row.follow_up_due)}"
    name = f"Follow-up: {row.get_challenge_display().lower()}"
    text = f"{row.follow_up_by}, {when}"
    return Task(name, ATTENTION, text, "follow_up", "Follow up", on=row)


def _delayed_check(dose: DosingSession, state: CheckState) -> Task:
    text = "Overdue, 72 h are over" if state == CheckState.OVERDUE else "Due 24–72 h after the dose"
    name = f"Call after dose {dose.number}"
    return Task(name, ATTENTION, text, "delayed_check", "Record", dose)


def _note(dose: DosingSession) -> Task:
    text = "Draft, not signed" if dose.note else "Not begun"
    return Task(f"Note on dose {dose.number}", ATTENTION, text, "note", "Open", dose)


def allergies(screenings: Sequence[Screening]) -> str:
    """As last asked, newest first: Penicillin (rash) · None known · Not asked."""
    return next((s.allergies_words for s in screenings if s.allergies_words), "Not asked")


def alerts(
    screenings: Sequence[Screening], clearance: Clearance | None, born: date, today: date
) -> list[str]:
    """What the client banner warns of."""
    found = []
    pressure = next((s.pressure for s in screenings if s.pressure), None)
    if pressure and above(pressure, pressure_limits(age_on(born, today))):
        found.append("Blood pressure")
    if clearance and clearance.result == "conditional":
        found.append("Cleared with conditions")
    return found
