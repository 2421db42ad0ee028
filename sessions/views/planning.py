"""Opening an episode with its plan, and changing the plan later."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from people.enums import Role
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from referrals.enums import ReferralState
from referrals.models import Referral
from sessions.actions import care
from sessions.forms.care import ChangePlanForm, PlanForm
from sessions.models import EpisodeOfCare
from sessions.views.common import banner, episode_or_404


@for_roles(Role.PRESCRIBER)
def open_episode(request: MemberRequest, pk: int) -> HttpResponse:
    """Open the episode of an accepted referral; the practice's wish is filled in."""
    referral = get_object_or_404(Referral.objects.open_to(request.user), pk=pk)
    if existing := EpisodeOfCare.objects.filter(referral=referral).first():
        return redirect("care:case", existing.pk)
    if referral.state != ReferralState.ACCEPTED:
        raise Http404
    wish = {"collaboration": referral.collaboration}
    form = PlanForm(posted(request), referral=referral, initial=wish)

    def open_it():
        care.open_episode(by=request.user, referral=referral, plan=form.cleaned_data)

    if done(request, form, open_it):
        return redirect("care:case", referral.episode.pk)
    context = {"client": referral.client, "referral": referral, "form": form}
    return render(request, "care/open.html", context)


@for_roles(Role.PRESCRIBER)
def change_plan(request: MemberRequest, pk: int) -> HttpResponse:
    """Another model, another split, other owners: reminders go with them."""
    episode = episode_or_404(request.user, pk)
    if episode.ended_at:
        raise Http404
    rows = list(episode.careplans.select_related("recorded_by", *care.OWNERS))
    now = {name: getattr(episode, name) for name in care.PLAN}
    initial = {**now, "seen": rows[0].pk if rows else None}
    form = ChangePlanForm(posted(request), referral=episode.referral, initial=initial)

    def change():
        given = form.cleaned_data
        care.change_plan(
            by=request.user,
            episode=episode,
            form_key=given["form_key"],
            plan=form.plan(),
            reason=given["reason"],
            seen=given["seen"],
        )

    if done(request, form, change):
        return redirect("care:case", episode.pk)
    if form.is_bound:  # what is shown below has been seen now
        form.data = {**request.POST.dict(), "seen": initial["seen"]}
    context = {**banner(episode), "referral": episode.referral, "form": form, "rows": rows}
    return render(request, "care/plan.html", context)
