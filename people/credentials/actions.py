"""Recording a licence or hours of training, checking it, and marking it as entered in error."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from people.concurrency import row_of_form
from people.models import Licence, Membership, Training, User
from people.permissions import check_user_can_check, check_user_can_record

Row = TypeVar("Row", Licence, Training)
FARTHEST = timedelta(days=3660)  # ten years: no licence or certificate is renewed more rarely
ENTERED = ["form_key", "person", "organization", "recorded_by", "checked_by", "error_by"]
ENTERED += ["checked_at", "error_at"]


@transaction.atomic
def record_licence(
    *, by: User, person: User, form_key: UUID, content: Mapping[str, Any]
) -> Licence:
    """A licence of `person`, who works at a clinic: kind, number, issuer, expires_on.

    Recorded by an administrator about somebody else it is checked with that; recorded about
    oneself it waits for somebody else. The same form sent twice gives one row. Raises
    PermissionDenied for others, ValidationError for an empty field or an end more than ten years
    ahead.
    """
    return _record(Licence, by, person, form_key, content)


@transaction.atomic
def record_training(
    *, by: User, person: User, form_key: UUID, content: Mapping[str, Any]
) -> Training:
    """Hours of training of `person`: kind, topic, hours (above 0 to 500), completed_on, and
    expires_on or None. As `record_licence`; a day to come is refused for completed_on."""
    return _record(Training, by, person, form_key, content)


@transaction.atomic
def check_credential(*, by: User, row: Row) -> Row:
    """`by` has seen the proof: from now on it counts. Checking it again changes nothing.

    Raises PermissionDenied unless `by` is an administrator or prescriber of the clinic and not the
    person themselves, ValidationError for what was entered in error.
    """
    row = _locked(row)
    check_user_can_check(by, row)
    if row.error_at:
        raise ValidationError("This was entered in error. It cannot be checked.")
    if row.checked_at is None:
        row.checked_by, row.checked_at = by, timezone.now()
        row.save()
        record(f"{row._meta.model_name}.checked", by=by, on=row)
    return row


@transaction.atomic
def enter_in_error(*, by: User, row: Row, reason: str) -> Row:
    """Mark as wrong from the beginning, with a reason in one line: it stays, and counts no more.

    By the person themselves or an administrator of the clinic. Marking it again changes nothing.
    """
    row = _locked(row)
    check_user_can_record(by, _member(row.person, row.organization_id))
    if row.error_at:
        return row
    row.error_by, row.error_at, row.error_reason = by, timezone.now(), reason.strip()
    if not row.error_reason:
        raise ValidationError({"reason": "Say in a few words what was wrong."})
    row.full_clean(exclude=ENTERED)
    row.save()
    record(f"{row._meta.model_name}.entered_in_error", by=by, on=row)
    return row


def _record(model: type[Row], by: User, person: User, form_key: UUID, content: Mapping) -> Row:
    member = _member(person)
    check_user_can_record(by, member)
    if existing := row_of_form(model.objects, form_key, person_id=person.pk):
        return existing
    _check_days(member, content)
    row = model(
        form_key=form_key,
        person=person,
        organization=member.organization,
        recorded_by=by,
        **content,
    )
    if by != person:
        row.checked_by, row.checked_at = by, timezone.now()
    row.full_clean(exclude=ENTERED)
    row.save()
    record(f"{model._meta.model_name}.recorded", by=by, on=row)
    return row


def _member(person: User, clinic_id: int | None = None) -> Membership:
    """The membership in force, locked, so that forms about one person come one by one."""
    rows = Membership.objects.filter(user=person, ended_at=None)
    if clinic_id is not None:
        rows = rows.filter(organization=clinic_id)
    found = rows.select_for_update(of=("self",), no_key=True).select_related("organization").first()
    if found is None:
        raise PermissionDenied("This person does not work here any more.")
    return found


def _check_days(member: Membership, content: Mapping[str, Any]) -> None:
    today, errors = member.organization.today, {}
    completed, expires = content.get("completed_on"), content.get("expires_on")
    if completed and completed > today:
        errors["completed_on"] = "This day is still to come. Enter the day it was completed."
    if expires and expires > today + FARTHEST:
        errors["expires_on"] = "This is more than ten years ahead. Check the year."
    if expires and completed and expires < completed:
        errors["expires_on"] = "This is before the training was completed. Check both days."
    if errors:
        raise ValidationError(errors)


def _locked(row: Row) -> Row:
    return type(row).objects.select_for_update(no_key=True).get(pk=row.pk)
