"""The order, who the client is, the checks, the way home: recorded before a dose is given."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from people.concurrency import row_of_form
from people.formats import amount
from people.models import User
from sessions.enums.gates import PreDoseItem
from sessions.models import (
    DoseOrder,
    DosingSession,
    EscortPlan,
    IdentityCheck,
    PreDoseAnswer,
    PreDoseCheck,
)
from sessions.models.before_dose import BeforeDose
from sessions.models.dosing import MOST_MG
from sessions.permissions import (
    check_user_can_prescribe,
    check_user_can_treat,
    check_user_can_work_on,
)
from sessions.weighing import weigh_order

Row = TypeVar("Row", bound=BeforeDose)
ANOTHER_PERSON = (
    "This is not the date of birth of the client on this page. Make sure that the right person is "
    "in front of you and that the right page is open, then enter it again."
)


@transaction.atomic
def order_dose(
    *,
    by: User,
    dosing: DosingSession,
    form_key: UUID,
    route: str,
    dose_mg: Decimal,
    instructions: str = "",
    despite: str = "",
    weighed: Sequence[str] = (),
) -> DoseOrder:
    """Order `dose_mg` by `route`, by a prescriber; the newest order counts.

    `weighed` holds the warnings that stood beside the form. Raises ValidationError for an amount
    that no dose can be, for a strong warning that `despite` does not answer in words, and once the
    dose was given or cancelled.
    """
    check_user_can_prescribe(by, dosing.episode.clinic_id)
    check_amount(dose_mg)
    row = DoseOrder(
        route=route,
        dose_mg=dose_mg,
        instructions=instructions.strip(),
        despite=_reason(dosing, route, dose_mg, despite),
        weighed=list(weighed),
    )
    return _recorded_once(row, "order.recorded", by, dosing, form_key)


def _reason(dosing: DosingSession, route: str, dose_mg: Decimal, despite: str) -> str:
    """Why the order is right although something weighs heavily; empty where nothing does."""
    strong = [caution.text for caution in weigh_order(dosing, route, dose_mg) if caution.strong]
    if strong and not despite.strip():
        raise ValidationError(
            {"despite": f"{' '.join(strong)} Say why this dose is right all the same."}
        )
    return despite.strip() if strong else ""


def confirm_identity(
    *, by: User, dosing: DosingSession, form_key: UUID, date_of_birth: date
) -> IdentityCheck:
    """The date of birth as the person beside the client heard it. Raises ValidationError, and the
    log keeps that it was refused, where it is somebody else's."""
    check_user_can_treat(by, dosing.episode)
    client = dosing.episode.client
    if date_of_birth != client.date_of_birth:
        record("identity.refused", by=by, on=dosing, client_id=client.pk)
        raise ValidationError({"date_of_birth": ANOTHER_PERSON})
    with transaction.atomic():
        row = IdentityCheck(date_of_birth=date_of_birth)
        return _recorded_once(row, "identity.confirmed", by, dosing, form_key)


@transaction.atomic
def record_checks(
    *,
    by: User,
    dosing: DosingSession,
    form_key: UUID,
    weight_kg: Decimal,
    answers: Mapping[str, bool],
    concern: str = "",
) -> PreDoseCheck:
    """Today's weight in kg and an answer to every question of `PreDoseItem`.

    Raises ValidationError, by question, where one is missing, and for a "no" without words.
    """
    check_user_can_treat(by, dosing.episode)
    errors = {i.value: "Answer yes or no." for i in PreDoseItem if answers.get(i) is None}
    if not errors and not all(answers.values()) and not concern.strip():
        errors = {"concern": "Say what the “no” is about."}
    if errors:
        raise ValidationError(errors)

    def answer(check: PreDoseCheck) -> None:
        PreDoseAnswer.objects.bulk_create(
            PreDoseAnswer(check_made=check, item=item, is_so=answers[item]) for item in PreDoseItem
        )

    row = PreDoseCheck(weight_kg=weight_kg, concern=concern.strip())
    return _recorded_once(row, "checks.recorded", by, dosing, form_key, then=answer)


@transaction.atomic
def plan_escort(
    *, by: User, dosing: DosingSession, form_key: UUID, name: str, reached_by: str
) -> EscortPlan:
    """Who takes the client home and how they are reached; the newest plan counts."""
    check_user_can_work_on(by, dosing.episode)
    row = EscortPlan(name=name.strip(), reached_by=reached_by.strip())
    return _recorded_once(row, "escort.planned", by, dosing, form_key)


def check_amount(dose_mg: Decimal) -> None:
    """Refuse what no dose can be; what is merely unusual is warned of, in `sessions.warnings`."""
    if dose_mg <= 0:
        raise ValidationError({"dose_mg": "Enter the dose in mg, more than 0."})
    if dose_mg > MOST_MG:
        shown = amount(dose_mg)
        raise ValidationError(
            {"dose_mg": f"{shown} is beyond any known dose. Check the unit and the point."}
        )


def check_waiting(dosing: DosingSession) -> None:
    """Raises ValidationError once a dose was given or cancelled."""
    if dosing.cancelled_at:
        raise ValidationError("This dose was cancelled.")
    if dosing.given_at:
        raise ValidationError("This dose was given. What came before it no longer changes.")


def _recorded_once(
    row: Row,
    event: str,
    by: User,
    dosing: DosingSession,
    form_key: UUID,
    then: Callable[[Row], None] = lambda row: None,
) -> Row:
    dosing = DosingSession.objects.select_for_update(of=("self",), no_key=True).get(pk=dosing.pk)
    if existing := row_of_form(type(row).objects, form_key, dosing_id=dosing.pk):  # type: ignore[attr-defined]
        return existing
    check_waiting(dosing)
    row.dosing, row.form_key, row.recorded_by = dosing, form_key, by
    row.full_clean(exclude=["form_key", "weighed"])
    row.save()
    then(row)
    record(event, by=by, on=row, client_id=dosing.episode.client_id, dosing=dosing.pk)
    return row
