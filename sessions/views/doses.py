"""Planning: a dose is planned, moved or cancelled, and its windows go with it."""

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from people.enums import Role
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions import dosing as actions
from sessions.forms.dosing import MoveForm, PlanForm
from sessions.views.common import banner, dosing_or_404, episode_or_404


@for_roles(Role.PRESCRIBER)
def plan_dose(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    form = PlanForm(posted(request))

    def plan():
        actions.plan_dose(by=request.user, episode=episode, **form.cleaned_data)

    if done(request, form, plan):
        return redirect("care:case", episode.pk)
    text = "Preparation opens 72 h before and closes 24 h before. Its owner is reminded."
    return _page(request, episode, form, "Plan a dose", "Plan the dose", text)


@for_roles(Role.PRESCRIBER)
def move_dose(request: MemberRequest, pk: int) -> HttpResponse:
    dosing = dosing_or_404(request.user, pk)
    form = MoveForm(posted(request), initial={"planned_at": dosing.planned_at})

    def move():
        actions.move_dose(by=request.user, dosing=dosing, **form.cleaned_data)

    if done(request, form, move):
        return redirect("care:case", dosing.episode_id)
    text = "Its windows and reminders move with it."
    return _page(request, dosing.episode, form, f"Move dose {dosing.number}", "Move it", text)


@for_roles(Role.PRESCRIBER)
def cancel_dose(request: MemberRequest, pk: int) -> HttpResponse:
    dosing = dosing_or_404(request.user, pk)
    form = Form(posted(request))

    def cancel():
        actions.cancel_dose(by=request.user, dosing=dosing)

    if done(request, form, cancel):
        return redirect("care:case", dosing.episode_id)
    context = {**banner(dosing.episode), "form": form, "dosing": dosing}
    return render(request, "care/cancel_dose.html", context)


def _page(request, episode, form, title: str, action: str, text: str) -> HttpResponse:
    context = {**banner(episode), "form": form, "title": title, "action": action, "text": text}
    return render(request, "care/form.html", context)
