"""Psychotherapy notes: begun, changed and closed by their author. See the model for whose they are.

The audit log holds who wrote and who read, by number alone.
"""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from people.concurrency import check_version
from people.models import User
from sessions.models import EpisodeOfCare
from sessions.models.psychotherapy import PsychotherapyNote
from sessions.permissions import check_user_can_keep_own_notes

LONGEST = 8000


@transaction.atomic
def read_own_notes(
    *, by: User, episode: EpisodeOfCare, only: int | None = None
) -> list[PsychotherapyNote]:
    """What `by` wrote about this episode, or `only` this one, the newest first. That it was read
    is recorded."""
    check_user_can_keep_own_notes(by, episode)
    rows = PsychotherapyNote.objects.of_author(by).filter(episode=episode)
    notes = list(rows if only is None else rows.filter(pk=only))
    _recorded("read", by, episode, notes)
    return notes


@transaction.atomic
def begin_own_note(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, text: str
) -> PsychotherapyNote:
    """A new note, still open. The same form sent twice gives one; a key that somebody else's form
    used is refused without a word about it."""
    check_user_can_keep_own_notes(by, episode)
    EpisodeOfCare.objects.select_for_update(no_key=True).get(pk=episode.pk)
    own = PsychotherapyNote.objects.of_author(by).filter(episode=episode)
    if existing := own.filter(form_key=form_key).first():
        return existing
    note = PsychotherapyNote(episode=episode, author=by, form_key=form_key, text=_words(text))
    note.validate_unique()
    note.save()
    _recorded("begun", by, episode, [note])
    return note


@transaction.atomic
def save_own_note(
    *, by: User, note: PsychotherapyNote, version: int, text: str, close: bool = False
) -> PsychotherapyNote:
    """Save what was read at `version`, and `close` it for good. Raises ChangedMeanwhile when it was
    saved elsewhere first, PermissionDenied for anybody but its author and once it is closed."""
    rows = PsychotherapyNote.objects.of_author(by).select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=note.pk).select_related("episode").first()
    if row is None:
        raise PermissionDenied("There is no such note of yours.")
    if row.closed_at:
        raise PermissionDenied("This note is closed. Write another one instead of changing it.")
    words = _words(text)
    if row.text == words and not close:
        return row
    check_version(row, version)
    row.text, row.closed_at = words, timezone.now() if close else None
    row.save()
    _recorded("closed" if close else "saved", by, row.episode, [row])
    return row


def _words(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({"text": "Write something first."})
    if len(text) > LONGEST:
        raise ValidationError({"text": f"Use at most {LONGEST} characters."})
    return text


def _recorded(verb: str, by: User, episode: EpisodeOfCare, notes: list[PsychotherapyNote]) -> None:
    for note in notes:
        record(f"own_note.{verb}", by=by, on=note, client_id=episode.client_id)
