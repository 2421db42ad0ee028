"""The ledger as a table for a spreadsheet: every look on a line of its own."""

from collections.abc import Iterable, Iterator, Mapping

from django.http import HttpResponse
from django.utils import timezone

from consent.ledger.accounting import Entry, Period, scope_of
from people.models import Client, Organization
from people.spreadsheet import csv_response

COLUMNS = (
    "Entry",
    "When",
    "Who received it",
    "Organisation",
    "Address",
    "Categories",
    "Items",
    "Dates of the items",
    "Why",
    "How",
    "On which release or emergency",
    "Notice",
)


def client_sheet(
    filename: str, found: Iterable[Entry], clinic: Organization, period: Period
) -> HttpResponse:
    """A client's accounting; the last lines say what it covers."""
    return csv_response(filename, COLUMNS, _with_scope(map(_row, found), clinic, period))


def ledger_sheet(
    filename: str,
    found: Iterable[Entry],
    clinic: Organization,
    period: Period,
    clients: Mapping[int, Client],
) -> HttpResponse:
    """Entries of many clients, each with their number and name."""
    rows = ((clients[e.client_id].number, clients[e.client_id], *_row(e)) for e in found)
    header = ("Client number", "Client", *COLUMNS)
    return csv_response(filename, header, _with_scope(rows, clinic, period))


def _row(entry: Entry) -> tuple:
    return (
        entry.sequence,
        timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S %z"),
        entry.recipient,
        entry.organization,
        entry.address,
        entry.what,
        entry.count,
        entry.dates,
        entry.purpose,
        entry.how,
        entry.basis,
        entry.notice,
    )


def _with_scope(rows: Iterable[tuple], clinic: Organization, period: Period) -> Iterator[tuple]:
    yield from rows
    yield ()
    for sentence in scope_of(clinic, period):
        yield (sentence,)
