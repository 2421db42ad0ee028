"""Dates and results as others may see them, written by the actions that record the thing itself."""

from datetime import datetime

from django.utils import timezone

from people.models import User
from sessions.enums import CATEGORY_OF_EVENT, EventKind
from sessions.models import CareEvent, DosingSession, EpisodeOfCare


def add_event(
    *,
    by: User,
    episode: EpisodeOfCare,
    kind: EventKind,
    at: datetime | None = None,
    text: str = "",
) -> CareEvent:
    return CareEvent.unscoped.create(
        client_id=episode.client_id,
        category=CATEGORY_OF_EVENT[kind],
        author_organization_id=episode.clinic_id,
        author=by,
        occurred_at=at or timezone.now(),
        episode=episode,
        kind=kind,
        text=text,
    )


def follow_dose(*, by: User, dosing: DosingSession) -> None:
    """One event a dose: planned, moved, given or cancelled, always as the record has it now."""
    kind = EventKind.DOSE_GIVEN if dosing.given_at else EventKind.DOSE_PLANNED
    if dosing.cancelled_at:
        kind = EventKind.DOSE_CANCELLED
    CareEvent.unscoped.update_or_create(
        dosing=dosing,
        defaults={"kind": kind, "occurred_at": dosing.at, "category": CATEGORY_OF_EVENT[kind]},
        create_defaults={
            "kind": kind,
            "occurred_at": dosing.at,
            "category": CATEGORY_OF_EVENT[kind],
            "client_id": dosing.episode.client_id,
            "author_organization_id": dosing.episode.clinic_id,
            "author": by,
            "episode": dosing.episode,
            "dose_number": dosing.number,
        },
    )
