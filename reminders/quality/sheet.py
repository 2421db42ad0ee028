"""The same numbers as a table for a spreadsheet, definitions below."""

from collections.abc import Iterator

from django.http import HttpResponse

from consent.ledger.accounting import Period
from people.models import Organization
from people.spreadsheet import csv_response
from reminders.quality.cells import LEAST
from reminders.quality.measure import Measure, Part

COLUMNS = ("Measure", "Of", "What", "Counted", "Number", "Clients", "Percent", "Median days")
RULE = (
    f"A number about fewer than {LEAST} clients is withheld, and so is whatever would give it "
    "away: totals, shares, rates and medians. 0 is shown."
)


def quality_sheet(measures: list[Measure], clinic: Organization, period: Period) -> HttpResponse:
    return csv_response("quality.csv", COLUMNS, _rows(measures, clinic, period))


def _rows(measures: list[Measure], clinic: Organization, period: Period) -> Iterator[tuple]:
    for measure in measures:
        for part in measure.parts:
            for row in _of(part):
                line = (measure.title, part.title, *row)
                yield line + ("",) * (len(COLUMNS) - len(line))
    yield ()
    yield (f"{clinic.name}, {period}",)
    for measure in measures:
        yield (f"{measure.title}: {measure.definition}",)
    yield (RULE,)


def _of(part: Part) -> Iterator[tuple]:
    for line in part.table.lines:
        percent = "" if line.percent is None else line.percent
        count = line.clients_text if part.counts_clients else line.text
        yield (line.label, part.unit, count, line.clients_text, percent, line.days)
    if part.is_whole:
        yield ("Total", part.unit, part.total_text)
    for name, text in part.facts.items():
        yield (name, "", text)
