"""Everything the clinic recorded about an episode, read once for a page: the case, or a list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from consent.clock import database_now
from consent.treatment.standing import Standing, standings
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
        return cls.of_many([episode], database_now())[episode.pk]

    @classmethod
    def of_many(cls, episodes: Collection[EpisodeOfCare], at: datetime) -> dict[int, "Facts"]:
        """By episode, for episodes of one clinic; the consent to treatment as it holds at the
        moment `at`. As many queries for one episode as for all of them."""
        by_pk = {episode.pk: episode for episode in episodes}
        if not by_pk:
            return {}
        read = {name: _by_episode(rows, by_pk) for name, rows in _rows().items()}
        for pk, clearances in read["clearances"].items():
            screenings = {row.pk: row for row in read["screenings"][pk]}
            for row in clearances:
                row.screening = screenings[row.screening_id]  # read with its answers
        clients = {episode.client_id for episode in episodes}
        clinic_id = next(iter(by_pk.values())).clinic_id
        agreed = standings(client_ids=clients, clinic_id=clinic_id, at=at)
        return {
            pk: cls(
                episode=episode,
                consent=agreed[episode.client_id],
                **{name: rows[pk] for name, rows in read.items()},
            )
            for pk, episode in by_pk.items()
        }

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


def _rows() -> dict[str, QuerySet]:
    """Everything that is read about an episode, by the name of its field in `Facts`."""
    integrations = ("recorded_by", "follow_up__recorded_by", "follow_up_by", "dosing")
    doses = DosingSession.objects.select_related("given_by", "planned_by").order_by("number")
    return {
        "intakes": Intake.objects.select_related("recorded_by"),
        "screenings": Screening.objects.select_related("recorded_by").prefetch_related(
            "answers", "allergies"
        ),
        "clearances": Clearance.objects.select_related("recorded_by"),
        "consults": Consult.objects.select_related("recorded_by", "answer"),
        "documents": CareDocument.objects.filter(error=None)
        .select_related("recorded_by")
        .defer("pdf"),
        "preparations": PreparationSession.objects.select_related("recorded_by", "dosing"),
        "integrations": IntegrationRecord.objects.select_related(*integrations),
        "doses": doses.prefetch_related("delayed_checks", "notes"),
    }


def _by_episode(rows: QuerySet, episodes: Mapping[int, EpisodeOfCare]) -> dict[int, list]:
    """The rows of each, in the order of `rows`, and each row with its episode."""
    found: dict[int, list] = {pk: [] for pk in episodes}
    for row in rows.filter(episode__in=list(episodes)):
        row.episode = episodes[row.episode_id]
        found[row.episode_id].append(row)
    return found


def check_of(dose: DosingSession, now: datetime) -> CheckState:
    """Where the check after a dose that was given stands; its `delayed_checks` are read."""
    assert dose.given_at
    reached = [check.at for check in dose.delayed_checks.all() if check.reached]
    return check_state(dose.given_at, now, reached)
