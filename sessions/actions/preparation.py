"""Preparation that the clinic held."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from people.models import User
from sessions.actions.events import add_event
from sessions.actions.recording import already, enter
from sessions.enums import EventKind
from sessions.models import DosingSession, EpisodeOfCare, PreparationSession
from sessions.permissions import check_user_can_treat
from sessions.signals import preparation_recorded


@transaction.atomic
def record_preparation(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, content: Mapping[str, Any]
) -> PreparationSession:
    """A preparation session that the clinic held; its date is a schedule item.

    `content` holds the fields of the model; `dosing`, where it is named, is a dose of the episode.
    """
    check_user_can_treat(by, episode)
    if existing := already(PreparationSession, episode, form_key):
        return existing
    if content["held_at"] > timezone.now():
        raise ValidationError({"held_at": "This is in the future. Enter when it was held."})
    check_dose(episode, content.get("dosing"))
    row = enter(
        PreparationSession,
        "preparation.recorded",
        by=by,
        episode=episode,
        form_key=form_key,
        content=content,
    )
    add_event(by=by, episode=episode, kind=EventKind.PREPARATION_HELD, at=row.held_at)
    preparation_recorded.send(PreparationSession, preparation=row, by=by)
    return row


def check_dose(episode: EpisodeOfCare, dosing: DosingSession | None) -> None:
    """A dose that is named belongs to the episode and was not cancelled."""
    if dosing and (dosing.episode_id != episode.pk or dosing.cancelled_at):
        raise ValidationError({"dosing": "Choose a dose of this episode."})
