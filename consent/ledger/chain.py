"""The chain of a client's disclosures: each row seals itself and the one before it."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any

from consent.models import Disclosure, LedgerHead

Row = Mapping[str, Any]
Head = tuple[int, str]  # sequence, hash
# Heads that were exported of one client: {sequence: {hash: when}}. Two hashes of one row mean that
# it changed between two exports.
Exported = Mapping[int, Mapping[str, str]]

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
    "emergency_id",
    "releases",
    "categories",
    "sensitivities",
    "items",
    "previous_hash",
)


def seal(row: Disclosure) -> str:
    """The SHA-256, in hexadecimal, of everything a row says and of the hash before it.

    The row's id is left out: it only numbers the table.
    """
    return seal_of({name: getattr(row, name) for name in SEALED})


def seal_of(row: Mapping[str, Any]) -> str:
    """The seal of a row given by its columns; others than SEALED do not count."""
    content = {name: row[name] for name in SEALED}
    content["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
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


def broken_links(client_id: int, exported: Exported | None = None) -> list[str]:
    """What is wrong with a client's chain, in words; nothing when it is whole."""
    found = LedgerHead.objects.filter(client_id=client_id).first()
    head = (found.sequence, found.hash) if found else None
    return list(Chain().problems(ledger_rows(client_id=client_id), head, exported))


def ledger_rows(**which: int) -> Iterator[Row]:
    """Rows as mappings, chain by chain, a few at a time."""
    rows = Disclosure.objects.filter(**which).order_by("client_id", "sequence")
    return rows.values("hash", *SEALED).iterator(chunk_size=2000)


class Chain:
    """One client's chain, walked from its first row."""

    length = 0

    def problems(
        self, rows: Iterable[Row], head: Head | None, exported: Exported | None = None
    ) -> Iterator[str]:
        """What is wrong, beside the head and beside what was exported of this client."""
        end: Head = (0, "")
        hashes = {}
        for row in rows:
            self.length += 1
            yield from _row_problems(row, end)
            end = row["sequence"], row["hash"]
            if exported and end[0] in exported:
                hashes[end[0]] = end[1]
        yield from _head_problems(head, end)
        for sequence, known in sorted((exported or {}).items()):
            for was, when in known.items():
                if hashes.get(sequence) != was:
                    how = "is another" if sequence in hashes else "is missing"
                    yield f"row {sequence}, exported {when}, {how}"


def _row_problems(row: Row, end: Head) -> Iterator[str]:
    number, expected = row["sequence"], end[0] + 1
    if number != expected:
        yield f"row {expected} is missing"
    if row["previous_hash"] != end[1]:
        yield f"row {number} does not follow the row before it"
    if seal_of(row) != row["hash"]:
        yield f"row {number} was changed"


def _head_problems(head: Head | None, end: Head) -> Iterator[str]:
    if head == end or (head is None and not end[0]):
        return
    if head is None:
        yield "the head of the chain is missing"
    elif head[0] == end[0]:
        yield f"the head is not the hash of row {end[0]}"
    else:
        yield f"the chain ends at row {end[0]}, its head says {head[0]}"
