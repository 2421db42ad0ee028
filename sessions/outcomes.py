"""Scores as they were disclosed: in a table, in a drawing of the same numbers, in one sentence.
Pure: reads no database.

Doses come from disclosed events alone, as everywhere. Changes are told from the first score that
the reader is shown.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from people.formats import day
from sessions.drawings.outcome_chart import Dosed, OutcomeChart, Scored, draw_outcome
from sessions.enums import EventKind
from sessions.enums.outcomes import SCORED, Instrument
from sessions.instruments import QUESTIONNAIRES, REMISSION_BELOW, Questionnaire
from sessions.models import CareEvent, OutcomeResponse

IN_ERROR = "Entered in error"


@dataclass(frozen=True)
class Row:
    """One line of the table, in words; one that was entered in error has neither number."""

    pk: int
    at: datetime
    score: int | None
    band: str
    change: str
    item_9: bool = False  # of PHQ-9, above 0; known at the clinic alone


@dataclass(frozen=True)
class Outcome:
    """One instrument: its rows with the newest first, and the drawing in two widths."""

    instrument: Instrument
    name: str
    most: int
    lead: str
    more: str
    note: str
    rows: list[Row]
    wide: OutcomeChart | None
    narrow: OutcomeChart | None

    @property
    def item_9(self) -> list[Row]:
        """Those whose item 9 was above 0, as far as the reader may know, newest first."""
        return [row for row in self.rows if row.item_9]

    @property
    def last(self) -> Row | None:
        """The newest score that counts."""
        return next((row for row in self.rows if row.score is not None), None)


def outcomes(
    responses: Iterable[OutcomeResponse],
    events: Iterable[CareEvent] = (),
    item_9: Collection[int] = (),
) -> list[Outcome]:
    """One for each instrument that was answered. `item_9`: the responses in which that item of
    PHQ-9 was above 0, for pages of the clinic: outside readers see scores alone."""
    doses = [
        Dosed(event.occurred_at, event.kind == EventKind.DOSE_GIVEN)
        for event in events
        if event.kind in (EventKind.DOSE_GIVEN, EventKind.DOSE_PLANNED)
    ]
    by_instrument: dict[str, list[OutcomeResponse]] = {}
    for response in responses:
        by_instrument.setdefault(response.instrument, []).append(response)
    return [
        _outcome(QUESTIONNAIRES[each], by_instrument[each], doses, item_9)
        for each in SCORED
        if each in by_instrument
    ]


def _outcome(
    questionnaire: Questionnaire,
    found: list[OutcomeResponse],
    doses: Sequence[Dosed],
    item_9: Collection[int],
) -> Outcome:
    ordered = sorted(found, key=lambda response: (response.occurred_at, response.pk))
    scores = [Scored(r.occurred_at, r.score) for r in ordered if not r.in_error]
    zone = ZoneInfo(timezone.get_current_timezone_name())
    lead, more = _in_words(questionnaire, scores)
    return Outcome(
        questionnaire.instrument,
        questionnaire.name,
        questionnaire.most,
        lead,
        more,
        questionnaire.note,
        _rows(questionnaire, ordered, item_9),
        draw_outcome(questionnaire, scores, doses, zone=zone, wide=True),
        draw_outcome(questionnaire, scores, doses, zone=zone, wide=False),
    )


def _rows(
    questionnaire: Questionnaire, ordered: list[OutcomeResponse], item_9: Collection[int]
) -> list[Row]:
    baseline: int | None = None
    rows = []
    for response in ordered:
        if response.in_error:
            rows.append(Row(response.pk, response.occurred_at, None, IN_ERROR, ""))
            continue
        score = response.score
        change = "Baseline" if baseline is None else change_of(questionnaire, baseline, score)
        baseline = score if baseline is None else baseline
        band = questionnaire.band(score).name
        above_0 = response.pk in item_9
        rows.append(Row(response.pk, response.occurred_at, score, band, change, above_0))
    return rows[::-1]


def change_of(questionnaire: Questionnaire, baseline: int, score: int) -> str:
    """−10 (−53%), response."""
    signed = f"{score - baseline:+d}".replace("-", "−") if score != baseline else "No change"
    if baseline and score != baseline:
        signed += f" ({(score - baseline) / baseline:+.0%})".replace("-", "−")
    return ", ".join([signed, *(word.lower() for word in reached(questionnaire, baseline, score))])


def reached(questionnaire: Questionnaire, baseline: int, score: int) -> list[str]:
    """What a later score amounts to; remission only of whoever was not below it at the start."""
    found = []
    if questionnaire.responds(baseline, score):
        found.append(questionnaire.goal_name)
    if questionnaire.worsens(baseline, score):
        found.append("Reliable worsening")
    if questionnaire.remits(score) and baseline >= REMISSION_BELOW:
        found.append("Remission")
    return found


def _in_words(questionnaire: Questionnaire, scores: Sequence[Scored]) -> tuple[str, str]:
    """(the newest score and its way there, what it amounts to)."""
    if not scores:
        return "No score counts.", ""
    first, last = scores[0], scores[-1]
    band = questionnaire.band(last.score).name
    if len(scores) == 1:
        return f"{last.score} on {day(last.at)}.", f"{band}. The first score: changes follow."
    moved = last.score - first.score
    way = "unchanged" if not moved else f"{'down' if moved < 0 else 'up'} {abs(moved)}"
    words = reached(questionnaire, first.score, last.score)
    more = f"{band}. {' and '.join(words).capitalize()}." if words else f"{band}."
    return f"{last.score} on {day(last.at)}, {way} from baseline.", more
