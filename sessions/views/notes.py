"""The continuity note: written beside what each outside reader would see of it, then signed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from consent.access import Reader
from consent.disclosure import disclose
from consent.enums import Channel
from consent.models import DisclosableItem
from people.concurrency import ChangedMeanwhile
from people.enums import Role
from people.formats import clock
from people.policy import for_roles
from people.requests import MemberRequest
from sessions.actions import notes as actions
from sessions.enums import NOTE_CATEGORIES
from sessions.forms.notes import NoteForm, VersionForm
from sessions.models import ContinuityNote, DosingSession, NoteSection
from sessions.permissions import allowed, check_user_can_write_note
from sessions.preview import previews
from sessions.views.common import AT_CLINIC, banner, done, dosing_or_404

WRITERS = (Role.PRESCRIBER, Role.KAP_THERAPIST)


@for_roles(*AT_CLINIC)
def note(request: MemberRequest, pk: int) -> HttpResponse:
    """GET shows the note; POST begins it with what the record already says."""
    dosing = dosing_or_404(request.user, pk)
    if request.method == "POST":
        return _start(request, dosing)
    rows = ContinuityNote.objects.filter(dosing=dosing).select_related("author", "signed_by")
    row = rows.first()
    writing = allowed(check_user_can_write_note, request.user, dosing.episode)
    if row and row.signed_at:
        return _signed(request, dosing, row)
    if row and writing:
        return _editor(request, dosing, row, NoteForm.of(row))
    context = {**banner(dosing.episode), **_named(dosing, row), "writing": writing}
    return render(request, "care/note_none.html", context)


@for_roles(*WRITERS)
@require_POST
def save_note(request: MemberRequest, pk: int) -> HttpResponse:
    dosing = dosing_or_404(request.user, pk)
    note = get_object_or_404(ContinuityNote, dosing=dosing)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            actions.save_note(
                by=request.user,
                note=note,
                version=form.cleaned_data["version"],
                texts=form.texts(),
                substance_use=form.marked(),
            )
        except ChangedMeanwhile as changed:
            return _editor(request, dosing, note, form, theirs=changed.current)
        except PermissionDenied:
            note.refresh_from_db()
            if not note.signed_at:
                raise
            return _signed(request, dosing, note, late=form)
        if "sign" not in request.POST:
            return redirect("care:note", dosing.pk)
        onwards = reverse("care:sign_note", args=[dosing.pk])
        return HttpResponseClientRedirect(onwards) if request.htmx else redirect(onwards)
    return _editor(request, dosing, note, form)


@for_roles(*WRITERS)
def sign_note(request: MemberRequest, pk: int) -> HttpResponse:
    """Read it once more, with what each reader will see, and sign."""
    dosing = dosing_or_404(request.user, pk)
    note = get_object_or_404(ContinuityNote, dosing=dosing)
    if note.signed_at:
        return redirect("care:note", dosing.pk)
    form = VersionForm(request.POST if request.method == "POST" else None)

    def sign():
        version = form.cleaned_data["version"]
        actions.sign_note(by=request.user, note=note, version=version)

    if done(request, form, sign):
        return redirect("care:note", dosing.pk)
    sections = actions.unsaved_sections(note, request.user)
    context = {
        **banner(dosing.episode),
        **_named(dosing, note),
        "form": form,
        "sections": sections,
        "previews": previews(dosing.episode, sections),
    }
    return render(request, "care/sign_note.html", context)


def _start(request: MemberRequest, dosing: DosingSession) -> HttpResponse:
    try:
        actions.start_note(by=request.user, dosing=dosing)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("care:note", dosing.pk)


def _editor(
    request: MemberRequest,
    dosing: DosingSession,
    note: ContinuityNote,
    form: NoteForm,
    theirs: ContinuityNote | None = None,
) -> HttpResponse:
    """The draft with its previews; after a conflict, beside the words that were saved meanwhile."""
    typed = ContinuityNote(episode=dosing.episode, dosing=dosing)
    typed.draft, typed.draft_substance_use = _typed(form, note)
    context = {
        **banner(dosing.episode),
        **_named(dosing, note),
        "form": form,
        "theirs": theirs,
        "version": form["version"].value(),
        "differences": _differences(typed, theirs) if theirs else [],
        "previews": previews(dosing.episode, actions.unsaved_sections(typed, request.user)),
    }
    status = 409 if theirs else 200 if form.is_valid() or not form.is_bound else 422
    response = render(request, "care/note.html", context, status=status)
    response["X-Saved-At"] = clock(note.saved_at)
    return response


def _named(dosing: DosingSession, row: ContinuityNote | None) -> dict:
    return {"dosing": dosing, "note": row, "heading": f"Note on dose {dosing.number}"}


def _typed(form: NoteForm, note: ContinuityNote) -> tuple[dict, list]:
    """What stands in the form: the saved draft, or what was just typed."""
    if form.is_bound and form.is_valid():
        return form.texts(), form.marked()
    return note.draft, note.draft_substance_use


def _differences(typed: ContinuityNote, theirs: ContinuityNote) -> list[tuple[str, str]]:
    """(section, what was saved meanwhile) where the two differ."""
    found = [
        (category.label, theirs.draft.get(category, ""))
        for category in NOTE_CATEGORIES
        if theirs.draft.get(category, "") != typed.draft.get(category, "").strip()
    ]
    if set(theirs.draft_substance_use) != set(typed.draft_substance_use):
        marked = [c.label for c in NOTE_CATEGORIES if c in theirs.draft_substance_use]
        found.append(("Marked as substance-use records", ", ".join(marked)))
    return found


def _signed(
    request: MemberRequest,
    dosing: DosingSession,
    note: ContinuityNote,
    late: NoteForm | None = None,
) -> HttpResponse:
    """The signed note, and the words that came too late for it, so that they are not lost."""
    reader = Reader.of(request.user)
    only: dict[type[DisclosableItem], Q] = {NoteSection: Q(note=note)}
    found = disclose(to=reader, about={dosing.episode.client_id}, kinds=only, channel=Channel.PAGE)
    sections = sorted(found.of(NoteSection), key=lambda section: section.pk)
    context = {
        **banner(dosing.episode),
        **_named(dosing, note),
        "sections": sections,
        "previews": previews(dosing.episode, sections),
        "late": [(field.label, field.value()) for field, _ in late.sections] if late else [],
    }
    return render(request, "care/note_signed.html", context, status=409 if late else 200)
