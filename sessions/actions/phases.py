"""From induction to maintenance, and back where the client needs it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from people.models import User
from sessions.enums import Phase
from sessions.models import EpisodeOfCare
from sessions.permissions import check_user_can_prescribe


@transaction.atomic
def change_phase(*, by: User, episode: EpisodeOfCare, phase: Phase) -> EpisodeOfCare:
    """Move an open episode to `phase`: one conditional update, so that of many at once one counts.

    Asked again it changes nothing. Raises ValidationError once treatment has ended.
    """
    check_user_can_prescribe(by, episode.clinic_id)
    rows = EpisodeOfCare.objects.filter(pk=episode.pk, ended_at=None)
    moved = rows.exclude(phase=phase).update(phase=Phase(phase))
    if moved:
        record("episode.phase_changed", by=by, on=episode, phase=phase)
    episode.refresh_from_db()
    if episode.ended_at:
        raise ValidationError("Treatment has ended. Beginning again takes a new referral.")
    return episode
