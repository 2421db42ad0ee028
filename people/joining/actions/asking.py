"""Asking a clinic to join, without an account; and the clinic's answer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from people.enums import PRACTICE_ROLES, RequestAnswer, Role
from people.joining.actions.inviting import invite
from people.models import Invitation, JoinRequest, Organization, User
from people.permissions import check_user_administers
from people.signals import request_declined


@transaction.atomic
def ask_to_join(*, form_key: UUID, clinic: Organization, content: Mapping[str, Any]) -> None:
    """Leave a request with `clinic`: name, credentials, email, practice, kind, number, issuer,
    expires_on. While one from this address waits there, a further one is not kept.

    Nothing comes back, so that nobody learns whether the address or the practice is known.
    """
    if not clinic.is_clinic:
        raise ValidationError({"clinic": "Choose a clinic."})
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=clinic.pk)
    content = {**content, "email": content["email"].strip().lower()}
    waiting = JoinRequest.objects.filter(clinic=clinic, email=content["email"], answer="")
    if waiting.exists() or JoinRequest.objects.filter(form_key=form_key).exists():
        return
    row = JoinRequest(form_key=form_key, clinic=clinic, **content)
    row.full_clean(exclude=["clinic", "form_key", "answered_by"])
    row.save()
    record("join_request.made", by=None, on=row, clinic=clinic.pk)


@transaction.atomic
def approve_request(
    *,
    by: User,
    request: JoinRequest,
    form_key: UUID,
    role: Role,
    place: Organization | None = None,
    new_practice: Mapping[str, str] | None = None,
) -> Invitation:
    """Invite whoever asked, to a practice of the clinic's or to a new one. Raises as `invite`."""
    request = _waiting(by, request)
    if role not in PRACTICE_ROLES or (place is not None and place.is_clinic):
        raise ValidationError({"role": "Who asks from outside joins a practice."})
    _answer(by, request, RequestAnswer.APPROVED)
    return invite(
        by=by,
        form_key=form_key,
        role=role,
        email=request.email,
        place=place,
        new_practice=new_practice,
        name=request.name,
        request=request,
    )


@transaction.atomic
def decline_request(*, by: User, request: JoinRequest, reason: str) -> JoinRequest:
    """Decline, with a reason that stays with the clinic; the mail gives none."""
    request = _waiting(by, request)
    if not reason.strip():
        raise ValidationError({"reason": "Say in a few words why, for the clinic’s record."})
    _answer(by, request, RequestAnswer.DECLINED, reason.strip())
    request_declined.send(JoinRequest, request=request)
    return request


def _waiting(by: User, request: JoinRequest) -> JoinRequest:
    check_user_administers(by, request.clinic_id)
    rows = JoinRequest.objects.select_for_update(of=("self",), no_key=True)
    request = rows.select_related("clinic").get(pk=request.pk)
    if request.answer:
        raise ValidationError("Somebody answered this request a moment ago.")
    return request


def _answer(by: User, request: JoinRequest, answer: RequestAnswer, reason: str = "") -> None:
    request.answer, request.reason = answer, reason
    request.answered_by, request.answered_at = by, timezone.now()
    request.save(update_fields=["answer", "reason", "answered_by", "answered_at"])
    record(f"join_request.{answer}", by=by, on=request)
