"""The chain of a client's disclosures: each row seals itself and the one before it."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC

from consent.models import Disclosure, LedgerHead

SEALED = (
    "client_id",
    "sequence",
    "at",
    "reader_id",
    "reader_name",
    "reader_role",
    "organization_id",
    "organization_name",
    "organization_address",
    "purpose",
    "channel",
    "releases",
    "categories",
    "sensitivities",
    "items",
    "previous_hash",
)


def seal(row: Disclosure) -> str:
    """The SHA-256, in hexadecimal, of everything a row says and of the hash before it."""
    content = {name: getattr(row, name) for name in SEALED}
    content["at"] = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def lock_heads(clients: Collection[int]) -> dict[int, LedgerHead]:
    """Lock the ends of these clients' chains, in the order of their ids, making missing ones."""
    heads = _locked(clients)
    if missing := sorted(set(clients) - set(heads)):
        LedgerHead.objects.bulk_create(
            [LedgerHead(client_id=pk) for pk in missing], ignore_conflicts=True
        )
        heads = _locked(clients)
    return heads


def _locked(clients: Collection[int]) -> dict[int, LedgerHead]:
    rows = LedgerHead.objects.select_for_update().filter(client_id__in=clients)
    return {head.client_id: head for head in rows.order_by("client_id")}


def append(rows: Iterable[Disclosure], heads: dict[int, LedgerHead]) -> None:
    """Write rows at the ends of their clients' chains; `heads` must be locked."""
    rows = list(rows)
    for row in rows:
        head = heads[row.client_id]
        row.sequence, row.previous_hash = head.sequence + 1, head.hash
        row.hash = seal(row)
        head.sequence, head.hash = row.sequence, row.hash
    Disclosure.objects.bulk_create(rows)
    changed = [heads[pk] for pk in sorted({row.client_id for row in rows})]
    LedgerHead.objects.bulk_update(changed, ["sequence", "hash"])


def broken_links(client_id: int) -> Iterator[str]:
    """What is wrong with a client's chain, in words; nothing when it is whole."""
    sequence, hash_before = 0, ""
    for row in Disclosure.objects.filter(client_id=client_id).order_by("sequence"):
        sequence += 1
        if row.sequence != sequence:
            yield f"row {sequence} is missing"
            sequence = row.sequence
        if row.previous_hash != hash_before:
            yield f"row {row.sequence} does not follow the row before it"
        if seal(row) != row.hash:
            yield f"row {row.sequence} was changed"
        hash_before = row.hash
    head = LedgerHead.objects.filter(client_id=client_id).first()
    if head is None and sequence:
        yield "the head of the chain is missing"
    if head and (head.sequence, head.hash) != (sequence, hash_before):
        yield f"the chain ends at row {sequence}, its head says {head.sequence}"
