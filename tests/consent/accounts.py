"""Rows of the ledger for tests, and what an accounting says as a table or on paper."""

import csv
import io

from pypdf import PdfReader

from consent.clock import database_now
from consent.enums import Channel
from consent.ledger.chain import append, lock_heads
from consent.models import Disclosure
from people.enums import Role
from tests.consent.pages import BODIES


def write(case, *, at=None, items=(), **changes) -> Disclosure:
    """A row of the ledger, sealed as the door does it."""
    named = {item[4] for item in items if item[4]}
    row = Disclosure(
        **{
            "client_id": case.client.pk,
            "at": at or database_now(),
            "reader_id": case.cast.therapist.pk,
            "reader_name": "Tess Therapist, LCSW",
            "reader_role": Role.THERAPIST,
            "organization_id": case.cast.practice.pk,
            "organization_name": "Harbor Lane Practice",
            "organization_address": "1 Harbor Lane",
            "purpose": "coordination",
            "channel": Channel.PAGE,
            "releases": sorted(named),
            "categories": sorted({item[2] for item in items}),
            "sensitivities": [],
            "items": list(items),
            **changes,
        }
    )
    append([row], lock_heads([case.client.pk]))
    return row


def item(category: str, release, number: int = 1, on: str = "2026-07-14") -> list:
    return ["care_sessions.notesection", number, category, on, release and release.pk]


def table(answer) -> list[list[str]]:
    text = answer.content.decode("utf-8-sig")
    assert not [words for words in BODIES if words in text]
    return list(csv.reader(io.StringIO(text)))


def paper(answer) -> str:
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert not [words for words in BODIES if words in text]
    return text
