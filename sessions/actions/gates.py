"""A prescriber lifts a gate and answers for it; somebody else looks at it afterwards."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from people.models import User
from sessions.actions.before_dose import check_waiting
from sessions.actions.dosing import check_recent, locked
from sessions.enums.gates import Gate
from sessions.gates import GateFacts, asked_at, standings
from sessions.models import DosingSession, GateOverride, OverrideReview
from sessions.permissions import check_user_can_prescribe, check_user_can_treat


@transaction.atomic
def override_gate(
    *,
    by: User,
    dosing: DosingSession,
    gate: Gate,
    reason: str,
    given_at: datetime | None = None,
) -> GateOverride:
    """Lift one shut gate of one dose, for a `reason` in words. Lifting it again changes nothing.

    `given_at`: of a dose that was given already and waits to be recorded; without it the gate has
    to be shut now. Raises ValidationError where the gate is open, without a reason, and once the
    dose is recorded as given.
    """
    dosing = locked(dosing)
    check_user_can_prescribe(by, dosing.episode.clinic_id)
    if existing := dosing.overrides.filter(gate=gate).first():
        return existing
    check_waiting(dosing)
    if not reason.strip():
        raise ValidationError({"reason": "Say why the dose may be given all the same."})
    if given_at:
        check_recent(given_at, "given_at", future=False)
    at = given_at or asked_at(dosing, timezone.now())
    on = dosing.episode.clinic.day_of(at)
    standing = next(s for s in standings(GateFacts.of(dosing, at), at, on) if s.gate == gate)
    if standing.is_open:
        raise ValidationError("There is nothing to lift: this is done.")
    row = GateOverride(
        dosing=dosing,
        gate=gate,
        stood_at=standing.text[:300],
        reason=reason.strip(),
        overridden_by=by,
    )
    row.full_clean()
    row.save()
    record("gate.overridden", by=by, on=row, client_id=dosing.episode.client_id, gate=gate)
    return row


def check_user_can_review(user: User, override: GateOverride) -> None:
    """Treating staff of the clinic, but not the one who lifted the gate."""
    check_user_can_treat(user, override.dosing.episode)
    if override.overridden_by_id == user.pk:
        raise PermissionDenied("Somebody else reviews what you lifted.")


@transaction.atomic
def review_override(*, by: User, override: GateOverride, finding: str) -> OverrideReview:
    """What somebody else found, in words; reviewed once. Asked again, the first review stands."""
    override = GateOverride.objects.select_for_update(of=("self",), no_key=True).get(pk=override.pk)
    check_user_can_review(by, override)
    if existing := OverrideReview.objects.filter(override=override).first():
        return existing
    if not finding.strip():
        raise ValidationError({"finding": "Say what you found."})
    row = OverrideReview(override=override, finding=finding.strip(), reviewed_by=by)
    row.full_clean()
    row.save()
    record("override.reviewed", by=by, on=row, client_id=override.dosing.episode.client_id)
    return row
