"""The clinic's view of a case: one page for all of it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from consent.emergencies import open_now
from people.formats import amount
from people.merging import other_records
from people.models import User
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest
from referrals.enums import Answer
from referrals.models import ContextItem
from referrals.permissions import TRIAGE_ROLES
from sessions.actions.integration import check_user_can_log_session
from sessions.adverse_events import adverse_events_in
from sessions.appointments.permissions import check_user_is_on
from sessions.appointments.reading import lines
from sessions.facts import Facts
from sessions.goals import kept
from sessions.journey import drawings, journey, next_action
from sessions.models import (
    Appointment,
    CareEvent,
    EmergencyNotice,
    EpisodeOfCare,
    Goal,
    GoalEnd,
    GoalProgress,
    IntegrationSession,
    NoteSection,
    OutcomeResponse,
    SessionThemes,
)
from sessions.outcomes import outcomes
from sessions.permissions import (
    TASK_CHECKS,
    check_user_can_keep_own_notes,
    check_user_can_prescribe,
    check_user_can_treat,
)
from sessions.presence import untrained_owners
from sessions.progress import Task, tasks
from sessions.reading import chosen, contacts_to_copy_for, knows_sessions, read_case, scopes
from sessions.screening import lacking
from sessions.stages import stage_in
from sessions.timeline import days, whose
from sessions.views.common import AT_CLINIC, banner, episode_or_404, with_item_9
from sessions.views.coordination import line_of


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
        hours=episode.hours,
    )
    responses, themes = found.of(OutcomeResponse), found.of(SessionThemes)
    sections, reader = found.of(NoteSection), found.access.reader
    parts = days(events, sections, sessions, reader, responses, themes)
    logging = allowed(check_user_can_log_session, request.user, episode)
    show = chosen(request)
    context = {
        **banner(episode),
        "parts": whose(parts, show),
        "show": show,
        "choosing": True,
        "recorded": facts,
        "stage": stage_in(facts),
        "referral": episode.referral,
        "others": other_records(episode.client_id, episode.clinic_id),
        "untrained": untrained_owners(episode),
        "tasks": [_linked(request.user, episode, task) for task in tasks(facts, found.at)],
        "journey": drawings(drawn) if drawn.doses else None,
        "next": next_action(drawn),
        "sent": sorted(found.of(ContextItem), key=lambda item: item.pk),
        "outcomes": outcomes(responses, item_9=with_item_9(episode)),
        "scopes": scopes(found, episode.referral),
        "emergencies": open_now(found.access),
        "notices": EmergencyNotice.objects.standing().filter(referral=episode.referral),
        "now": found.at,
        "appointments": lines(found.of(Appointment), events, request.user, found.at, episode.hours),
        "booking": allowed(check_user_is_on, request.user, episode),
        "contacts": contacts_to_copy_for(episode.referral, found.at),
        **_screened(facts),
        "treating": allowed(check_user_can_treat, request.user, episode),
        "prescribing": allowed(check_user_can_prescribe, request.user, episode.clinic_id),
        "triaging": request.membership.role in TRIAGE_ROLES,
        "own_notes": allowed(check_user_can_keep_own_notes, request.user, episode),
        "logging": logging,
        "correcting": logging,
        "coordination": line_of(request.user, episode.referral, found),
        "goals": kept(found.of(Goal), found.of(GoalProgress), found.of(GoalEnd)),
        "treats": allowed(check_user_can_treat, request.user, episode),
        "adverse_events": adverse_events_in(episode),
    }
    return render(request, "care/case.html", context)


def _screened(facts: Facts) -> dict:
    """What the last screening leaves open, and how many questions it answers with no."""
    if facts.screening is None:
        return {}
    answers = [row.answer for row in facts.screening.answers.all()]
    return {"unasked": lacking(facts.screening), "noes": answers.count(Answer.NO)}


def _linked(user: User, episode: EpisodeOfCare, task: Task) -> dict:
    """A task with its address, or with the sentence why this person does not do it."""
    try:
        TASK_CHECKS[task.verb](user, episode)
    except PermissionDenied as refusal:
        return {"task": task, "why": str(refusal)}
    on = task.on or task.dosing or episode
    return {"task": task, "url": reverse(f"care:{task.verb}", args=[on.pk])}
