"""What became of notes after they were signed, and what the therapist keeps to herself."""

from uuid import uuid4

from consent.enums import Category
from kapcare.demo.case import Case
from sessions.actions.notes import (
    mark_in_error,
    save_note,
    sign_note,
    start_addition,
    start_note,
)
from sessions.actions.own_notes import begin_own_note, save_own_note


def enrich_notes(case: Case) -> None:
    """Of the last two doses: something added to one note, the other taken back and written anew;
    and two psychotherapy notes, one of them still open."""
    before, last = case.episode.doses.filter(given_at__isnull=False).order_by("-number")[:2][::-1]
    _add(case, before)
    _write_anew(case, last)
    by, episode = case.cast.kaptherapist, case.episode
    first = "Her mother’s voice at the door, twice. I had the urge to comfort and waited."
    note = begin_own_note(by=by, episode=episode, form_key=uuid4(), text=first)
    save_own_note(by=by, note=note, version=note.version, text=first, close=True)
    begin_own_note(
        by=by,
        episode=episode,
        form_key=uuid4(),
        text="The letter again. Ask myself what I want her to have written.",
    )


def _add(case: Case, dosing) -> None:
    by = case.cast.kaptherapist
    addition = start_addition(by=by, note=dosing.note)
    addition = save_note(
        by=by,
        note=addition,
        version=addition.version,
        texts={Category.SAFETY: "No headache the next morning; 124/78 at home."},
        reason="The client rang the next morning.",
    )
    sign_note(by=by, note=addition, version=addition.version)


def _write_anew(case: Case, dosing) -> None:
    by, prescriber = case.cast.kaptherapist, case.cast.prescriber
    mark_in_error(by=prescriber, note=dosing.note, reason="Words about another client’s dose.")
    note = start_note(by=by, dosing=dosing)
    texts = {
        **note.draft,
        Category.RESPONSE: "Settled quickly. Tearful at peak, then calm. Spoke of forgiving "
        "herself.",
        Category.INTEGRATION: "Staying with grief; her step: write one letter, not to be sent.",
    }
    note = save_note(by=by, note=note, version=note.version, texts=texts)
    sign_note(by=by, note=note, version=note.version)
