"""Finding clients and recipients within one clinic, by a name that stands in no address."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from consent.ledger.accounting import entries
from consent.models import Disclosure
from people.models import Client

MOST = 20
LOOKED_THROUGH = 1000  # of the newest disclosures that match


@dataclass(frozen=True)
class Recipient:
    """Somebody in the ledger: a user, or an outside contact."""

    key: str  # "reader" or "contact": the name of the ledger's filter
    pk: int
    name: str
    organization: str


def clients_of(organization_id: int) -> QuerySet[Client]:
    """The clients of whom the clinic keeps a record."""
    return Client.objects.filter(registrations__organization=organization_id)


def clients_named(organization_id: int, words: str) -> list[Client]:
    """Clients whose name holds every word, or whose number it is."""
    number = words.strip().upper().removeprefix("KC-")
    matching = Q()
    for word in words.split():
        matching &= Q(last_name__icontains=word) | Q(first_name__icontains=word)
    if number.isascii() and number.isdigit() and len(number) < 16:
        matching |= Q(pk=int(number))
    found = clients_of(organization_id).filter(matching)
    return list(found.order_by("last_name", "first_name", "pk")[:MOST])


def recipients_named(organization_id: int, words: str) -> list[Recipient]:
    """Those who received something for which the clinic accounts, by name or organisation."""
    rows = Disclosure.objects.filter(client_id__in=clients_of(organization_id).values("pk"))
    for word in words.split():
        rows = rows.filter(Q(reader_name__icontains=word) | Q(organization_name__icontains=word))
    found: dict[tuple[int, str], Recipient] = {}
    for looked, entry in enumerate(entries(rows, organization_id, by="pk")):
        pk, role = entry.reader
        key = "contact" if role == "contact" else "reader"
        found.setdefault((pk, key), Recipient(key, pk, entry.recipient, entry.organization))
        if len(found) == MOST or looked == LOOKED_THROUGH:
            break
    return list(found.values())
