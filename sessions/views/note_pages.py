"""The note as a page: its editor beside what others will see, or the signed note with what was
added to it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from people.formats import clock
from people.pdf import INSTALL_PANGO, pdf_available
from people.permissions import allowed
from people.requests import MemberRequest
from sessions.actions.notes import unsaved_sections
from sessions.enums import NOTE_CATEGORIES
from sessions.forms.notes import NoteForm, form_for
from sessions.models import ContinuityNote, DosingSession, NoteSection
from sessions.note_facts import recorded_since
from sessions.permissions import (
    check_user_can_add_to,
    check_user_can_mark_in_error,
    check_user_can_sign_note,
    check_user_can_write_note,
)
from sessions.preview import previews
from sessions.reading import read_note
from sessions.timeline import Part, note_part
from sessions.views.common import banner, note_or_404


def note_shown(request: MemberRequest, row: ContinuityNote) -> HttpResponse:
    """The page of any note: a draft opens in its editor for those who write it, and whatever
    cannot be opened itself leads to the note that it adds to, or to the dose."""
    if not row.signed_at and allowed(check_user_can_sign_note, request.user, row):
        return editor(request, row, form_for(row).of(row))
    if row.adds_to_id:
        return redirect("care:note_page", row.adds_to_id)
    return signed_page(request, row) if row.signed_at else redirect("care:note", row.dosing_id)


def editor(
    request: MemberRequest,
    row: ContinuityNote,
    form: NoteForm,
    theirs: ContinuityNote | None = None,
    why: str = "",
) -> HttpResponse:
    """The draft with its previews; after a conflict, beside the words that were saved meanwhile.

    `why`: what is typed here can no longer be saved.
    """
    typed = _typed(form, row)
    sections = unsaved_sections(typed, request.user)
    context = {
        **banner(row.episode),
        **named(row),
        "form": form,
        "theirs": theirs,
        "why": why,
        "version": form["version"].value(),
        "differences": _differences(typed, theirs) if theirs else [],
        "previews": previews(row.episode, sections),
        "unwritten": not sections,
        "since": {} if request.htmx else recorded_since(row),
        "part": signed_part(request, row) if row.adds_to_id and not request.htmx else None,
    }
    status = 409 if theirs or why else 200 if form.is_valid() or not form.is_bound else 422
    response = render(request, "care/note.html", context, status=status)
    response["X-Saved-At"] = clock(row.saved_at)
    return response


def signed_page(
    request: MemberRequest, row: ContinuityNote, late: NoteForm | None = None, *, why: str = ""
) -> HttpResponse:
    """The signed note `row`, or the one that it adds to. `late` holds words that can no longer be
    saved, and `why`: they are shown, so that they are not lost."""
    first = note_or_404(request.user, row.first)
    found = sections_of(request, first)
    additions = list(first.additions.select_related("signed_by", "episode").order_by("pk"))
    writing = allowed(check_user_can_write_note, request.user, first.episode)
    context = {
        **banner(first.episode),
        **named(first),
        "part": _part(first, found),
        "previews": previews(first.episode, found),
        "late": late.words() if late else [],
        "why": why,
        "writing": writing,
        "adding": allowed(check_user_can_add_to, request.user, first),
        "marking": [n for n in (first, *additions) if _may_mark(request, n)],
        "draft": next((n for n in additions if writing and not n.signed_at), None),
        "mistaken": mistaken(first.dosing, but=first),
        "pdf": pdf_available(),
        "pango": INSTALL_PANGO,
    }
    return render(request, "care/note_signed.html", context, status=409 if late else 200)


def named(row: ContinuityNote) -> dict:
    """What every page of a note is called by."""
    heading = f"Note on dose {row.dosing.number}"
    if row.adds_to_id:
        heading = f"Addition to the note on dose {row.dosing.number}"
    return {"dosing": row.dosing, "note": row, "heading": heading}


def sections_of(request: MemberRequest, row: ContinuityNote) -> list[NoteSection]:
    """What is signed of a note and of what was added to it, as the clinic reads it."""
    return read_note(request.user, row.episode.referral, row.first).of(NoteSection)


def signed_part(request: MemberRequest, row: ContinuityNote, *, alone: bool = False) -> Part:
    """The signed note that `row` is or adds to; `alone`: of an addition nothing but itself."""
    found = sections_of(request, row)
    return _part(row, [s for s in found if s.note_id == row.pk] if alone else found)


def mistaken(dosing: DosingSession, but: ContinuityNote | None = None) -> list[ContinuityNote]:
    """The notes on a dose that were entered in error, the last one first."""
    rows = dosing.notes.filter(adds_to=None, in_error_at__isnull=False).order_by("-pk")
    return [row for row in rows if row != but]


def _part(row: ContinuityNote, found: list[NoteSection]) -> Part:
    return note_part(found, row.dosing.number, row.episode.clinic_id)


def _may_mark(request: MemberRequest, row: ContinuityNote) -> bool:
    return not row.in_error_at and allowed(check_user_can_mark_in_error, request.user, row)


def _typed(form: NoteForm, row: ContinuityNote) -> ContinuityNote:
    """A note as it stands in the form: the saved draft, or what was just typed."""
    typed = ContinuityNote(episode=row.episode, dosing=row.dosing, adds_to=row.adds_to)
    typed.draft, typed.draft_substance_use = row.draft, row.draft_substance_use
    typed.reason = row.reason
    if form.is_bound and form.is_valid():
        typed.draft, typed.draft_substance_use = form.texts(), form.marked()
        typed.reason = form.why()
    return typed


def _differences(typed: ContinuityNote, theirs: ContinuityNote) -> list[tuple[str, str]]:
    """(section, what was saved meanwhile) where the two differ."""
    found = [
        (category.label, theirs.draft.get(category, ""))
        for category in NOTE_CATEGORIES
        if theirs.draft.get(category, "") != typed.draft.get(category, "").strip()
    ]
    if theirs.reason != typed.reason:
        found.insert(0, ("Why it is added", theirs.reason))
    if set(theirs.draft_substance_use) != set(typed.draft_substance_use):
        marked = [c.label for c in NOTE_CATEGORIES if c in theirs.draft_substance_use]
        found.append(("Marked as substance-use records", ", ".join(marked)))
    return found
