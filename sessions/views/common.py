"""What the clinic's screens share: scoped rows, and the client banner."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from people.enums import Role
from people.models import User
from referrals.models import Referral
from sessions.enums.outcomes import AlertKind
from sessions.models import ContinuityNote, DosingSession, EpisodeOfCare
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
    people = ("given_by", "planned_by", "discharged_by", "escort_plan")
    rows = rows.select_related("episode__client", "episode__clinic", *people)
    return get_object_or_404(rows.prefetch_related("notes"), pk=pk)


def note_or_404(user: User, pk: int) -> ContinuityNote:
    """A note on such a dose: drafted, signed, an addition, or entered in error."""
    rows = ContinuityNote.objects.filter(episode__in=EpisodeOfCare.objects.at_clinic_of(user))
    people = ("author", "signed_by", "in_error_by", "adds_to__signed_by")
    places = ("dosing", "episode__client", "episode__clinic", "episode__referral__clinic")
    return get_object_or_404(rows.select_related(*places, *people), pk=pk)


def referral_or_404(user: User, pk: int) -> Referral:
    """A referral that was sent, of a case that is open to `user`."""
    rows = Referral.objects.open_to(user).sent().select_related("client", "clinic", "practice")
    return get_object_or_404(rows, pk=pk)


def with_item_9(episode: EpisodeOfCare) -> set[int]:
    """The responses to PHQ-9 whose item 9 was above 0, as the alerts tell: the clinic's own."""
    return {alert.source_pk for alert in episode.alerts.filter(kind=AlertKind.ITEM_9)}


def banner(episode: EpisodeOfCare, *more: tuple[str, str]) -> dict[str, Any]:
    """The client banner: allergies as last asked, alerts, and what the page adds."""
    screenings = list(episode.screenings.prefetch_related("allergies"))
    client = episode.client
    facts = [("Allergies", allergies(screenings)), *more]
    last = episode.clearances.first()
    flags = alerts(screenings, last, client.date_of_birth, timezone.localdate())
    raised = list(episode.alerts.select_related("acknowledged_by"))
    standing = [alert for alert in raised if not alert.acknowledged_at]
    flags = (["Safety alert"] if standing else []) + flags
    return {
        "episode": episode,
        "client": client,
        "facts": facts,
        "flags": flags,
        "standing": standing,
        "answered_alerts": [alert for alert in raised if alert.acknowledged_at],
    }
