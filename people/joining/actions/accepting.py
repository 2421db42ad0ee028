"""Accepting an invitation: an account, a membership, and the licence that goes with the role."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from people.credentials.actions import record_licence
from people.enums import LICENSED_ROLES
from people.joining.actions.inviting import begin_partnership
from people.joining.actions.licences import state_licence
from people.models import Invitation, Membership, User
from people.tokens import hashed

NO_LONGER = "This invitation no longer works. Ask whoever invited you for a new one."
LICENCE = ("kind", "number", "issuer", "expires_on")


def open_invitation(token: str) -> Invitation | None:
    """The invitation of this link while it works; None whatever is wrong."""
    rows = Invitation.objects.filter(token_sha256=hashed(token))
    found = rows.select_related("organization", "clinic", "invited_by", "request").first()
    return found if found is not None and found.is_open(timezone.now()) else None


def account_of(invitation: Invitation) -> User | None:
    """The account that its address has already, or None."""
    return User.objects.filter(email__iexact=invitation.email).first()


def obstacle(invitation: Invitation, account: User | None) -> str:
    """Why this account cannot join, in words for whoever holds the link; empty when it can."""
    if account is None:
        return ""
    if account.membership is not None:
        return (
            f"Your account belongs to {account.membership.organization}. An account belongs to one "
            "place at a time: leave there first, then open this link again."
        )
    return "" if account.is_active else "Your account is closed. Ask whoever invited you."


@transaction.atomic
def accept_invitation(
    *,
    token: str,
    by: User | None,
    licence: Mapping[str, Any] | None,
    name: str = "",
    credentials: str = "",
    password: str = "",
) -> Membership:
    """Join with a link. Without an account (`by` None) one is made, with name, credentials and
    password; somebody who has one, and left where they were, accepts signed in as themselves.

    `licence`: kind, number, issuer, expires_on; needed for every role but coordinator and
    administrator. Raises ValidationError for a link that works no more, for a member of another
    place, and beside its field for whatever is missing or too weak.
    """
    invitation = _locked(token)
    account = account_of(invitation)
    if sentence := obstacle(invitation, account):
        raise ValidationError(sentence)
    if by is not None and (account is None or account.pk != by.pk):
        raise PermissionDenied("This invitation is for somebody else’s address.")
    if account is not None and by is None:
        raise ValidationError("This address has an account. Sign in first, then open the link.")
    person = account or _account(invitation.email, name, credentials, password)
    member = Membership.objects.create(
        user=person, organization=invitation.organization, role=invitation.role
    )
    person = User.objects.get(pk=person.pk)  # with the membership that it now has
    if invitation.role in LICENSED_ROLES:
        _keep_licence(person, member, licence)
    if invitation.clinic and not invitation.organization.is_clinic:
        begin_partnership(clinic=invitation.clinic, practice=invitation.organization)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record("invitation.accepted", by=person, on=invitation)
    record("member.added", by=person, on=member, user=person.pk, role=member.role)
    return member


def _locked(token: str) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    related = rows.select_related("organization", "clinic")
    invitation = related.filter(token_sha256=hashed(token)).first()
    if invitation is None or not invitation.is_open(timezone.now()):
        raise ValidationError(NO_LONGER, code="closed")
    return invitation


def _account(email: str, name: str, credentials: str, password: str) -> User:
    person = User(email=email, name=name.strip(), credentials=credentials.strip())
    try:
        get_adapter().clean_password(password, user=person)
    except ValidationError as error:
        raise ValidationError({"password1": error.messages}) from error
    return User.objects.create_user(
        email, password, name=person.name, credentials=person.credentials
    )


def _keep_licence(person: User, member: Membership, licence: Mapping[str, Any] | None) -> None:
    missing = [each for each in LICENCE if not (licence or {}).get(each)]
    if licence is None or missing:
        raise ValidationError({each: "Fill this in." for each in missing})
    content = {each: licence[each] for each in LICENCE}
    if member.organization.is_clinic:
        record_licence(by=person, person=person, form_key=uuid4(), content=content)
    else:
        state_licence(by=person, form_key=uuid4(), content=content)
