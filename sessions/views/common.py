"""What the clinic's screens share: scoped rows, the client banner, a form that runs an action."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.shortcuts import get_object_or_404
from django.utils import timezone

from people.enums import Role
from people.forms import apply_errors
from people.models import User
from people.requests import MemberRequest
from sessions.models import DosingSession, EpisodeOfCare
from sessions.progress import alerts, allergies

AT_CLINIC = (Role.PRESCRIBER, Role.NURSE, Role.KAP_THERAPIST, Role.COORDINATOR)
TREATING = (Role.PRESCRIBER, Role.NURSE, Role.KAP_THERAPIST)
OUTSIDE = (Role.THERAPIST, Role.PHYSICIAN)


def episode_or_404(user: User, pk: int) -> EpisodeOfCare:
    """An episode of the clinic where `user` works with clients."""
    rows = EpisodeOfCare.objects.at_clinic_of(user).select_related(
        "client",
        "clinic",
        "referral__practice",
        "preparation_owner",
        "integration_owner",
        "ended_by",
    )
    return get_object_or_404(rows, pk=pk)


def dosing_or_404(user: User, pk: int) -> DosingSession:
    """A dose of such an episode."""
    rows = DosingSession.objects.filter(episode__in=EpisodeOfCare.objects.at_clinic_of(user))
    people = ("given_by", "planned_by", "discharged_by")
    return get_object_or_404(
        rows.select_related("episode__client", "episode__clinic", "note", *people), pk=pk
    )


def banner(episode: EpisodeOfCare, *more: tuple[str, str]) -> dict[str, Any]:
    """The client banner: allergies as last asked, alerts, and what the page adds."""
    screenings = list(episode.screenings.prefetch_related("allergies"))
    client = episode.client
    facts = [("Allergies", allergies(screenings)), *more]
    last = episode.clearances.first()
    flags = alerts(screenings, last, client.date_of_birth, timezone.localdate())
    standing = list(episode.alerts.standing())
    flags = (["Safety alert"] if standing else []) + flags
    return {
        "episode": episode,
        "client": client,
        "facts": facts,
        "flags": flags,
        "standing": standing,
    }


def posted(request: MemberRequest):
    """What was sent, or None for a form that is only shown."""
    return request.POST if request.method == "POST" else None


def done(request: MemberRequest, form: Form, action: Callable[[], Any]) -> bool:
    """Run `action` if a sent form is valid; what it refuses stands beside its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        action()
    except ValidationError as error:
        apply_errors(form, error)
        return False
    return True
