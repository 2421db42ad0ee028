"""Everything that was recorded about one dose, loaded once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sessions.models import (
    AdverseEvent,
    DoseCorrection,
    DosingSession,
    Intervention,
    MonitoringPlan,
    PhaseMark,
    Presence,
    SideEffect,
    Vitals,
)
from sessions.models.observations import Observed
from sessions.monitoring import plan_of
from sessions.warnings import age_on

Row = TypeVar("Row", bound=Observed)


@dataclass(frozen=True)
class Sheet:
    """All rows, those that were corrected among them; `counting` tells which of them count."""

    dosing: DosingSession
    age: int
    plan: MonitoringPlan | None = None
    vitals: Sequence[Vitals] = ()
    effects: Sequence[SideEffect] = ()
    interventions: Sequence[Intervention] = ()
    marks: Sequence[PhaseMark] = ()
    presences: Sequence[Presence] = ()
    adverse: Sequence[AdverseEvent] = ()
    corrections: Sequence[DoseCorrection] = ()

    @classmethod
    def of(cls, dosing: DosingSession, today: date) -> "Sheet":
        adverse = dosing.adverse_events.select_related("recorded_by")
        return cls(
            dosing,
            age_on(dosing.episode.client.date_of_birth, today),
            plan_of(dosing),
            list(dosing.vitals.select_related("recorded_by")),
            list(dosing.side_effects.select_related("recorded_by")),
            list(dosing.interventions.select_related("recorded_by")),
            list(dosing.phase_marks.select_related("recorded_by")),
            list(dosing.presences.select_related("recorded_by", "person")),
            list(adverse.prefetch_related("updates")),
            list(dosing.corrections.select_related("recorded_by")),
        )


def counting(rows: Iterable[Row]) -> list[Row]:
    """Those of `rows` that no other of them corrects and that were not withdrawn."""
    rows = list(rows)
    corrected = {row.corrects_id for row in rows if row.corrects_id}
    return [row for row in rows if row.pk not in corrected and not row.entered_in_error]


def present_at(dosing: DosingSession) -> list[Presence]:
    """Who is in the room, by the last row about each: the person, their role, since when."""
    return here(dosing.presences.select_related("person"))


def ever_present_at(dosing: DosingSession) -> list[Presence]:
    """Everybody who was in the room at some time, by the first row about each."""
    found: dict[int, Presence] = {}
    for row in sorted(counting(dosing.presences.select_related("person")), key=lambda r: r.at):
        if row.is_here:
            found.setdefault(row.person_id, row)
    return list(found.values())


def here(rows: Iterable[Presence]) -> list[Presence]:
    """As `present_at`, of rows that are loaded already."""
    last: dict[int, Presence] = {}
    for row in sorted(counting(rows), key=lambda row: (row.at, row.pk or 0)):
        last[row.person_id] = row
    return [row for row in last.values() if row.is_here]
