"""Intake, clearance and preparation: one form each, recorded once."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from people.enums import Role
from people.policy import for_roles
from people.requests import MemberRequest
from sessions.actions.care import record_clearance, record_intake, record_preparation
from sessions.forms.care import ClearanceForm, IntakeForm, PreparationForm
from sessions.views.common import TREATING, banner, done, episode_or_404, posted


@for_roles(*TREATING)
def intake(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    form = IntakeForm(posted(request))

    def record():
        content = dict(form.cleaned_data)
        key = content.pop("form_key")
        record_intake(by=request.user, episode=episode, form_key=key, content=content)

    if done(request, form, record):
        return redirect("care:case", episode.pk)
    return _page(request, episode, form, "Intake")


@for_roles(Role.PRESCRIBER)
def clearance(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    form = ClearanceForm(posted(request))

    def record():
        record_clearance(
            by=request.user,
            episode=episode,
            form_key=form.cleaned_data["form_key"],
            content=form.content(),
            answers=form.answers(),
        )

    if done(request, form, record):
        return redirect("care:case", episode.pk)
    context = {**banner(episode), "form": form}
    return render(request, "care/clearance.html", context)


@for_roles(*TREATING)
def preparation(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    form = PreparationForm(posted(request))

    def record():
        content = dict(form.cleaned_data)
        key = content.pop("form_key")
        record_preparation(by=request.user, episode=episode, form_key=key, content=content)

    if done(request, form, record):
        return redirect("care:case", episode.pk)
    return _page(request, episode, form, "Preparation session")


def _page(request: MemberRequest, episode, form, title: str) -> HttpResponse:
    context = {**banner(episode), "form": form, "title": title, "action": "Save"}
    return render(request, "care/form.html", context)
