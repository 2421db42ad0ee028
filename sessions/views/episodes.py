"""The clinic's view of a case: opened from an accepted referral, then one page for all of it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from consent.emergencies import open_now
from people.enums import Role
from people.formats import amount
from people.models import User
from people.policy import for_roles
from people.requests import MemberRequest
from referrals.enums import Answer, ReferralState
from referrals.models import ContextItem, Referral
from referrals.permissions import TRIAGE_ROLES
from sessions.actions.care import open_episode as open_episode_action
from sessions.actions.care import possible_owners
from sessions.actions.integration import check_user_can_log_session
from sessions.forms.care import EpisodeForm
from sessions.journey import drawings, journey, next_action
from sessions.models import (
    CareEvent,
    EpisodeOfCare,
    IntegrationSession,
    NoteSection,
    OutcomeResponse,
)
from sessions.outcomes import outcomes
from sessions.permissions import (
    allowed,
    check_user_can_prescribe,
    check_user_can_treat,
    check_user_can_work_on,
)
from sessions.progress import Facts, Task, tasks
from sessions.reading import chosen, contacts_to_copy_for, knows_sessions, read_case, scopes
from sessions.timeline import days, whose
from sessions.views.common import AT_CLINIC, banner, done, episode_or_404, posted


def _prescribes(user: User, episode: EpisodeOfCare) -> None:
    check_user_can_prescribe(user, episode.clinic_id)


CHECKS = {
    "intake": check_user_can_treat,
    "clearance": _prescribes,
    "preparation": check_user_can_treat,
    "consent": check_user_can_work_on,
    "plan_dose": _prescribes,
    "dosing": check_user_can_work_on,
    "note": check_user_can_work_on,
}


@for_roles(Role.PRESCRIBER)
def open_episode(request: MemberRequest, pk: int) -> HttpResponse:
    """Open the episode of an accepted referral; the practice's wish is filled in."""
    referral = get_object_or_404(Referral.objects.open_to(request.user), pk=pk)
    if existing := EpisodeOfCare.objects.filter(referral=referral).first():
        return redirect("care:case", existing.pk)
    if referral.state != ReferralState.ACCEPTED:
        raise Http404
    form = EpisodeForm(
        posted(request),
        owners=possible_owners(referral),
        initial={"collaboration": referral.collaboration},
    )

    def open_it():
        open_episode_action(by=request.user, referral=referral, plan=form.cleaned_data)

    if done(request, form, open_it):
        return redirect("care:case", referral.episode.pk)
    context = {"client": referral.client, "referral": referral, "form": form}
    return render(request, "care/open.html", context)


@for_roles(*AT_CLINIC)
def case(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    facts, found = Facts.of(episode), read_case(request.user, episode.referral)
    sessions, events = found.of(IntegrationSession), found.of(CareEvent)
    labels = {dose.number: amount(dose.dose_mg) for dose in facts.given}
    drawn = journey(
        events,
        sessions,
        found.at,
        labels=labels,
        all_sessions=knows_sessions(found, episode.referral),
    )
    responses = found.of(OutcomeResponse)
    parts = days(events, found.of(NoteSection), sessions, found.access.reader, responses)
    clearance, show = facts.clearance, chosen(request)
    context = {
        **banner(episode),
        "parts": whose(parts, show),
        "show": show,
        "choosing": True,
        "recorded": facts,
        "referral": episode.referral,
        "tasks": [_linked(request.user, episode, task) for task in tasks(facts, localdate())],
        "journey": drawings(drawn) if drawn.doses else None,
        "next": next_action(drawn),
        "sent": sorted(found.of(ContextItem), key=lambda item: item.pk),
        "outcomes": outcomes(responses),
        "scopes": scopes(found, episode.referral),
        "emergencies": open_now(found.access),
        "contacts": contacts_to_copy_for(episode.referral, found.at),
        "intake": facts.intakes[0] if facts.intakes else None,
        "clearance": clearance,
        "answers": clearance.answers.exclude(answer=Answer.NO) if clearance else [],
        "prescribing": allowed(check_user_can_prescribe, request.user, episode.clinic_id),
        "triaging": request.membership.role in TRIAGE_ROLES,
        "logging": allowed(check_user_can_log_session, request.user, episode),
    }
    return render(request, "care/case.html", context)


def _linked(user: User, episode: EpisodeOfCare, task: Task) -> dict:
    """A task with its address, or with the sentence why this person does not do it."""
    try:
        CHECKS[task.verb](user, episode)
    except PermissionDenied as refusal:
        return {"task": task, "why": str(refusal)}
    on = task.dosing.pk if task.dosing else episode.pk
    return {"task": task, "url": reverse(f"care:{task.verb}", args=[on])}
