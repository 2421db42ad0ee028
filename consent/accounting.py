"""Accounting of disclosures: what left, to whom, when and why (45 CFR 164.528(b)(2)).

It lists every disclosure, authorised ones included: that is more than the rule asks for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from consent.enums import Category, Channel, Purpose, Sensitivity
from consent.models import Disclosure, Release
from consent.scope import PART2_NOTICE
from people.enums import Role


@dataclass(frozen=True)
class Entry:
    """One disclosure in words; never what the items say."""

    client_id: int
    at: datetime
    recipient: str
    organization: str
    address: str
    description: str
    purpose: str
    how: str
    releases: str
    notice: str


def accounting(client_id: int, organization_id: int) -> list[Entry]:
    """The disclosures about a client that rest on releases of this clinic, newest first."""
    rows = Disclosure.objects.filter(client_id=client_id).order_by("-sequence")
    return [_entry(row) for row in _of_clinic(rows, organization_id)]


def newest(clients: Iterable[int], organization_id: int, most: int) -> list[Entry]:
    """The newest `most` disclosures about these clients that rest on the clinic's releases."""
    rows = Disclosure.objects.filter(client_id__in=clients).order_by("-at", "-pk")[:most]
    return [_entry(row) for row in _of_clinic(rows, organization_id)]


def _of_clinic(rows: Iterable[Disclosure], organization_id: int) -> list[Disclosure]:
    """A client may be in care at two clinics: each accounts for its own releases."""
    rows = list(rows)
    named = {release for row in rows for release in row.releases}
    own = set(
        Release.objects.filter(pk__in=named).of_clinic(organization_id).values_list("pk", flat=True)
    )
    return [row for row in rows if own.intersection(row.releases)]


def _entry(row: Disclosure) -> Entry:
    labels = [Category(c).label for c in row.categories]
    count = "1 item" if len(row.items) == 1 else f"{len(row.items)} items"
    return Entry(
        client_id=row.client_id,
        at=row.at,
        recipient=f"{row.reader_name} ({Role(row.reader_role).label.lower()})",
        organization=row.organization_name,
        address=row.organization_address,
        description=f"{', '.join(labels)}; {count}",
        purpose=Purpose(row.purpose).label,
        how=Channel(row.channel).label,
        releases=", ".join(f"KC-R-{pk:04d}" for pk in row.releases),
        notice=PART2_NOTICE if Sensitivity.SUBSTANCE_USE in row.sensitivities else "",
    )
