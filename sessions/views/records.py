"""Intake, preparation and integration: one form each, recorded once, with what stands there."""

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions import aftercare
from sessions.actions.intake import record_intake
from sessions.actions.preparation import record_preparation
from sessions.forms.intake import IntakeForm
from sessions.forms.therapy import (
    DelayedCheckForm,
    FollowUpForm,
    IntegrationForm,
    PreparationForm,
)
from sessions.models import EpisodeOfCare, IntegrationRecord
from sessions.views.common import TREATING, banner, dosing_or_404, episode_or_404


@for_roles(*TREATING)
def intake(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    form = IntakeForm(posted(request), initial={"expected_doses": episode.expected_doses})
    if done(request, form, lambda: _record(record_intake, request, episode, form)):
        return redirect("care:case", episode.pk)
    rows = episode.intakes.select_related("recorded_by")
    return _page(request, episode, form, "intake", rows)


@for_roles(*TREATING)
def preparation(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    form = PreparationForm(posted(request), episode=episode)
    if done(request, form, lambda: _record(record_preparation, request, episode, form)):
        return redirect("care:case", episode.pk)
    rows = episode.preparationsessions.select_related("recorded_by", "dosing")
    return _page(request, episode, form, "preparation", rows)


@for_roles(*TREATING)
def integration(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    form = IntegrationForm(posted(request), episode=episode)
    if done(request, form, lambda: _record(aftercare.record_integration, request, episode, form)):
        return redirect("care:case", episode.pk)
    rows = episode.integrationrecords.select_related(
        "recorded_by", "dosing", "follow_up_by", "follow_up__recorded_by"
    )
    return _page(request, episode, form, "integration", rows)


@for_roles(*TREATING)
def follow_up(request: MemberRequest, pk: int) -> HttpResponse:
    """Somebody came back to a challenging experience."""
    episodes = EpisodeOfCare.objects.at_clinic_of(request.user)
    row = get_object_or_404(IntegrationRecord, pk=pk, episode__in=episodes)
    if row.follow_up_due is None or hasattr(row, "follow_up"):
        raise Http404
    episode = episode_or_404(request.user, row.episode_id)
    form = FollowUpForm(posted(request))

    def follow():
        aftercare.follow_up(by=request.user, integration=row, **form.cleaned_data)

    if done(request, form, follow):
        return redirect("care:case", episode.pk)
    context = {**banner(episode), "form": form, "row": row}
    return render(request, "care/follow_up.html", context)


@for_roles(*TREATING)
def delayed_check(request: MemberRequest, pk: int) -> HttpResponse:
    """How the client is in the days after a dose."""
    dosing = dosing_or_404(request.user, pk)
    if dosing.given_at is None:
        raise Http404
    form = DelayedCheckForm(posted(request), initial={"at": timezone.now()})

    def check():
        key = form.cleaned_data["form_key"]
        aftercare.record_delayed_check(
            by=request.user, dosing=dosing, form_key=key, content=form.content()
        )

    if done(request, form, check):
        messages.success(request, "The call is kept. It stands with the dose.")
        return redirect("care:case", dosing.episode_id)
    rows = dosing.delayed_checks.select_related("recorded_by")
    return _page(request, dosing.episode, form, "delayed_check", rows, dosing=dosing)


def _record(action, request: MemberRequest, episode: EpisodeOfCare, form: Form) -> None:
    content = dict(form.cleaned_data)
    key = content.pop("form_key")
    action(by=request.user, episode=episode, form_key=key, content=content)


def _page(
    request: MemberRequest, episode: EpisodeOfCare, form: Form, name: str, rows: QuerySet, **more
) -> HttpResponse:
    """The form, and below it what is recorded so far, the newest first."""
    context = {**banner(episode), "form": form, "rows": rows, "row_template": f"care/_{name}.html"}
    return render(request, f"care/{name}.html", {**context, **more})
