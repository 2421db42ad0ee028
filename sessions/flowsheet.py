"""The flow sheet of one dose, assembled from its rows. Pure functions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from people.formats import amount, moment
from sessions.enums import Route
from sessions.limits import MEASURES, limit_at, out_of_range
from sessions.models import AdverseEvent, DoseCorrection, DosingSession, Vitals
from sessions.models.observations import Observed
from sessions.observed import Sheet

LATE = timedelta(minutes=5)
KINDS = {
    "vitals": "vitals",
    "effect": "effects",
    "intervention": "interventions",
    "phase": "marks",
    "presence": "presences",
}


@dataclass(frozen=True)
class Correction:
    """What one correction took the place of: (the name of a part, what it said)."""

    at: datetime
    by: str
    reason: str
    was: list[tuple[str, str]]


@dataclass(frozen=True)
class Row:
    """One line: numbers, or words, with who wrote it, and when it was written if late."""

    at: datetime
    since: str
    by: str
    kind: str = ""
    pk: int | None = None
    key: UUID | None = None
    vitals: Vitals | None = None
    text: str = ""
    late: datetime | None = None
    outside: dict[str, str] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    is_withdrawn: bool = False

    @property
    def out_of_range(self) -> list[str]:
        """What is out of range, in words."""
        return [f"{MEASURES[measure]} {word}" for measure, word in self.outside.items()]


def rows(sheet: Sheet) -> list[Row]:
    """Everything that happened, newest first. A corrected row stands once, as it counts."""
    found = [
        _row(sheet, kind, row, before)
        for kind, name in KINDS.items()
        for row, before in _newest(getattr(sheet, name))
    ]
    found += [_row(sheet, "adverse", row, before) for row, before in _newest(sheet.adverse)]
    return sorted([*found, *_milestones(sheet)], key=lambda row: row.at, reverse=True)


def _newest(rows: Iterable[Observed]) -> Iterator[tuple[Observed, list[Observed]]]:
    """Each row that nothing corrects, with those it took the place of, newest first."""
    rows = list(rows)
    by_pk = {row.pk: row for row in rows}
    corrected = {row.corrects_id for row in rows if row.corrects_id}
    for row in rows:
        if row.pk not in corrected:
            before, old = [], row
            while old.corrects_id:
                old = by_pk[old.corrects_id]
                before.append(old)
            yield row, before


def _row(sheet: Sheet, kind: str, row: Observed, before: list[Observed]) -> Row:
    first = before[-1] if before else row
    vitals = row if isinstance(row, Vitals) else None
    limit = limit_at(sheet.dosing, row.at, sheet.age)
    return Row(
        at=row.at,
        since=since(sheet.dosing, row.at),
        by=str(first.recorded_by),
        kind=kind,
        pk=row.pk,
        key=row.form_key,
        vitals=vitals,
        text=_text(row),
        late=_late(first.at, first.recorded_at),
        outside=out_of_range(vitals, limit) if vitals and not row.entered_in_error else {},
        corrections=[
            _correction(new, old) for new, old in zip([row, *before], before, strict=False)
        ],
        is_withdrawn=row.entered_in_error,
    )


def _text(row: Observed) -> str:
    if isinstance(row, Vitals):
        return row.note
    words = row.sentence  # type: ignore[attr-defined]
    return f"Adverse event: {words}" if isinstance(row, AdverseEvent) else words


def corrections(row: Observed) -> list[Correction]:
    """What `row` took the place of, the newest correction first."""
    found = []
    while row.corrects:
        found.append(_correction(row, row.corrects))
        row = row.corrects
    return found


def _correction(new: Observed, old: Observed) -> Correction:
    said, says = old.facts(), new.facts()
    was = [(name, text or "empty") for name, text in said.items() if says[name] != text]
    return Correction(new.recorded_at, str(new.recorded_by), new.reason, was)


def _dose_correction(row: DoseCorrection) -> Correction:
    """What one correction of the dose itself took the place of."""
    was = []
    if row.was_given_at != row.given_at:
        was.append(("Time", moment(row.was_given_at)))
    if row.was_mg != row.dose_mg:
        was.append(("Amount", amount(row.was_mg)))
    return Correction(row.recorded_at, str(row.recorded_by), row.reason, was)


def _milestones(sheet: Sheet) -> list[Row]:
    dosing, found = sheet.dosing, []
    if dosing.given_at:
        text = f"{amount(dosing.dose_mg)} {Route(dosing.route).label} given."
        said = [row.was_given_at for row in sheet.corrections]  # newest first
        found.append(
            Row(
                dosing.given_at,
                "dose",
                str(dosing.given_by),
                kind="dose",
                pk=dosing.pk,
                text=text,
                late=_late([dosing.given_at, *said][-1], dosing.recorded_at),
                corrections=[_dose_correction(row) for row in sheet.corrections],
            )
        )
    if dosing.discharged_at:
        text = (
            f"Discharged with {dosing.escort}: {dosing.mental_status}. "
            f"Judged stable by {dosing.judged_by}."
        )
        if dosing.left_against:
            against = " ".join(dosing.left_against.splitlines())
            text += (
                f" Against it: {against} They left because: {dosing.left_because or 'not said'}."
            )
        when = since(dosing, dosing.discharged_at)
        found.append(Row(dosing.discharged_at, when, str(dosing.discharged_by), text=text))
    return found


def _late(at: datetime, recorded_at: datetime | None) -> datetime | None:
    return recorded_at if recorded_at and recorded_at - at > LATE else None


def since(dosing: DosingSession, at: datetime) -> str:
    """47 min, or before."""
    if dosing.given_at is None or at < dosing.given_at:
        return "before"
    return f"{int((at - dosing.given_at).total_seconds() // 60)} min"
