"""The dose is given: as it was ordered, once every gate is open; and corrected, with a reason."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from people.concurrency import row_of_form
from people.models import User
from sessions.actions.before_dose import check_amount
from sessions.actions.dosing import changed, check_planned, check_recent, locked
from sessions.gates import GateFacts, late_order, shut
from sessions.models import DoseCorrection, DoseOrder, DosingSession
from sessions.permissions import check_user_can_treat

NO_ORDER = "No dose is ordered. A prescriber orders it first."
NO_WEIGHT = "Today’s weight is missing. Record it with the checks before the dose."
ORDER_CHANGED = "The order was changed meanwhile. Read it again before you record the dose."


@transaction.atomic
def give_dose(
    *, by: User, dosing: DosingSession, order: DoseOrder, given_at: datetime
) -> DosingSession:
    """Record that `order` was given at an aware moment that is not in the future.

    Repeated it changes nothing. Raises ValidationError while a gate is shut, naming each and who
    lifts it; when `order` is no longer the newest, or was entered after the dose; and for a time
    that cannot be.
    """
    dosing = locked(dosing)
    check_user_can_treat(by, dosing.episode)
    if dosing.given_at:
        if (dosing.order_id, dosing.given_at) == (order.pk, given_at):
            return dosing
        raise ValidationError("This dose is already recorded as given.")
    check_planned(dosing)
    check_recent(given_at, "given_at", future=False)
    facts = GateFacts.of(dosing, given_at)
    if facts.order is None:
        raise ValidationError(NO_ORDER)
    if facts.order != order:
        raise ValidationError(ORDER_CHANGED)
    on = dosing.episode.clinic.day_of(given_at)
    if late := late_order(facts.order, given_at):
        raise ValidationError({"given_at": late})
    if closed := shut(facts, given_at, on):
        raise ValidationError([standing.refusal for standing in closed])
    _give(dosing, facts, given_at=given_at, given_by=by, given_on=on)
    return changed(by, dosing, "dose.given")


@transaction.atomic
def correct_dose(
    *,
    by: User,
    dosing: DosingSession,
    form_key: UUID,
    given_at: datetime,
    dose_mg: Decimal,
    reason: str,
) -> DosingSession:
    """Say that a dose was given at another moment, or another amount (mg, above 0 to 1000) of it.

    What was said before stays in the record; windows and reminders move with the dose. Raises
    ValidationError without a reason, where nothing differs, for a time that cannot be or at which
    a gate was shut, and where the dose was not given.
    """
    dosing = locked(dosing)
    check_user_can_treat(by, dosing.episode)
    if row_of_form(DoseCorrection.objects, form_key, dosing_id=dosing.pk):
        return dosing
    if dosing.given_at is None:
        raise ValidationError("This dose is not recorded as given.")
    check_amount(dose_mg)
    if not reason.strip():
        raise ValidationError({"reason": "Say why. The reason is kept beside the correction."})
    was = {"was_given_at": dosing.given_at, "was_mg": dosing.dose_mg}
    if (dosing.given_at, dosing.dose_mg) == (given_at, dose_mg):
        raise ValidationError("Nothing differs from what was recorded.")
    if given_at != dosing.given_at:
        _move_given(dosing, given_at)
    dosing.dose_mg = dose_mg
    row = DoseCorrection(dosing=dosing, form_key=form_key, recorded_by=by, reason=reason.strip())
    for name, value in {**was, "given_at": given_at, "dose_mg": dose_mg}.items():
        setattr(row, name, value)
    row.full_clean(exclude=["form_key"])
    row.save(force_insert=True)
    return changed(by, dosing, "dose.corrected")


def _move_given(dosing: DosingSession, given_at: datetime) -> None:
    """To another moment, at which what opened its gates has to have held as well."""
    check_recent(given_at, "given_at", future=False)
    if dosing.discharged_at and given_at >= dosing.discharged_at:
        raise ValidationError({"given_at": "The client had left by then."})
    facts = GateFacts.of_given(dosing, given_at)
    on = dosing.episode.clinic.day_of(given_at)
    closed = [standing.sentence for standing in shut(facts, given_at, on)]
    if late := late_order(facts.order, given_at):
        closed.insert(0, late)
    if closed:
        raise ValidationError({"given_at": closed})
    dosing.given_at, dosing.given_on, dosing.consent = given_at, on, facts.consent.consent


def _give(dosing: DosingSession, facts: GateFacts, **given) -> None:
    """What was given, and on what it was given."""
    assert facts.order
    weight = weight_of(facts)
    if weight is None:
        raise ValidationError(NO_WEIGHT)
    dosing.order, dosing.route = facts.order, facts.order.route
    dosing.dose_mg, dosing.weight_kg = facts.order.dose_mg, weight
    dosing.clearance, dosing.consent = facts.clearance, facts.consent.consent
    dosing.identity, dosing.checks = facts.identity, facts.checks
    dosing.escort_plan = facts.escort
    dosing.recorded_at = timezone.now()
    for name, value in given.items():
        setattr(dosing, name, value)


def weight_of(facts: GateFacts) -> Decimal | None:
    """Today's weight in kg; where the checks were lifted, the last one that was measured."""
    return facts.weighed.weight_kg if facts.weighed else None
