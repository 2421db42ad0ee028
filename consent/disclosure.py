"""The one door. Whatever a page, a fragment, a PDF or a count shows of an item passes here.

One transaction: lock the ends of the clients' ledgers, look at the releases by the database's
clock, read what they permit, append the ledger rows, commit; only then answer. Revoking takes the
same lock, so nothing leaves after a revocation is confirmed. If the ledger cannot be written,
nothing is disclosed. What is withheld leaves no trace.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, Q

from consent.access import CROSSING, DECLARED_BY, Access, Reader
from consent.clock import database_now
from consent.decision import READING_ROLES
from consent.enums import Category, Channel, EmergencyBasis, Sensitivity
from consent.ledger.chain import append, lock_heads
from consent.models import DisclosableItem, Disclosure

Item = TypeVar("Item", bound=DisclosableItem)
LIMIT = 500  # items of one kind on one page


@dataclass(frozen=True)
class Disclosed:
    """What the reader may have, newest first, and the access it rests on."""

    at: datetime
    access: Access
    items: dict[type[DisclosableItem], list] = field(default_factory=dict)

    def of(self, model: type[Item]) -> list[Item]:
        return self.items[model]


def disclose(
    *,
    to: Reader,
    about: Collection[int],
    kinds: Mapping[type[DisclosableItem], Q],
    channel: Channel,
) -> Disclosed:
    """Read items about the clients `about` for the reader `to`, and record it.

    `kinds` maps each table to a further condition (`Q()` for none). One ledger row is written for
    each client about whom something crosses between organisations; what the reader's own
    organisation wrote is read without one.
    """
    with transaction.atomic(durable=True):
        heads = lock_heads(about)
        at = database_now()
        access = Access.load(to, about, at)
        items = {
            model: list(
                model.objects.readable_by(access)
                .filter(narrow)
                .select_related(*model.read_with)[:LIMIT]
            )
            for model, narrow in kinds.items()
        }
        append(_rows(access, items, channel), heads)
    return Disclosed(at, access, items)


def _rows(access: Access, items: Mapping, channel: Channel) -> list[Disclosure]:
    """One row a client and basis, of the items that cross. Raises if one rests on nothing."""
    crossing: dict[tuple[int, int | None], list[tuple[DisclosableItem, int | None]]] = {}
    for found in items.values():
        for item in found:
            decision = access.decide(item)
            if not decision.permitted:
                raise PermissionError(f"Filter and decision differ: {decision.reason}")
            if decision.reason in CROSSING:
                item.cross()
                key = item.client_id, decision.emergency
                crossing.setdefault(key, []).append((item, decision.release))
    reader = access.reader
    return [
        Disclosure(
            client_id=client,
            at=access.at,
            **_who(reader),
            purpose=access.basis_of(emergency),
            channel=channel,
            emergency_id=emergency,
            releases=sorted({release for _, release in pairs if release}),
            categories=sorted({item.category for item, _ in pairs}),
            sensitivities=sorted({s for item, _ in pairs for s in item.sensitivities}),
            items=[_described(item, release) for item, release in pairs],
        )
        for (client, emergency), pairs in sorted(crossing.items(), key=lambda kv: str(kv[0]))
    ]


def _who(reader: Reader) -> dict[str, Any]:
    """What the ledger keeps of a reader."""
    return {
        "reader_id": reader.contact or reader.person,
        "reader_name": reader.name,
        "reader_role": reader.role,
        "organization_id": reader.organization,
        "organization_name": reader.organization_name,
        "organization_address": reader.organization_address,
    }


def _described(item: DisclosableItem, release: int | None) -> list:
    """What the ledger keeps of an item: which one it was, never what it says."""
    day = item.occurred_at.date().isoformat()
    return [item._meta.label_lower, item.pk, item.category, day, release]


# ---------------------------------------------------------------- told in an emergency
@dataclass(frozen=True)
class Told:
    """What one house tells another in an emergency, of its own accord. No release opens it and
    none keeps it back: the basis is treatment (45 CFR 164.506(c)) or a serious and imminent threat
    (45 CFR 164.512(j)(1)(i)). `clinic` accounts for it."""

    item: Model
    client: int
    clinic: int
    author_organization: int
    basis: EmergencyBasis
    at: datetime
    part2: bool = False

    def crosses_to(self, reader: Reader) -> bool:
        return reader.organization != self.author_organization

    def permitted(self, reader: Reader) -> bool:
        """Whether `reader`, who is told, may have its words. Part 2 records leave a house in a
        medical emergency alone, and to medical personnel alone: 42 CFR 2.51."""
        if reader.role not in READING_ROLES:
            return False
        if not (self.part2 and self.crosses_to(reader)):
            return True
        medical = EmergencyBasis.MEDICAL
        return self.basis == medical and reader.role in DECLARED_BY[medical]


def disclose_told(*, to: Reader, told: Told, channel: Channel) -> bool:
    """Whether `to` may have the words of `told`; where they cross, the ledger has a row of it
    before this returns, with the basis in the place of a release."""
    if not told.permitted(to):
        return False
    if told.crosses_to(to):
        with transaction.atomic(durable=True):
            heads = lock_heads({told.client})
            append([_row_of_told(to, told, channel)], heads)
    return True


def _row_of_told(reader: Reader, told: Told, channel: Channel) -> Disclosure:
    what = (told.item._meta.label_lower, told.item.pk, Category.SAFETY.value)
    return Disclosure(
        client_id=told.client,
        at=database_now(),
        **_who(reader),
        purpose=told.basis,
        channel=channel,
        releases=[],
        categories=[Category.SAFETY.value],
        sensitivities=[Sensitivity.SUBSTANCE_USE.value] if told.part2 else [],
        # A sixth place says which clinic accounts for it, where no release does.
        items=[[*what, told.at.date().isoformat(), None, told.clinic]],
    )
