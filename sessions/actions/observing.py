"""What is seen and done beside the client. Everything is appended, corrections too."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from people.concurrency import row_of_form
from people.enums import TREATING_ROLES
from people.formats import clock
from people.models import User
from sessions.actions.dosing import check_recent, locked
from sessions.enums import Effect, TreatmentModel
from sessions.enums.observing import Grade, InterventionKind, Outcome, SessionPhase
from sessions.models import (
    AdverseEvent,
    DosingSession,
    Intervention,
    PhaseMark,
    Presence,
    SideEffect,
    Vitals,
)
from sessions.models.observations import Observed
from sessions.permissions import check_user_can_treat

Row = TypeVar("Row", bound=Observed)
# How far the clock of a device may be ahead of ours.
SKEW = timedelta(minutes=2)
NAMES: dict[type[Observed], str] = {
    Vitals: "vitals",
    SideEffect: "side_effect",
    Intervention: "intervention",
    PhaseMark: "phase_mark",
    Presence: "presence",
    AdverseEvent: "adverse_event",
}
# What two sendings of one form may differ in.
OF_THE_SENDING = {"id", "form_key", "at", "recorded_by_id", "recorded_at"}
DEATH = "Grade 5 is death, and its outcome is fatal. Choose both or neither."
IN_WORDS = "Say in words what it was."


@transaction.atomic
def record_vitals(
    *, by: User, dosing: DosingSession, form_key: UUID, at: datetime, values: Mapping[str, Any]
) -> Vitals:
    """One row of the flow sheet, seen at an aware moment. The same row sent twice is kept once.

    Raises ValidationError for a time that lies ahead or a month back, for values no body has,
    after a cancellation, and where the form was used for something else.
    """
    return observe_once(Vitals(dosing=dosing, at=at, **values), by, form_key)


@transaction.atomic
def record_side_effect(
    *, by: User, dosing: DosingSession, form_key: UUID, at: datetime, values: Mapping[str, Any]
) -> SideEffect:
    """As `record_vitals`. Something else than the known effects needs a note."""
    return observe_once(SideEffect(dosing=dosing, at=at, **values), by, form_key)


@transaction.atomic
def record_intervention(
    *, by: User, dosing: DosingSession, form_key: UUID, at: datetime, values: Mapping[str, Any]
) -> Intervention:
    """As `record_vitals`. Something else than the known kinds needs a note."""
    return observe_once(Intervention(dosing=dosing, at=at, **values), by, form_key)


@transaction.atomic
def mark_phase(
    *, by: User, dosing: DosingSession, form_key: UUID, at: datetime, values: Mapping[str, Any]
) -> PhaseMark:
    """That a phase begins. What surrounds the dose is a phase in the KAP model alone."""
    return observe_once(PhaseMark(dosing=dosing, at=at, **values), by, form_key)


@transaction.atomic
def record_presence(
    *, by: User, dosing: DosingSession, form_key: UUID, at: datetime, values: Mapping[str, Any]
) -> Presence:
    """That `person`, of the clinic's treating staff, comes in (`is_here`) or leaves the room."""
    person = values["person"]
    row = Presence(dosing=dosing, at=at, role=_role_of(person, dosing), **values)
    return observe_once(row, by, form_key)


@transaction.atomic
def correct(
    *,
    by: User,
    row: Row,
    form_key: UUID,
    reason: str,
    at: datetime,
    values: Mapping[str, Any],
) -> Row:
    """Put a new row in the place of `row`, with a reason. What it said stays in the record.

    Raises ValidationError without a reason, where nothing differs, and where the row was
    corrected or withdrawn meanwhile.
    """
    fresh = _instead_of(row, reason)
    fresh.at = at
    for name, value in values.items():
        setattr(fresh, name, value)
    if isinstance(fresh, Presence):
        fresh.role = _role_of(fresh.person, fresh.dosing)
    return observe_once(fresh, by, form_key)


@transaction.atomic
def withdraw(*, by: User, row: Row, form_key: UUID, reason: str) -> Row:
    """Say, with a reason, that `row` was entered in error. It stays in the record, struck out."""
    fresh = _instead_of(row, reason)
    fresh.entered_in_error = True
    return observe_once(fresh, by, form_key)


