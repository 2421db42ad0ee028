"""Everything the clinic recorded about one episode, read once for the page of the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from consent.clock import database_now
from consent.treatment.standing import Standing, standing
from people.formats import day
from sessions.aftercare import CheckState, check_state
from sessions.enums.therapy import Challenge
from sessions.models import (
    CareDocument,
    Clearance,
    Consult,
    DosingSession,
    EpisodeOfCare,
    Intake,
    IntegrationRecord,
    PreparationSession,
    Screening,
)
from sessions.screening import found_since


@dataclass
class Facts:
    """Newest first; doses by number."""

    episode: EpisodeOfCare
    intakes: Sequence[Intake]
    screenings: Sequence[Screening]
    clearances: Sequence[Clearance]
    consults: Sequence[Consult]
    documents: Sequence[CareDocument]
    preparations: Sequence[PreparationSession]
    integrations: Sequence[IntegrationRecord]
    doses: Sequence[DosingSession]
    consent: Standing

    @classmethod
    def of(cls, episode: EpisodeOfCare) -> "Facts":
        doses = episode.doses.select_related("given_by", "planned_by")
        integrations = episode.integrationrecords.select_related(
            "recorded_by", "follow_up__recorded_by", "follow_up_by", "dosing"
        )
        return cls(
            episode,
            list(episode.intakes.select_related("recorded_by")[:1]),
            list(
                episode.screenings.select_related("recorded_by").prefetch_related(
                    "answers", "allergies"
                )
            ),
            list(episode.clearances.select_related("recorded_by", "screening")[:1]),
            list(episode.consults.select_related("recorded_by", "answer")),
            list(
                episode.caredocuments.filter(error=None).select_related("recorded_by").defer("pdf")
            ),
            list(episode.preparationsessions.select_related("recorded_by", "dosing")[:1]),
            list(integrations),
            list(doses.prefetch_related("delayed_checks", "notes").order_by("number")),
            standing(client_id=episode.client_id, clinic_id=episode.clinic_id, at=database_now()),
        )

    @property
    def intake(self) -> Intake | None:
        return self.intakes[0] if self.intakes else None

    @property
    def screening(self) -> Screening | None:
        """The last one, finished or not."""
        return self.screenings[0] if self.screenings else None

    @property
    def clearance(self) -> Clearance | None:
        """The last one, whatever its result."""
        return self.clearances[0] if self.clearances else None

    @property
    def allergies(self) -> str:
        """As last asked; with the day, where the last screening did not ask again."""
        told = next((row for row in self.screenings if row.allergies_words), None)
        if told is None:
            return "Not asked"
        again = "" if told == self.screening else f", asked {day(told.recorded_at)}"
        return f"{told.allergies_words}{again}"

    @property
    def found_since(self) -> list[str]:
        """What a screening found after the one that was cleared."""
        return found_since(self.clearance, self.screenings) if self.clearance else []

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
        return [d for d in self.given if not (d.note and d.note.signed_at)]

    @cached_property
    def unanswered(self) -> list[Consult]:
        return [consult for consult in self.consults if not hasattr(consult, "answer")]

    @property
    def open_follow_ups(self) -> list[IntegrationRecord]:
        """Challenging experiences to which nobody has come back yet, the oldest first."""
        return [
            row
            for row in reversed(self.integrations)
            if row.challenge != Challenge.NONE and not hasattr(row, "follow_up")
        ]

    def checks_due(self, now: datetime) -> list[tuple[DosingSession, CheckState]]:
        """Doses after which somebody has yet to ask how the client is."""
        states = [(dose, check_of(dose, now)) for dose in self.given]
        return [(d, state) for d, state in states if state in (CheckState.DUE, CheckState.OVERDUE)]


def check_of(dose: DosingSession, now: datetime) -> CheckState:
    """Where the check after a dose that was given stands; its `delayed_checks` are read."""
    assert dose.given_at
    reached = [check.at for check in dose.delayed_checks.all() if check.reached]
    return check_state(dose.given_at, now, reached)
