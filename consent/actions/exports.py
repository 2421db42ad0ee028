"""Taking an accounting out of the portal: who did it is kept."""

from audit.record import record
from consent.ledger.accounting import Period
from people.models import Client, Organization, User


def note_accounting_export(*, by: User, client: Client, period: Period, form: str) -> None:
    """A client's accounting left as a document of this form (`csv`, `pdf`)."""
    record(
        "accounting.exported", by=by, on=client, client_id=client.pk, form=form, period=str(period)
    )


def note_ledger_export(*, by: User, clinic: Organization, client_id: int | None, rows: int) -> None:
    """The clinic's ledger, or a part of it, left as a table."""
    record("ledger.exported", by=by, on=clinic, client_id=client_id, rows=rows)
