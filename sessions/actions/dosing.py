"""A dose from plan to discharge. Listeners of `dose_changed` write in the same transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit.record import record
from people.concurrency import row_of_form
from people.models import User
from sessions.actions.events import follow_dose
from sessions.enums import DischargeCheck
from sessions.models import DosingSession, EpisodeOfCare, SideEffect, Vitals
from sessions.permissions import check_user_can_prescribe, check_user_can_treat
from sessions.signals import dose_changed

LATEST_ENTRY = timedelta(days=31)


@transaction.atomic
def plan_dose(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, planned_at: datetime
) -> DosingSession:
    """Plan the next dose. The same form sent twice gives one dose."""
    check_user_can_prescribe(by, episode.clinic_id)
    episode = EpisodeOfCare.objects.select_for_update().get(pk=episode.pk)
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


@transaction.atomic
def record_vitals(
    *, by: User, dosing: DosingSession, form_key: UUID, at: datetime, values: Mapping[str, Any]
) -> Vitals:
    """One row of the flow sheet. The same row sent twice is kept once."""
    return _observe(Vitals, "vitals.recorded", by, dosing, form_key, at, values)


@transaction.atomic
def record_side_effect(
    *, by: User, dosing: DosingSession, form_key: UUID, at: datetime, values: Mapping[str, Any]
) -> SideEffect:
    return _observe(SideEffect, "side_effect.recorded", by, dosing, form_key, at, values)


@transaction.atomic
def discharge(
    *,
    by: User,
    dosing: DosingSession,
    discharged_at: datetime,
    mental_status: str,
    escort: str,
    checks: Collection[str],
) -> DosingSession:
    """The client leaves, with an escort, after the dose, with every check confirmed."""
    dosing = locked(dosing)
    check_user_can_treat(by, dosing.episode)
    if dosing.discharged_at:
        return dosing
    if not dosing.given_at:
        raise ValidationError("Record the dose before the discharge.")
    if missing := [check for check in DischargeCheck if check not in checks]:
        raise ValidationError({check.value: check.missing for check in missing})
    words = {"mental_status": mental_status.strip(), "escort": escort.strip()}
    if empty := [name for name, text in words.items() if not text]:
        raise ValidationError(dict.fromkeys(empty, "Write this before the client leaves."))
    if discharged_at <= dosing.given_at:
        raise ValidationError({"discharged_at": "This is before the dose. Check the time."})
    check_recent(discharged_at, "discharged_at", future=False)
    dosing.discharged_at, dosing.discharged_by = discharged_at, by
    dosing.mental_status, dosing.escort = words["mental_status"], words["escort"]
    dosing.full_clean(exclude=["form_key"])
    dosing.save()
    client = dosing.episode.client_id
    record("dose.discharged", by=by, on=dosing, client_id=client, checks=sorted(checks))
    return dosing


def locked(dosing: DosingSession) -> DosingSession:
    rows = DosingSession.objects.select_for_update(of=("self",)).select_related("episode")
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


def _observe(model, event: str, by: User, dosing: DosingSession, form_key, at, values):
    dosing = locked(dosing)
    check_user_can_treat(by, dosing.episode)
    if existing := row_of_form(model.objects, form_key, dosing_id=dosing.pk):
        return existing
    if dosing.cancelled_at:
        raise ValidationError("This dose was cancelled.")
    check_recent(at, "at", future=False)
    row = model(dosing=dosing, form_key=form_key, at=at, recorded_by=by, **values)
    row.full_clean(exclude=["form_key"])
    row.save()
    record(event, by=by, on=row, client_id=dosing.episode.client_id)
    return row
