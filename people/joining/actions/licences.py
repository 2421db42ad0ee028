"""The licence of somebody in a practice: they state it, a clinic looks it up."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from audit.record import record
from people.concurrency import row_of_form
from people.credentials.actions import FARTHEST
from people.enums import PRACTICE_ROLES, LookupResult
from people.models import LicenceCheck, PracticeLicence, User
from people.permissions import check_user_can_look_up

TOO_FAR = "This is more than ten years ahead. Check the year."


@transaction.atomic
def state_licence(*, by: User, form_key: UUID, content: Mapping[str, Any]) -> PracticeLicence:
    """`by`, of an outside practice, states a licence of theirs: kind, number, issuer, expires_on.

    The same form sent twice gives one row. Raises PermissionDenied for others, ValidationError for
    an empty field or an end more than ten years ahead.
    """
    membership = by.membership
    if membership is None or membership.role not in PRACTICE_ROLES:
        raise PermissionDenied("People of an outside practice state their licence here.")
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if existing := row_of_form(PracticeLicence.objects, form_key, person_id=by.pk):
        return existing
    if content["expires_on"] > membership.organization.today + FARTHEST:
        raise ValidationError({"expires_on": TOO_FAR})
    row = PracticeLicence(form_key=form_key, person=by, practice=membership.organization, **content)
    row.full_clean(exclude=["person", "practice", "form_key"])
    row.save()
    record("practice_licence.stated", by=by, on=row)
    return row


@transaction.atomic
def look_up_licence(
    *,
    by: User,
    licence: PracticeLicence,
    form_key: UUID,
    result: LookupResult,
    source: str,
    looked_up_on: date,
    valid_until: date | None,
) -> LicenceCheck:
    """What the clinic of `by` found where it looked this licence up, on a day that is not to come.

    `valid_until`: the last day, as the register says; needed for VALID, left empty otherwise. The
    newest look-up of a clinic counts for that clinic alone. The same form sent twice gives one row.
    """
    check_user_can_look_up(by, licence.practice)
    assert by.membership
    clinic = by.membership.organization
    PracticeLicence.objects.select_for_update(no_key=True).get(pk=licence.pk)
    if existing := row_of_form(LicenceCheck.objects, form_key, licence_id=licence.pk):
        return existing
    _check_days(result, looked_up_on, valid_until, clinic.today)
    row = LicenceCheck(
        form_key=form_key,
        licence=licence,
        clinic=clinic,
        result=result,
        source=source.strip(),
        looked_up_on=looked_up_on,
        valid_until=valid_until,
        checked_by=by,
    )
    row.full_clean(exclude=["licence", "clinic", "checked_by", "form_key", "valid_until"])
    row.save()
    record("practice_licence.looked_up", by=by, on=row, licence=licence.pk, result=result)
    return row


def _check_days(result: str, looked_up_on: date, valid_until: date | None, today: date) -> None:
    errors = {}
    if looked_up_on > today:
        errors["looked_up_on"] = "This day is still to come. Enter the day you looked it up."
    if result == LookupResult.VALID and valid_until is None:
        errors["valid_until"] = "Enter the last day on which it is valid, as the register says."
    elif result != LookupResult.VALID and valid_until is not None:
        errors["valid_until"] = "Leave this empty where the licence was not confirmed."
    elif valid_until and valid_until > today + FARTHEST:
        errors["valid_until"] = TOO_FAR
    elif valid_until and valid_until < looked_up_on:
        errors["valid_until"] = "It was over when you looked it up. Choose “not confirmed”."
    if errors:
        raise ValidationError(errors)
