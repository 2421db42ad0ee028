"""The continuity note: written beside what each outside reader would see of it, then signed, added
to, or marked as entered in error."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from people.concurrency import ChangedMeanwhile
from people.enums import Role
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions import notes as actions
from sessions.forms.notes import InErrorForm, VersionForm, form_for
from sessions.models import ContinuityNote, DosingSession
from sessions.note_facts import recorded_since
from sessions.permissions import (
    check_user_can_mark_in_error,
    check_user_can_sign_note,
    check_user_can_write_note,
)
from sessions.preview import previews
from sessions.timeline import told
from sessions.views.common import AT_CLINIC, banner, dosing_or_404, note_or_404
from sessions.views.note_pages import (
    editor,
    mistaken,
    named,
    note_shown,
    signed_page,
    signed_part,
)

WRITERS = (Role.PRESCRIBER, Role.KAP_THERAPIST)


@for_roles(*AT_CLINIC)
def note(request: MemberRequest, pk: int) -> HttpResponse:
    """GET shows the note that holds for a dose; POST begins it with what the record says."""
    dosing = dosing_or_404(request.user, pk)
    if request.method == "POST":
        return _start(request, dosing)
    row = dosing.note
    writing = allowed(check_user_can_write_note, request.user, dosing.episode)
    if row and (row.signed_at or writing):
        return note_shown(request, note_or_404(request.user, row.pk))
    heading, earlier = f"Note on dose {dosing.number}", mistaken(dosing)
    context = {"dosing": dosing, "heading": heading, "writing": writing, "mistaken": earlier}
    return render(request, "care/note_none.html", {**banner(dosing.episode), **context})


@for_roles(*AT_CLINIC)
@require_safe
def note_page(request: MemberRequest, pk: int) -> HttpResponse:
    """One note by its own number: an addition too, and one that was entered in error."""
    return note_shown(request, note_or_404(request.user, pk))


@for_roles(*WRITERS)
@require_POST
def save_note(request: MemberRequest, pk: int) -> HttpResponse:
    row = note_or_404(request.user, pk)
    form = form_for(row)(request.POST)
    if not form.is_valid():
        return editor(request, row, form)
    try:
        saved = actions.save_note(
            by=request.user,
            note=row,
            version=form.cleaned_data["version"],
            texts=form.texts(),
            substance_use=form.marked(),
            reason=form.why(),
        )
    except ChangedMeanwhile as changed:
        return editor(request, row, form, theirs=changed.current)
    except PermissionDenied as refusal:
        late = editor if request.htmx else signed_page
        return late(request, row, form, why=str(refusal))
    page = "care:sign_note" if "sign" in request.POST else "care:note_page"
    onwards = reverse(page, args=[row.pk])
    if "add" in request.POST:
        _add_recorded(request, saved)
    elif "sign" not in request.POST:
        return redirect(onwards)
    return HttpResponseClientRedirect(onwards) if request.htmx else redirect(onwards)


def _add_recorded(request: MemberRequest, row: ContinuityNote) -> None:
    try:
        actions.add_recorded(by=request.user, note=row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))


@for_roles(*WRITERS)
def sign_note(request: MemberRequest, pk: int) -> HttpResponse:
    """Read it once more, with what each reader will see, and sign."""
    row = note_or_404(request.user, pk)
    if not allowed(check_user_can_sign_note, request.user, row):
        return redirect("care:note_page", row.first)
    form = VersionForm(posted(request))

    def sign():
        actions.sign_note(by=request.user, note=row, version=form.cleaned_data["version"])

    if done(request, form, sign):
        return redirect("care:note_page", row.first)
    sections = actions.unsaved_sections(row, request.user)
    context = {
        **banner(row.episode),
        **named(row),
        "form": form,
        "entries": told(sections, row.episode.clinic_id)[0],
        "previews": previews(row.episode, sections),
        "since": recorded_since(row),
        "unwritten": not sections,
    }
    return render(request, "care/sign_note.html", context)


@for_roles(*WRITERS)
@require_POST
def add_to_note(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin an addition, or go on with the one that is begun."""
    addition = actions.start_addition(by=request.user, note=note_or_404(request.user, pk))
    return redirect("care:note_page", addition.pk)


@for_roles(*WRITERS)
def in_error(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what follows, ask why, and mark a note or one addition as entered in error."""
    row = note_or_404(request.user, pk)
    check_user_can_mark_in_error(request.user, row)
    if row.in_error_at:
        return redirect("care:note_page", row.first)
    form = InErrorForm(posted(request))

    def mark():
        actions.mark_in_error(by=request.user, note=row, **form.cleaned_data)

    if done(request, form, mark):
        return redirect("care:note_page", row.first)
    part = signed_part(request, row, alone=bool(row.adds_to_id))
    context = {**banner(row.episode), **named(row), "form": form, "part": part}
    return render(request, "care/in_error.html", context)


def _start(request: MemberRequest, dosing: DosingSession) -> HttpResponse:
    try:
        actions.start_note(by=request.user, dosing=dosing)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("care:note", dosing.pk)
