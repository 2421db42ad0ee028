"""The clinic's own view of a case: opened from an accepted referral, then one page for all of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from people.enums import Role
from people.formats import amount
from people.policy import for_roles
from referrals.enums import ReferralState
from referrals.models import ContextItem, Referral
from sessions.actions.care import open_episode as open_episode_action
from sessions.actions.care import possible_owners
from sessions.actions.integration import check_user_can_log_session
from sessions.forms.care import EpisodeForm
from sessions.journey import drawings, journey, next_action
from sessions.models import CareEvent, EpisodeOfCare, IntegrationSession, NoteSection
from sessions.permissions import allowed, check_user_can_prescribe, check_user_can_treat
from sessions.progress import Facts, tasks
from sessions.reading import chosen, read_case, scopes
from sessions.timeline import days
from sessions.views.common import AT_CLINIC, banner, done, episode_or_404, posted


@for_roles(Role.PRESCRIBER)
def open_episode(request: HttpRequest, pk: int) -> HttpResponse:
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
def case(request: HttpRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    facts, found = Facts.of(episode), read_case(request.user, episode.referral)
    sessions, events = found.of(IntegrationSession), found.of(CareEvent)
    labels = {dose.number: amount(dose.dose_mg) for dose in facts.given}
    show, own = chosen(request), found.access.reader.organization
    drawn = journey(events, sessions, found.at, labels=labels)
    parts = days(events, found.of(NoteSection), sessions, own)
    context = {
        **banner(episode),
        "facts_": facts,
        "tasks": tasks(facts, timezone.localdate()),
        "journey": drawings(drawn) if drawn.doses else None,
        "next": next_action(drawn),
        "parts": [part for part in parts if show in ("all", "ours" if part.own else "others")],
        "show": show,
        "sent": sorted(found.of(ContextItem), key=lambda item: item.pk),
        "scopes": scopes(found, episode.referral),
        "treating": allowed(check_user_can_treat, request.user, episode),
        "prescribing": allowed(check_user_can_prescribe, request.user, episode.clinic_id),
        "logging": allowed(check_user_can_log_session, request.user, episode),
    }
    return render(request, "care/case.html", context)
