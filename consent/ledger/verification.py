"""Whether the ledger is still what was written: every row, every chain, every exported head.

Each row seals itself and the row before it, so an edit, a deletion or a swap breaks the chain.
Whoever may write every table could make a chain anew, or cut its tail and put the head back; heads
that were exported to a file outside the database (consent.ledger.heads) find that too. What is
newer than the last export is held by the chain alone: export often.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from django.db import DatabaseError, transaction

from consent.documents.kept import damage
from consent.ledger.chain import Chain, Exported, broken_links, ledger_rows
from consent.models import Disclosure, LedgerHead, Signed

UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError, DatabaseError)


@dataclass
class Report:
    """What was looked at, and one sentence for each thing that is wrong."""

    clients: int = 0
    rows: int = 0
    findings: list[str] = field(default_factory=list)


def verify_ledger(exported: Mapping[int, Exported]) -> Report:
    """Read the whole ledger once, in the order of its chains, beside what was exported.

    It may run while people read: a chain that looks broken is looked at again with its head
    locked, and only what is wrong then is reported.
    """
    report = Report()
    heads = {pk: (sequence, end) for pk, sequence, end in _heads()}
    suspects = {client for client, head in heads.items() if head != (0, "")} | set(exported)
    whole = False
    try:
        for client, rows in groupby(ledger_rows(), key=itemgetter("client_id")):
            chain = Chain()
            suspects.discard(client)
            if any([*chain.problems(rows, heads.get(client), exported.get(client))]):
                suspects.add(client)
            report.clients += 1
            report.rows += chain.length
        whole = True
    except UNREADABLE:  # a value that its column should not hold: each client is looked at alone
        suspects |= set(Disclosure.objects.values_list("client_id", flat=True).distinct())
    for client in sorted(suspects, key=str):
        report.findings += _second_look(client, exported.get(client))
    if not (whole or report.findings):
        report.findings.append("The ledger could not be read to its end.")
    return report


def _heads() -> Iterable[tuple[int, int, str]]:
    return LedgerHead.objects.values_list("client_id", "sequence", "hash").iterator()


def _second_look(client: int, exported: Exported | None) -> list[str]:
    """The same once more, with nobody writing to this chain."""
    try:
        with transaction.atomic():
            LedgerHead.objects.select_for_update().filter(client_id=client).first()
            return [f"Client {client}: {each}." for each in broken_links(client, exported)]
    except UNREADABLE:
        return [f"Client {client}: a row or the head cannot be read."]


def damaged_documents(kind: type[Signed]) -> tuple[int, list[str]]:
    """How many of this kind are signed, and a sentence for each thing of them that was changed."""
    signed, findings = 0, []
    rows = kind.objects.filter(signed_at__isnull=False)
    for document in rows.order_by("pk").iterator():
        signed += 1
        findings += [f"{document.number}: {each}" for each in damage(document)]
    return signed, findings
