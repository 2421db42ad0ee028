"""What is done in an episode and what is missing, told from the recorded facts. Pure functions.

Only the client's journey is linear; the work of the staff is not, so nothing here bars anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from consent.clock import database_now
from consent.treatment.standing import Standing, standing
from people.formats import day, last_moment, moment
from sessions.models import Clearance, DosingSession, EpisodeOfCare, Intake, PreparationSession
from sessions.warnings import above, age_on, pressure_limits

DONE, ATTENTION, IDLE = "done", "attention", "idle"


@dataclass(frozen=True)
class Facts:
    """Everything the clinic recorded about an episode, newest first; doses by number."""

    episode: EpisodeOfCare
    intakes: Sequence[Intake]
    clearances: Sequence[Clearance]
    preparations: Sequence[PreparationSession]
    doses: Sequence[DosingSession]
    consent: Standing

    @classmethod
    def of(cls, episode: EpisodeOfCare) -> "Facts":
        doses = episode.doses.select_related("note", "given_by", "planned_by")
        return cls(
            episode,
            list(episode.intakes.all()[:1]),
            list(episode.clearances.select_related("recorded_by")[:1]),
            list(episode.preparationsessions.all()[:1]),
            list(doses.order_by("number")),
            standing(client_id=episode.client_id, clinic_id=episode.clinic_id, at=database_now()),
        )

    @property
    def clearance(self) -> Clearance | None:
        """The last one, whatever its result."""
        return self.clearances[0] if self.clearances else None

    @property
    def given(self) -> list[DosingSession]:
        return [dose for dose in self.doses if dose.given_at]

    @property
    def planned(self) -> list[DosingSession]:
        """Planned and neither given nor cancelled, the next one first."""
        waiting = [d for d in self.doses if not d.given_at and not d.cancelled_at]
        return sorted(waiting, key=lambda dose: dose.planned_at)

    @property
    def unsigned(self) -> list[DosingSession]:
        """Doses given whose note is not signed."""
        return [d for d in self.given if not (hasattr(d, "note") and d.note.signed_at)]


@dataclass(frozen=True)
class Task:
    """One line of the list. `verb` names the page where it is done; `dosing` the dose it is for."""

    name: str
    state: str
    text: str
    verb: str
    label: str
    dosing: DosingSession | None = None


def tasks(facts: Facts, today: date) -> list[Task]:
    """What there is to do, in the order of the client's journey; after its end notes alone."""
    if facts.episode.ended_at:
        return [_note(dose) for dose in facts.unsigned]
    return [
        _intake(facts),
        _clearance(facts, today),
        _consent(facts),
        _preparation(facts),
        _next_dose(facts),
        *(_note(dose) for dose in facts.unsigned),
    ]


def _intake(facts: Facts) -> Task:
    if facts.intakes:
        text = f"Recorded {day(facts.intakes[0].recorded_at)}"
        return Task("Intake", DONE, text, "intake", "Record again")
    return Task("Intake", ATTENTION, "Not recorded", "intake", "Record")


def _clearance(facts: Facts, today: date) -> Task:
    if not facts.clearances:
        return Task("Clearance", ATTENTION, "Not recorded", "clearance", "Record")
    last = facts.clearances[0]
    result = last.get_result_display()
    if not last.permits_dosing:
        return Task("Clearance", ATTENTION, result, "clearance", "Record again")
    assert last.valid_until
    if last.valid_until < today:
        text = f"Lapsed on {day(last.valid_until)}"
        return Task("Clearance", ATTENTION, text, "clearance", "Record again")
    return Task(
        "Clearance", DONE, f"{result} until {day(last.valid_until)}", "clearance", "Record again"
    )


def _consent(facts: Facts) -> Task:
    held = facts.consent.consent
    if held is None:
        return Task("Consent to treatment", ATTENTION, facts.consent.why_not, "consent", "Open")
    until = f"Signed, until {day(last_moment(held.until))}"
    return Task("Consent to treatment", DONE, until, "consent", "Open")


def _preparation(facts: Facts) -> Task:
    if facts.preparations:
        text = f"Held {day(facts.preparations[0].held_at)}"
        return Task("Preparation", DONE, text, "preparation", "Record another")
    owner = facts.episode.preparation_owner
    return Task("Preparation", IDLE, f"With {owner}", "preparation", "Record")


def _next_dose(facts: Facts) -> Task:
    if facts.planned:
        dose = facts.planned[0]
        text = f"Dose {dose.number}, {moment(dose.planned_at)}"
        return Task("Next dose", DONE, text, "dosing", "Open", dose)
    if len(facts.given) >= facts.episode.expected_doses:
        text = f"All {facts.episode.expected_doses} expected doses are given"
        return Task("Next dose", DONE, text, "plan_dose", "Plan another")
    return Task("Next dose", ATTENTION, "Not planned", "plan_dose", "Plan")


def _note(dose: DosingSession) -> Task:
    text = "Draft, not signed" if hasattr(dose, "note") else "Not begun"
    return Task(f"Note on dose {dose.number}", ATTENTION, text, "note", "Open", dose)


def alerts(clearance: Clearance | None, born: date, today: date) -> list[str]:
    """What the client banner warns of."""
    if clearance is None:
        return []
    found = []
    limit = pressure_limits(age_on(born, today))
    if above((clearance.systolic, clearance.diastolic), limit):
        found.append("Blood pressure")
    if clearance.result == "conditional":
        found.append("Cleared with conditions")
    return found
