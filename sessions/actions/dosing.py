"""A dose is planned, moved, cancelled. Who listens to `dose_changed` writes in the transaction."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit.record import record
from people.concurrency import row_of_form
from people.models import User
from sessions.actions.events import follow_dose
from sessions.models import DosingSession, EpisodeOfCare
from sessions.permissions import check_user_can_prescribe
from sessions.signals import dose_changed

LATEST_ENTRY = timedelta(days=31)


@transaction.atomic
def plan_dose(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, planned_at: datetime
) -> DosingSession:
    """Plan the next dose. The same form sent twice gives one dose."""
    check_user_can_prescribe(by, episode.clinic_id)
    episode = EpisodeOfCare.objects.select_for_update(no_key=True).get(pk=episode.pk)
    if existing := row_of_form(DosingSession.objects, form_key, episode_id=episode.pk):
        return existing
    if episode.ended_at:
        raise ValidationError("Treatment has ended. Beginning again takes a new referral.")
    check_recent(planned_at, "planned_at")
    last = episode.doses.aggregate(last=Max("number"))["last"] or 0
    dosing = DosingSession(
        form_key=form_key,
        episode=episode,
        number=last + 1,
        planned_at=planned_at,
        planned_by=by,
    )
    return changed(by, dosing, "dose.planned")


@transaction.atomic
def move_dose(*, by: User, dosing: DosingSession, planned_at: datetime) -> DosingSession:
    """Move a planned dose: its windows and reminders move with it."""
    dosing = locked(dosing)
    check_user_can_prescribe(by, dosing.episode.clinic_id)
    check_planned(dosing)
    check_recent(planned_at, "planned_at")
    dosing.planned_at = planned_at
    return changed(by, dosing, "dose.moved")


@transaction.atomic
def cancel_dose(*, by: User, dosing: DosingSession) -> DosingSession:
    """Cancel a planned dose, and with it its reminders. Cancelling it again changes nothing."""
    dosing = locked(dosing)
    check_user_can_prescribe(by, dosing.episode.clinic_id)
    if dosing.cancelled_at:
        return dosing
    check_planned(dosing)
    dosing.cancelled_at = timezone.now()
    return changed(by, dosing, "dose.cancelled")


def locked(dosing: DosingSession) -> DosingSession:
    rows = DosingSession.objects.select_for_update(of=("self",), no_key=True).select_related(
        "episode"
    )
    return rows.get(pk=dosing.pk)


def check_planned(dosing: DosingSession) -> None:
    if dosing.cancelled_at:
        raise ValidationError("This dose was cancelled.")
    if dosing.given_at:
        raise ValidationError("This dose was given. It can no longer be moved or cancelled.")


def check_recent(moment: datetime, field: str, *, future: bool = True) -> None:
    now = timezone.now()
    if not future and moment > now:
        raise ValidationError({field: "This is in the future. Check the date and time."})
    if moment < now - LATEST_ENTRY:
        raise ValidationError({field: "This is more than a month ago. Check the date."})
    if moment > now + timedelta(days=365):
        raise ValidationError({field: "This is more than a year ahead. Check the date."})


def changed(by: User, dosing: DosingSession, event: str) -> DosingSession:
    dosing.full_clean(exclude=["form_key"])
    dosing.save()
    follow_dose(by=by, dosing=dosing)
    record(event, by=by, on=dosing, client_id=dosing.episode.client_id)
    dose_changed.send(DosingSession, dosing=dosing, by=by)
    return dosing
