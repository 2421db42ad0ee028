"""The end of treatment at the clinic: of the episode, its plans, and the releases that end with it.

Beginning again takes a new referral.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.actions.ending import end_treatment
from consent.ledger.chain import lock_heads
from people.models import User
from referrals.actions.states import move
from referrals.enums import Verb
from sessions.actions.dosing import cancel_dose
from sessions.models import EpisodeOfCare
from sessions.permissions import check_user_can_prescribe


@transaction.atomic
def end_episode(
    *, by: User, episode: EpisodeOfCare, reason: str, ended_at: datetime
) -> EpisodeOfCare:
    """End an episode, for a `reason` in one line. Ending it again changes nothing.

    Planned doses are cancelled and with them their reminders; the windows of doses that were given
    stay. Releases made out until the end of treatment are over, unless another episode of the same
    client is open here. Raises ValidationError for a moment that cannot be, or while the client is
    still in the clinic.
    """
    check_user_can_prescribe(by, episode.clinic_id)
    lock_heads([episode.client_id])  # first, as whoever ends a release does
    rows = EpisodeOfCare.objects.select_for_update(of=("self",), no_key=True).select_related(
        "referral"
    )
    episode = rows.get(pk=episode.pk)
    if episode.ended_at:
        return episode
    _check(episode, reason, ended_at)
    for dosing in episode.doses.filter(given_at=None, cancelled_at=None):
        cancel_dose(by=by, dosing=dosing)
    episode.ended_at, episode.ended_by, episode.ended_reason = ended_at, by, reason.strip()
    episode.full_clean()
    episode.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    move(by=by, referral=episode.referral, verb=Verb.COMPLETE)
    record("episode.ended", by=by, on=episode)
    if not open_beside(episode):
        end_treatment(
            by=by,
            client_id=episode.client_id,
            organization_id=episode.clinic_id,
            at=ended_at,
        )
    return episode


def open_beside(episode: EpisodeOfCare) -> bool:
    """Whether the client has another open episode at the same clinic."""
    same = EpisodeOfCare.objects.filter(
        client=episode.client_id, clinic=episode.clinic_id, ended_at=None
    )
    return same.exclude(pk=episode.pk).exists()


def _check(episode: EpisodeOfCare, reason: str, ended_at: datetime) -> None:
    errors = {}
    given = episode.doses.filter(given_at__isnull=False).order_by("given_at")
    last = given.last()
    if not reason.strip():
        errors["reason"] = "Say in one line why treatment ends."
    if ended_at > timezone.now():
        errors["ended_at"] = "This is in the future. Enter when it ended."
    elif last and ended_at < last.at:
        errors["ended_at"] = f"This is before dose {last.number} was given. Check the date."
    if errors:
        raise ValidationError(errors)
    if given.filter(discharged_at=None).exists():
        raise ValidationError("A client who was given a dose has not left yet. Record that first.")
