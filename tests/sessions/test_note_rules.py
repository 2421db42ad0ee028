"""What the database itself holds of notes, whoever writes to it."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from sessions.models import ContinuityNote, NoteSection
from sessions.models.psychotherapy import PsychotherapyNote

NOW = timezone.now()


@pytest.fixture
def note(case, episode):
    case.give(hours_ago=3)
    return case.note({"response": "Zqfirst"})


def refused(attempt) -> bool:
    try:
        with transaction.atomic():
            attempt()
    except DatabaseError:
        return True
    return False


def another(note, **fields) -> ContinuityNote:
    usual = {"episode": note.episode, "dosing": note.dosing, "author": note.author}
    return ContinuityNote.objects.create(**{**usual, **fields})


def marks(by, **changes) -> dict:
    return {"in_error_at": NOW, "in_error_by": by, "in_error_reason": "wrong", **changes}


def test_one_note_of_a_dose_holds(case, note):
    assert refused(lambda: another(note))
    case.take_back(note)
    new = another(note)
    assert refused(lambda: another(note))
    assert case.dosing.note == new


def test_only_a_signed_note_of_the_same_dose_is_added_to(case, note):
    dosing = case.give(hours_ago=2.5)
    draft = case.write({})
    assert refused(lambda: another(note, dosing=dosing, adds_to=note))
    assert refused(lambda: another(draft, adds_to=draft))
    addition = case.add_to(note, {"safety": "Zqmore"})
    assert refused(lambda: another(note, adds_to=addition))
    open_one = another(note, adds_to=note)
    assert refused(lambda: another(note, adds_to=note))  # one draft at a time
    mine = ContinuityNote.objects.filter(pk=open_one.pk)
    assert refused(lambda: mine.update(adds_to=None))
    assert refused(lambda: mine.update(signed_at=NOW, signed_by=note.author))  # without a reason
    case.take_back(note)
    signed = {"signed_at": NOW, "signed_by": note.author, "reason": "late"}
    assert refused(lambda: mine.update(**signed))
    assert refused(lambda: another(note, adds_to=note))


def test_a_signed_note_takes_no_more_sections(case, note):
    section = NoteSection.unscoped.get()
    section.pk, section.category = None, "safety"
    assert refused(section.save)


def test_it_is_marked_once_and_whole_and_nothing_else_changes(case, note):
    by = case.cast.prescriber
    mine = ContinuityNote.objects.filter(pk=note.pk)
    assert refused(lambda: mine.update(**marks(by, in_error_reason="")))
    assert refused(lambda: mine.update(**marks(by, in_error_by=None)))
    assert refused(lambda: mine.update(**marks(by), version=99))
    assert refused(lambda: mine.update(**marks(by), reason="other"))
    addition = case.add_to(note, {"safety": "Zqmore"})
    added = ContinuityNote.objects.filter(pk=addition.pk)
    assert refused(lambda: added.update(**marks(by), reason="other"))
    draft = another(note, dosing=case.give(hours_ago=2.5))
    assert refused(lambda: ContinuityNote.objects.filter(pk=draft.pk).update(**marks(by)))
    case.take_back(note)
    for fields in ({"in_error_reason": "other"}, {"in_error_at": None}, marks(by)):
        assert refused(lambda fields=fields: mine.update(**fields)), fields
    assert refused(lambda: mine._raw_delete(mine.db))
    assert NoteSection.unscoped.get(note=note).text == "Zqfirst"


def test_a_psychotherapy_note_stays_its_authors_and_a_closed_one_as_it_is(case, episode):
    mine = PsychotherapyNote.unscoped.filter(pk=case.own_note().pk)
    assert refused(lambda: mine.update(author=case.cast.prescriber))
    assert refused(lambda: mine.update(text=""))
    assert not refused(lambda: mine.update(text="Zqother"))
    mine.update(closed_at=NOW)
    for fields in ({"text": "Zqlater"}, {"closed_at": None}):
        assert refused(lambda fields=fields: mine.update(**fields))
    assert refused(lambda: mine._raw_delete(mine.db))
