"""The continuity note: drafted, saved by version, signed once."""

from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.enums import Category, Sensitivity
from people.concurrency import check_version
from people.formats import amount, clock
from people.models import User
from sessions.enums import NOTE_CATEGORIES
from sessions.models import ContinuityNote, DosingSession, NoteSection
from sessions.permissions import check_user_can_sign_note, check_user_can_write_note

LONGEST = 8000


@transaction.atomic
def start_note(*, by: User, dosing: DosingSession) -> ContinuityNote:
    """The note of a dose that was given, begun with the facts that are recorded."""
    check_user_can_write_note(by, dosing.episode)
    if not dosing.given_at:
        raise ValidationError("Record the dose before its note.")
    note, created = ContinuityNote.objects.get_or_create(
        dosing=dosing,
        defaults={"episode": dosing.episode, "author": by, "draft": facts(dosing)},
    )
    if created:
        record("note.started", by=by, on=note, client_id=note.episode.client_id)
    return note


def facts(dosing: DosingSession) -> dict[str, str]:
    """What the record already says, by category; the writer completes it."""
    given = (
        f"{amount(dosing.dose_mg)} {dosing.get_route_display()} "
        f"({amount(dosing.mg_per_kg, 'mg/kg')}) at {clock(dosing.given_at)}"
    )
    seen = [
        *(effect.sentence for effect in dosing.side_effects.current().order_by("at", "pk")),
        *(f"Done: {done.sentence}" for done in dosing.interventions.current().order_by("at", "pk")),
        *(f"Adverse event: {event.sentence}" for event in dosing.adverse_events.current()),
    ]
    if dosing.discharged_at:
        seen.append(f"At discharge {clock(dosing.discharged_at)}: {dosing.mental_status}.")
    safety = " ".join(seen)
    return {Category.TREATMENT: given, Category.SAFETY: safety}


@transaction.atomic
def save_note(
    *,
    by: User,
    note: ContinuityNote,
    version: int,
    texts: Mapping[str, str],
    substance_use: Collection[str] = (),
) -> ContinuityNote:
    """Save a draft read at `version`. Raises ChangedMeanwhile when somebody else saved first.

    What stands there already is not saved again, whoever sends it.
    """
    note = _locked(note)
    check_user_can_sign_note(by, note)
    if too_long := [c for c, text in texts.items() if len(text) > LONGEST]:
        raise ValidationError({c: f"Use at most {LONGEST} characters." for c in too_long})
    draft = {c.value: texts.get(c, "").strip() for c in NOTE_CATEGORIES}
    marked = sorted(set(substance_use) & set(draft))
    if (note.draft, note.draft_substance_use) == (draft, marked):
        return note
    check_version(note, version)
    note.draft, note.draft_substance_use = draft, marked
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
    for section in sections:
        section.save()
    note.draft, note.draft_substance_use = {}, []
    note.signed_at, note.signed_by = timezone.now(), by
    note.save()
    record("note.signed", by=by, on=note, client_id=note.episode.client_id)
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
    rows = ContinuityNote.objects.select_for_update(of=("self",))
    return rows.select_related("episode", "dosing").get(pk=note.pk)
