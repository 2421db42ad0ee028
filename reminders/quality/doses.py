"""Doses per client."""

from collections.abc import Collection

from django.db.models import Count

from consent.ledger.accounting import Period
from people.models import Organization
from reminders.quality.cells import WITHHELD, Cell, Table, median_of, parts
from reminders.quality.measure import Measure, Part
from sessions.models import DosingSession

# words: from so many doses to so many
GROUPS = {"1 dose": (1, 1), "2 doses": (2, 2), "3 to 5 doses": (3, 5), "6 or more": (6, 10**6)}
DEFINITION = (
    "Counts each client who was given a dose in these months, by how many of them. Doses that were "
    "planned, moved or cancelled do not count, nor does what was given before or after."
)
EMPTY = "No dose was given in these months. A dose counts once “Dose given” is recorded."


def doses(clinic: Organization, period: Period) -> Measure:
    """One query, one row for each client."""
    rows = DosingSession.objects.filter(episode__clinic=clinic)
    rows = rows.filter(given_at__gte=period.since, given_at__lt=period.until).order_by()
    found = rows.values("episode__client").annotate(doses=Count("pk"))
    given = list(found.values_list("doses", flat=True))
    table = doses_table(given)
    middle = WITHHELD if table.withholds else median_of(given, len(given))
    part = Part("per-client", "By number of doses", "clients", table, {"Median": middle})
    return Measure("doses", "Doses per client", DEFINITION, [part], EMPTY)


def doses_table(given: Collection[int]) -> Table:
    """Clients by how many doses they were given, from one number for each of them."""
    counts = {
        words: sum(least <= doses <= most for doses in given)
        for words, (least, most) in GROUPS.items()
    }
    return parts(Cell(words, count, count) for words, count in counts.items())
