"""Taking the clinic's quality numbers out of the portal: who did it is kept."""

from audit.record import record
from consent.ledger.accounting import Period
from people.models import Organization, User


def note_quality_export(*, by: User, clinic: Organization, period: Period) -> None:
    """The numbers of these months left as a table."""
    record("quality.exported", by=by, on=clinic, period=str(period))
