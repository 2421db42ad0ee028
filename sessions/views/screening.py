"""Screening by those who treat, the result by a prescriber."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from people.enums import Role
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions.screening import record_clearance, record_screening
from sessions.forms.screening import ClearanceForm, ScreeningForm
from sessions.models import EpisodeOfCare, Screening
from sessions.screening import against, cautions, lacking, last_answers
from sessions.views.common import TREATING, banner, episode_or_404
from sessions.warnings import age_on


@for_roles(*TREATING)
def screening(request: MemberRequest, pk: int) -> HttpResponse:
    return _screening(request, episode_or_404(request.user, pk), None)


@for_roles(*TREATING)
def complete_screening(request: MemberRequest, pk: int) -> HttpResponse:
    """Only what nobody has asked or measured yet; the rest is repeated as it was recorded."""
    episode = episode_or_404(request.user, pk)
    last = _screenings(episode).first()
    if last is None or not lacking(last):
        return redirect("care:screening", pk)
    return _screening(request, episode, last)


def _screening(
    request: MemberRequest, episode: EpisodeOfCare, before: Screening | None
) -> HttpResponse:
    rows = _screenings(episode)
    only, last = (lacking(before), None) if before else (None, last_answers(rows))
    form = ScreeningForm(posted(request), only=only, last=last)

    def record():
        record_screening(
            by=request.user,
            episode=episode,
            form_key=form.cleaned_data["form_key"],
            content=form.content(),
            answers=form.answers(),
            allergies=form.allergies(),
            completes=before,
        )

    if done(request, form, record):
        return redirect("care:case", episode.pk)
    unfinished = not before and rows and lacking(rows[0])
    context = {"form": form, "before": before, "rows": rows, "unfinished": unfinished}
    return render(request, "care/screening.html", {**banner(episode), **context})


@for_roles(Role.PRESCRIBER)
def clearance(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    last = _screenings(episode).first()
    if last is None:
        return render(request, "care/clearance.html", banner(episode))
    age = age_on(episode.client.date_of_birth, episode.clinic.today)
    reasoned = bool(against(last, age))
    form = ClearanceForm(posted(request), against=reasoned, initial={"screening": last.pk})

    def record():
        on = get_object_or_404(Screening, pk=form.cleaned_data["screening"], episode=episode)
        record_clearance(
            by=request.user,
            episode=episode,
            form_key=form.cleaned_data["form_key"],
            screening=on,
            content=form.content(),
        )

    if done(request, form, record):
        return redirect("care:case", episode.pk)
    if form.is_bound:  # the newest one stands beside it, and has been seen now
        form.data = {**request.POST.dict(), "screening": last.pk}
    context = {
        "form": form,
        "screening": last,
        "missing": lacking(last),
        "cautions": cautions(last, age),
        "against": reasoned,
        "consults": episode.consults.filter(answer=None),
        "rows": episode.clearances.select_related("recorded_by"),
    }
    return render(request, "care/clearance.html", {**banner(episode), **context})


def _screenings(episode: EpisodeOfCare):
    rows = episode.screenings.select_related("recorded_by", "completes__recorded_by")
    return rows.prefetch_related("answers", "allergies")
