"""The goals that a therapist keeps with a client, on the therapist's own pages."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from people.enums import Role
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from referrals.models import Referral
from sessions.actions import goals as actions
from sessions.forms.goals import EndGoalForm, GoalForm, ProgressForm
from sessions.goals import KeptGoal, kept
from sessions.models import Goal, GoalEnd, GoalProgress
from sessions.permissions import check_user_can_keep_goals
from sessions.reading import read_goals
from sessions.views.common import referral_or_404


@for_roles(Role.THERAPIST)
def goals(request: MemberRequest, pk: int) -> HttpResponse:
    """All goals of one client, each with its line, and the form to begin another."""
    referral = _referral_or_404(request, pk)
    form = GoalForm(posted(request), initial={"begun_on": referral.practice.today})

    def begin():
        actions.begin_goal(by=request.user, referral=referral, **form.cleaned_data)

    if done(request, form, begin):
        messages.success(request, "The goal is kept. Rate it with the client at each session.")
        return redirect("care:goals", pk)
    context = {"client": referral.client, "referral": referral, "form": form, "keeping": True}
    return render(request, "care/goals.html", {**context, "goals": _kept(request, referral)})


@for_roles(Role.THERAPIST)
def goal_progress(request: MemberRequest, pk: int, goal: int) -> HttpResponse:
    referral = _referral_or_404(request, pk)
    shown = _goal_or_404(request, referral, goal)
    if shown.end:
        return redirect("care:goals", pk)
    form = ProgressForm(posted(request), initial={"day": referral.practice.today})

    def rate():
        actions.record_progress(by=request.user, goal=shown.goal, **form.cleaned_data)

    if done(request, form, rate):
        return redirect("care:goals", pk)
    context = {"client": referral.client, "referral": referral, "form": form, "kept": shown}
    return render(request, "care/goal_progress.html", context)


@for_roles(Role.THERAPIST)
def goal_end(request: MemberRequest, pk: int, goal: int) -> HttpResponse:
    referral = _referral_or_404(request, pk)
    shown = _goal_or_404(request, referral, goal)
    if shown.end:
        return redirect("care:goals", pk)
    form = EndGoalForm(posted(request), initial={"day": referral.practice.today})

    def end():
        actions.end_goal(by=request.user, goal=shown.goal, **form.cleaned_data)

    if done(request, form, end):
        return redirect("care:goals", pk)
    context = {"client": referral.client, "referral": referral, "form": form, "kept": shown}
    return render(request, "care/goal_end.html", context)


def _referral_or_404(request: MemberRequest, pk: int) -> Referral:
    """A referral of the reader's own practice whose goals they keep."""
    referral = referral_or_404(request.user, pk)
    if not allowed(check_user_can_keep_goals, request.user, referral):
        raise Http404
    return referral


def _kept(request: MemberRequest, referral: Referral) -> list[KeptGoal]:
    found = read_goals(request.user, referral)
    return kept(found.of(Goal), found.of(GoalProgress), found.of(GoalEnd))


def _goal_or_404(request: MemberRequest, referral: Referral, goal: int) -> KeptGoal:
    shown = next((each for each in _kept(request, referral) if each.goal.pk == goal), None)
    if shown is None:
        raise Http404
    return shown
