"""Psychotherapy notes: two pages for their author. Nothing of them is shown anywhere else."""

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from people.enums import Role
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions.own_notes import begin_own_note, read_own_notes, save_own_note
from sessions.forms.own_notes import NewOwnNoteForm, OpenOwnNoteForm
from sessions.views.common import banner, episode_or_404

KEEPERS = (Role.PRESCRIBER, Role.KAP_THERAPIST)


@for_roles(*KEEPERS)
def own_notes(request: MemberRequest, pk: int) -> HttpResponse:
    """What the reader wrote about this episode, and room for another note."""
    episode = episode_or_404(request.user, pk)
    form = NewOwnNoteForm(posted(request))

    def begin():
        begin_own_note(by=request.user, episode=episode, **form.cleaned_data)

    if done(request, form, begin):
        return redirect("care:own_notes", episode.pk)
    notes = read_own_notes(by=request.user, episode=episode)
    context = {**banner(episode), "form": form, "notes": notes}
    return render(request, "care/own_notes.html", context)


@for_roles(*KEEPERS)
def own_note(request: MemberRequest, pk: int, own: int) -> HttpResponse:
    """Go on with a note, or close it. Somebody else's is not there."""
    episode = episode_or_404(request.user, pk)
    notes = read_own_notes(by=request.user, episode=episode, only=own)
    if not notes:
        raise Http404
    note = notes[0]
    if note.closed_at and request.method != "POST":
        return redirect("care:own_notes", episode.pk)
    saved = {"text": note.text, "version": note.version}
    form, theirs, closed = OpenOwnNoteForm(posted(request), initial=saved), None, ""

    def save():
        save_own_note(
            by=request.user, note=note, close="close" in request.POST, **form.cleaned_data
        )

    try:
        if done(request, form, save):
            return redirect("care:own_notes", episode.pk)
    except PermissionDenied as refusal:
        closed = str(refusal)
    if form.is_bound and form.has_error(NON_FIELD_ERRORS, "changed"):
        theirs = note
    context = {**banner(episode), "form": form, "note": note, "theirs": theirs, "closed": closed}
    status = 409 if theirs or closed else 200
    return render(request, "care/own_note.html", context, status=status)
