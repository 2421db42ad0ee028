"""Adverse events by severity: how many, and how many clients had one."""

from collections.abc import Iterable, Mapping

from consent.ledger.accounting import Period
from people.models import Organization
from reminders.quality.cells import Cell, Table, apart
from reminders.quality.measure import Measure, Part
from sessions.adverse_events import adverse_events_of
from sessions.enums.observing import Grade

DEFINITION = (
    "Counts the adverse events that happened in these months, during or after treatment and "
    "whatever caused them, by the severity they were last known to have: grades of the CTCAE, "
    "version 5.0. Clients are those with an event of that grade; whoever had events of two grades "
    "stands in both lines, so the lines have no total. Events entered in error do not count."
)
EMPTY = "No adverse event is recorded in these months. They are recorded on the page of a dose."


def adverse_events(clinic: Organization, period: Period) -> Measure:
    """Two queries."""
    assert period.since
    assert period.until
    events = adverse_events_of(clinic, period.since, period.until)
    grades = {grade.value: str(grade.label) for grade in Grade}
    return adverse_measure([(e.now.severity, e.episode.client_id) for e in events], grades)


def adverse_measure(found: Iterable[tuple[int, int]], grades: Mapping[int, str]) -> Measure:
    """From (grade, client) of each event. `grades` names them, the mildest first."""
    part = Part("severity", "By severity", "events", severity_table(found, grades), is_whole=False)
    return Measure("adverse", "Adverse events", DEFINITION, [part], EMPTY)


def severity_table(found: Iterable[tuple[int, int]], grades: Mapping[int, str]) -> Table:
    """No total: beside it, clients of one grade alone could be told by subtraction."""
    clients: dict[int, list[int]] = {grade: [] for grade in grades}
    for grade, client in found:
        clients[grade].append(client)
    return apart(
        Cell(f"Grade {grade}, {name.lower()}", len(clients[grade]), len(set(clients[grade])))
        for grade, name in grades.items()
    )
