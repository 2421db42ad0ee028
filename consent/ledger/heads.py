"""Ends of the chains, signed and kept in a file outside the database.

One line a client: until which row the ledger had come, and that row's hash. One more line seals
the lines of the export and the seal before it, so that a line or a whole export taken away shows.
The key is LEDGER_KEY; whoever has only the database cannot make such a line.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from consent.models import LedgerHead

SALT = "consent.ledger.heads"


def export_heads(path: Path, at: datetime) -> int:
    """Append the ends of all chains to the file, and a seal; how many they are."""
    when = at.astimezone(UTC).isoformat(timespec="seconds")
    lines = [
        _signed({"at": when, "client": pk, "sequence": sequence, "hash": end})
        for pk, sequence, end in LedgerHead.objects.filter(sequence__gt=0)
        .order_by("client_id")
        .values_list("client_id", "sequence", "hash")
    ]
    kept = path.read_bytes() if path.exists() else b""
    before = next((line["signature"] for line in _backwards(kept) if "heads" in line), "")
    signatures = [line["signature"] for line in lines]
    seal = {"at": when, "heads": len(lines), "sealed": _mac(signatures), "before": before}
    text = "".join(json.dumps(line) + "\n" for line in [*lines, _signed(seal)])
    _append(path, text if not kept or kept.endswith(b"\n") else "\n" + text)
    return len(lines)


def _append(path: Path, text: str) -> None:
    """Readable by its owner alone; on the disk when this returns."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@dataclass
class Heads:
    """What a file of exported heads says, and what is wrong with the file itself."""

    of: dict[int, dict[int, dict[str, str]]] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)


def read_heads(path: Path) -> Heads:
    found = Heads()
    block: list[str] = []
    before = ""
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            line = _parsed(raw)
            if line is None:
                found.findings.append(f"Line {number} of {path.name} was not signed with this key.")
                continue
            if "heads" not in line:
                block.append(line["signature"])
                known = found.of.setdefault(line["client"], {}).setdefault(line["sequence"], {})
                known.setdefault(line["hash"], line["at"])
                continue
            if line["before"] != before:
                found.findings.append(f"An export before line {number} of {path.name} is missing.")
            if (line["heads"], line["sealed"]) != (len(block), _mac(block)):
                found.findings.append(
                    f"The export that line {number} of {path.name} seals was changed."
                )
            block, before = [], line["signature"]
    if block or not before:
        found.findings.append(f"{path.name} does not end with a whole export.")
    return found


def _backwards(content: bytes) -> Iterator[dict[str, Any]]:
    return filter(None, map(_parsed, reversed(content.splitlines())))


def _mac(parts: Iterable[str]) -> str:
    secret = settings.LEDGER_KEY
    return salted_hmac(SALT, "\n".join(parts), secret=secret, algorithm="sha256").hexdigest()


def _signed(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "signature": _mac([json.dumps(line, sort_keys=True)])}


def _parsed(raw: bytes) -> dict[str, Any] | None:
    """A line of ours; None when it cannot be read, or somebody else made it."""
    try:
        line = json.loads(raw)
        signature = line.pop("signature")
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
    if not constant_time_compare(signature, _mac([json.dumps(line, sort_keys=True)])):
        return None
    return {**line, "signature": signature}
