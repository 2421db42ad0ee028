"""The continuity note: drafted, saved by version, signed once."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from people.concurrency import ChangedMeanwhile
from sessions.actions import notes
from sessions.enums import CATEGORY_OF_EVENT, EventKind
from sessions.models import NoteSection
from tests.sessions.test_actions import refused


def test_a_note_is_saved_by_version_and_signed_once(case, episode):
    case.give(hours_ago=3)
    by, draft = case.cast.prescriber, case.write({"response": "first"})
    with pytest.raises(ChangedMeanwhile) as told:
        notes.save_note(by=by, note=draft, version=draft.version - 1, texts={"response": "other"})
    assert told.value.current.draft["response"] == "first"
    with pytest.raises(ChangedMeanwhile):
        notes.sign_note(by=by, note=draft, version=draft.version - 1)
    assert not NoteSection.unscoped.exists()
    signed = notes.sign_note(by=by, note=draft, version=draft.version)
    assert (signed.draft, signed.signed_by) == ({}, by)
    assert NoteSection.unscoped.get().text == "first"
    for again in (notes.save_note, notes.sign_note):
        texts = {"texts": {}} if again is notes.save_note else {}
        with pytest.raises(PermissionDenied, match="signed"):
            again(by=by, note=signed, version=signed.version, **texts)


def test_an_empty_note_and_a_book_are_refused(case, episode):
    case.give(hours_ago=3)
    draft = case.write({})
    refused(None, notes.sign_note, by=case.cast.prescriber, note=draft, version=draft.version)
    refused("response", case.write, {"response": "x" * 8001})
    with pytest.raises(DatabaseError), transaction.atomic():
        NoteSection.unscoped.bulk_create(
            [NoteSection(note=draft, text="", **_section(case, category="history"))]
        )


def _section(case, **changes) -> dict:
    cast = case.cast
    usual = {"client": case.client, "author_organization": cast.clinic, "author": cast.prescriber}
    return {**usual, **changes}


def test_who_writes_notes(case, episode):
    case.give(hours_ago=3)
    for name, user in case.cast.everybody().items():
        if name not in {"prescriber", "kaptherapist"}:
            with pytest.raises(PermissionDenied):
                notes.start_note(by=user, dosing=case.dosing)


def test_every_event_has_its_category():
    assert set(CATEGORY_OF_EVENT) == set(EventKind)