def observe_once(row: Row, by: User, form_key: UUID) -> Row:
    """Append `row`, whose own facts are filled in; or give back what this form made before.

    To be called in a transaction: it locks the dose, or else the episode, that the row is about.
    """
    episode, owner = _lock(row)
    check_user_can_treat(by, episode)
    objects: Any = type(row).objects
    if existing := row_of_form(objects, form_key, **owner):
        return _same(existing, row)
    if row.corrects:
        _check_correctable(row)
    else:
        _check_possible(row)
    _check_words(row)
    row.at = _seen_at(row.at)
    row.form_key, row.recorded_by = form_key, by
    row.full_clean(exclude=["form_key", "corrects"])
    row.save()
    verb = ("withdrawn" if row.entered_in_error else "corrected") if row.corrects else "recorded"
    about = {"client_id": episode.client_id, **owner}
    if row.corrects:
        about["corrects"] = row.corrects_id
    record(f"{NAMES[type(row)]}.{verb}", by=by, on=row, **about)
    return row


def _lock(row: Observed):
    """(the episode, whose the row is), with the dose locked; without one, the episode."""
    if row.dosing:
        row.dosing = locked(row.dosing)
        return row.dosing.episode, {"dosing_id": row.dosing.pk}
    episode = row.episode  # type: ignore[attr-defined]
    type(episode).objects.select_for_update(no_key=True).get(pk=episode.pk)
    return episode, {"episode_id": episode.pk}


def _seen_at(moment: datetime) -> datetime:
    """The moment itself; now, where the clock of a device is a little ahead."""
    now = timezone.now()
    if now < moment <= now + SKEW:
        return now
    check_recent(moment, "at", future=False)
    return moment


def _same(existing: Row, row: Row) -> Row:
    names = {field.attname for field in row._meta.concrete_fields} - OF_THE_SENDING
    if any(getattr(existing, name) != getattr(row, name) for name in names):
        raise ValidationError(
            "This form was saved already with other values. Look at the flow sheet: correct that "
            "row, or enter a new one."
        )
    return existing


def _instead_of(row: Row, reason: str) -> Row:
    """An unsaved row that repeats `row` and is to take its place."""
    names = {f.attname for f in row._meta.concrete_fields} - {"id", "form_key", "recorded_at"}
    kept = names - {"corrects_id", "reason", "entered_in_error"}
    values = {name: getattr(row, name) for name in kept}
    kind: Any = type(row)
    return kind(**values, corrects=row, reason=reason.strip())


def _check_correctable(row: Observed) -> None:
    assert row.corrects
    objects: Any = type(row).objects
    old = objects.select_for_update(no_key=True).get(pk=row.corrects.pk)
    if not row.reason:
        raise ValidationError({"reason": "Say why. The reason is kept beside the correction."})
    if old.entered_in_error:
        raise ValidationError("This was withdrawn as entered in error. Enter it anew instead.")
    if objects.filter(corrects=old).exists():
        raise ValidationError("Somebody corrected this meanwhile. Look at the newest value first.")
    if not row.entered_in_error and row.facts() == old.facts():
        raise ValidationError("Nothing differs from what was recorded.")


def _check_possible(row: Observed) -> None:
    dosing = row.dosing
    if dosing and dosing.cancelled_at:
        raise ValidationError("This dose was cancelled.")
    if isinstance(row, PhaseMark):
        _check_phase(row)
    left = dosing and dosing.discharged_at
    if left and row.at > left and not isinstance(row, Vitals | AdverseEvent):
        raise ValidationError({"at": f"They left at {clock(left)}. Write when it was."})


def check_fatal(severity: int, outcome: str) -> None:
    """Raises ValidationError unless grade 5 and the outcome “fatal” come together."""
    if (severity == Grade.DEATH) != (outcome == Outcome.FATAL):
        raise ValidationError({"outcome": DEATH})


def _check_words(row: Observed) -> None:
    if isinstance(row, AdverseEvent):
        check_fatal(row.severity, row.outcome)
    other = (isinstance(row, SideEffect) and row.effect == Effect.OTHER) or (
        isinstance(row, Intervention) and row.kind == InterventionKind.OTHER
    )
    if other and not row.note.strip():  # type: ignore[attr-defined]
        raise ValidationError({"note": IN_WORDS})


def _check_phase(row: PhaseMark) -> None:
    around = row.phase in (SessionPhase.BEFORE, SessionPhase.AFTER)
    if around and row.dosing.episode.treatment_model != TreatmentModel.KAP:
        raise ValidationError("This phase is marked where psychotherapy accompanies the dose.")
    if row.phase == SessionPhase.BEFORE:
        return
    if not row.dosing.given_at or row.at < row.dosing.given_at:
        raise ValidationError("The dose comes first: this phase begins after it.")


def _role_of(person: User, dosing: DosingSession) -> str:
    membership = person.membership
    at_clinic = membership and membership.organization_id == dosing.episode.clinic_id
    if not (membership and at_clinic and membership.role in TREATING_ROLES):
        raise ValidationError("Only those who treat at this clinic are noted as present.")
    return membership.role
