"""The continuity note: drafted, saved by version, signed once, added to, marked as in error."""

from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.enums import Sensitivity
from people.concurrency import check_version
from people.models import User
from sessions.enums import NOTE_CATEGORIES
from sessions.models import ContinuityNote, DosingSession, NoteSection
from sessions.note_facts import facts, recorded_since
from sessions.permissions import (
    check_user_can_add_to,
    check_user_can_mark_in_error,
    check_user_can_sign_note,
    check_user_can_write_note,
)
from sessions.signals import note_signed

LONGEST = 8000
LONGEST_REASON = 300


@transaction.atomic
def start_note(*, by: User, dosing: DosingSession) -> ContinuityNote:
    """The note of a dose that was given, begun with the facts that are recorded.

    Where one holds already, drafted or signed, that one is given back.
    """
    check_user_can_write_note(by, dosing.episode)
    dosing = DosingSession.objects.select_for_update(of=("self",), no_key=True).get(pk=dosing.pk)
    if not dosing.given_at:
        raise ValidationError("Record the dose before its note.")
    if dosing.note:
        return dosing.note
    told = facts(dosing)
    note = ContinuityNote.objects.create(
        dosing=dosing, episode=dosing.episode, author=by, draft=told, begun_with=told
    )
    record("note.started", by=by, on=note, client_id=note.episode.client_id)
    return note


@transaction.atomic
def start_addition(*, by: User, note: ContinuityNote) -> ContinuityNote:
    """An addition to a signed note, begun empty; one is written at a time, so that whoever asks
    while a draft stands is given that one."""
    note = _locked(note)
    check_user_can_add_to(by, note)
    if existing := note.additions.filter(signed_at=None).first():
        return existing
    addition = ContinuityNote.objects.create(
        dosing=note.dosing, episode=note.episode, adds_to=note, author=by
    )
    record("note.addition_started", by=by, on=addition, client_id=note.episode.client_id)
    return addition


@transaction.atomic
def discard_addition(*, by: User, note: ContinuityNote) -> None:
    """Throw away the draft of an addition. A signed one, and the draft of a note, are kept."""
    note = _locked(note)
    check_user_can_write_note(by, note.episode)
    if note.signed_at or not note.adds_to_id:
        raise ValidationError("Only the draft of an addition is thrown away.")
    record("note.addition_discarded", by=by, on=note, client_id=note.episode.client_id)
    note.delete()


@transaction.atomic
def save_note(
    *,
    by: User,
    note: ContinuityNote,
    version: int,
    texts: Mapping[str, str],
    substance_use: Collection[str] = (),
    reason: str = "",
) -> ContinuityNote:
    """Save a draft read at `version`; `reason` is an addition's. Raises ChangedMeanwhile when
    somebody else saved first.

    What stands there already is not saved again, whoever sends it.
    """
    note = _locked(note)
    check_user_can_sign_note(by, note)
    if too_long := [c for c, text in texts.items() if len(text) > LONGEST]:
        raise ValidationError({c: f"Use at most {LONGEST} characters." for c in too_long})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": f"Use at most {LONGEST_REASON} characters."})
    draft = {c.value: texts.get(c, "").strip() for c in NOTE_CATEGORIES}
    marked = sorted(set(substance_use) & set(draft))
    reason = reason.strip() if note.adds_to_id else ""
    if (note.draft, note.draft_substance_use, note.reason) == (draft, marked, reason):
        return note
    check_version(note, version)
    note.draft, note.draft_substance_use, note.reason = draft, marked, reason
    note.save()
    record("note.saved", by=by, on=note, client_id=note.episode.client_id, version=note.version)
    return note


@transaction.atomic
def add_recorded(*, by: User, note: ContinuityNote) -> ContinuityNote:
    """Put what was recorded since the draft began at the end of its sections.

    Done again it changes nothing. Raises ValidationError where a section would become too long.
    """
    note = _locked(note)
    check_user_can_sign_note(by, note)
    since = recorded_since(note)
    if not since:
        return note
    for category, sentences in since.items():
        text = "\n".join(filter(None, [note.draft.get(category, ""), *sentences]))
        if len(text) > LONGEST:
            raise ValidationError(f"{category.label}: use at most {LONGEST} characters.")
        note.draft[category.value] = text
    note.begun_with = facts(note.dosing)
    note.version += 1
    note.save()
    record("note.saved", by=by, on=note, client_id=note.episode.client_id, version=note.version)
    return note


@transaction.atomic
def sign_note(*, by: User, note: ContinuityNote, version: int) -> ContinuityNote:
    """Make the draft read at `version` immutable: one row for each section that has words."""
    note = _locked(note)
    check_user_can_sign_note(by, note)
    check_version(note, version)
    sections = unsaved_sections(note, by)
    if not sections:
        raise ValidationError("The note is empty. Write at least one section.")
    if note.adds_to_id and not note.reason:
        raise ValidationError("Say why something is added.")
    for section in sections:
        section.save()
    note.draft, note.begun_with, note.draft_substance_use = {}, {}, []
    note.signed_at, note.signed_by = timezone.now(), by
    note.save()
    record("note.signed", by=by, on=note, client_id=note.episode.client_id)
    note_signed.send(ContinuityNote, note=note, by=by)
    return note


@transaction.atomic
def mark_in_error(*, by: User, note: ContinuityNote, reason: str) -> ContinuityNote:
    """Mark a signed note, with all that was added to it, or one addition, as entered in error.

    Nothing is deleted: the clinic reads it struck through, others read that it was in error, and
    a new note on the dose can be begun. Marking it again changes nothing.
    """
    note = _locked(note)
    check_user_can_mark_in_error(by, note)
    if note.in_error_at:
        return note
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise ValidationError(
            {"reason": f"Say what was wrong, in at most {LONGEST_REASON} characters."}
        )
    marked = note.additions.filter(signed_at__isnull=False, in_error_at=None)
    for row in (note, *marked):
        row.in_error_at, row.in_error_by = timezone.now(), by
        row.in_error_reason = reason.strip()
        row.save(update_fields=["in_error_at", "in_error_by", "in_error_reason"])
        record("note.entered_in_error", by=by, on=row, client_id=note.episode.client_id)
    return note


def unsaved_sections(note: ContinuityNote, author: User) -> list[NoteSection]:
    """The sections as signing would write them; the preview decides on the very same rows."""
    return [
        NoteSection(
            note=note,
            client_id=note.episode.client_id,
            category=category,
            sensitivities=frozenset(
                [Sensitivity.SUBSTANCE_USE] if category in note.draft_substance_use else []
            ),
            author_organization_id=note.episode.clinic_id,
            author=author,
            occurred_at=note.dosing.at,
            text=note.draft[category],
        )
        for category in NOTE_CATEGORIES
        if note.draft.get(category)
    ]


def _locked(note: ContinuityNote) -> ContinuityNote:
    """The note, with its dose locked beside it: what is added waits for what is marked."""
    rows = ContinuityNote.objects.select_for_update(of=("self", "dosing"), no_key=True)
    return rows.select_related("episode", "dosing").get(pk=note.pk)
