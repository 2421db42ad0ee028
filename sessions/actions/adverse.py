"""Adverse events: recorded at any time, followed up, reviewed by a prescriber."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from people.concurrency import row_of_form
from people.models import User
from sessions.actions.alerts import raise_alert
from sessions.actions.dosing import check_recent
from sessions.actions.observing import check_fatal, correct, observe_once
from sessions.enums.observing import Grade
from sessions.enums.outcomes import AlertKind
from sessions.models import AdverseEvent, AdverseEventReview, AdverseEventUpdate, EpisodeOfCare
from sessions.permissions import check_user_can_prescribe, check_user_can_treat


@transaction.atomic
def record_adverse_event(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, at: datetime, values: Mapping[str, Any]
) -> AdverseEvent:
    """An adverse event of `episode`, also after treatment has ended; a severe one alerts.

    `values`: what, severity (CTCAE v5 grade 1–5), outcome, actions_taken, and dosing or None.
    Raises ValidationError for death without a fatal outcome or the reverse, for a dose of another
    episode, and for a time that lies ahead or more than a month back.
    """
    dosing = values.get("dosing")
    if dosing and dosing.episode_id != episode.pk:
        raise ValidationError({"dosing": "Choose a dose of this client."})
    event = observe_once(AdverseEvent(episode=episode, at=at, **values), by, form_key)
    _alert(by, event, event.severity)
    return event


@transaction.atomic
def correct_adverse_event(*, by: User, row: AdverseEvent, **content) -> AdverseEvent:
    """As `observing.correct`. What only now turns out to be severe alerts the clinic."""
    fresh = correct(by=by, row=row, **content)
    if row.severity < Grade.SEVERE:
        _alert(by, fresh, fresh.severity)
    return fresh


@transaction.atomic
def update_adverse_event(
    *, by: User, event: AdverseEvent, form_key: UUID, at: datetime, values: Mapping[str, Any]
) -> AdverseEventUpdate:
    """How it went on: severity and outcome as they are now, and words. The newest counts."""
    event = _locked(event)
    check_user_can_treat(by, event.episode)
    if existing := row_of_form(AdverseEventUpdate.objects, form_key, event_id=event.pk):
        return existing
    _check_current(event)
    check_fatal(values["severity"], values["outcome"])
    check_recent(at, "at", future=False)
    row = AdverseEventUpdate(event=event, form_key=form_key, at=at, recorded_by=by, **values)
    row.full_clean(exclude=["form_key"])
    row.save()
    record("adverse_event.updated", by=by, on=row, client_id=event.episode.client_id)
    _alert(by, event, row.severity)
    return row


@transaction.atomic
def review_adverse_event(
    *, by: User, event: AdverseEvent, form_key: UUID, finding: str
) -> AdverseEventReview:
    """A prescriber reviewed the event as it stands now."""
    event = _locked(event)
    check_user_can_prescribe(by, event.episode.clinic_id)
    if existing := row_of_form(AdverseEventReview.objects, form_key, event_id=event.pk):
        return existing
    _check_current(event)
    if not finding.strip():
        raise ValidationError({"finding": "Write what you found."})
    row = AdverseEventReview(
        event=event, form_key=form_key, finding=finding.strip(), reviewed_by=by
    )
    row.full_clean(exclude=["form_key"])
    row.save()
    record("adverse_event.reviewed", by=by, on=row, client_id=event.episode.client_id)
    return row


def _alert(by: User, event: AdverseEvent, severity: int) -> None:
    """From CTCAE grade 3; the same event alerts once, however it goes on."""
    if severity >= Grade.SEVERE:
        raise_alert(by=by, episode=event.episode, kind=AlertKind.ADVERSE, source=event)


def _locked(event: AdverseEvent) -> AdverseEvent:
    rows = AdverseEvent.objects.select_for_update(of=("self",), no_key=True).select_related(
        "episode"
    )
    return rows.get(pk=event.pk)


def _check_current(event: AdverseEvent) -> None:
    if event.entered_in_error or AdverseEvent.objects.filter(corrects=event).exists():
        raise ValidationError("This was corrected meanwhile. Open it again.")
