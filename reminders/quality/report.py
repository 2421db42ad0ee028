"""Every measure of a clinic over some months, in the order in which the page shows them."""

from datetime import datetime

from consent.ledger.accounting import Period
from people.models import Organization
from reminders.quality.adverse_events import adverse_events
from reminders.quality.doses import doses
from reminders.quality.measure import Measure
from reminders.quality.outcomes import outcomes
from reminders.quality.referrals import referrals
from reminders.quality.windows import windows


def report_of(clinic: Organization, period: Period, now: datetime) -> list[Measure]:
    """What the clinic's own record says of `period`, both of whose ends are given, as of `now`.

    A fixed number of queries. No client, no name and no single row is in it; the same for whoever
    of the clinic may see it.
    """
    return [
        outcomes(clinic, period),
        doses(clinic, period),
        adverse_events(clinic, period),
        windows(clinic, period, now),
        referrals(clinic, period),
    ]
