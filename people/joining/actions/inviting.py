"""Inviting somebody: to one's own clinic or practice, or to a practice that works with it."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.record import record
from people.concurrency import row_of_form
from people.enums import OrganizationKind, Role
from people.models import Invitation, JoinRequest, Membership, Organization, Partnership, User
from people.permissions import check_user_can_invite
from people.signals import invitation_made
from people.tokens import hashed, new_token

MEMBER_HERE = "Somebody with this address is a member here already."
NOT_YOURS = (
    "A practice of this name is here already and does not work with your clinic yet. One of its "
    "therapists can invite their colleague, or refer a client to you; then you can invite too."
)


@transaction.atomic
def invite(
    *,
    by: User,
    form_key: UUID,
    role: Role,
    email: str,
    place: Organization | None = None,
    new_practice: Mapping[str, str] | None = None,
    name: str = "",
    request: JoinRequest | None = None,
) -> Invitation:
    """Invite whoever reads `email` to `role` at `place`, or at a new practice (name, address,
    phone). The link goes out by mail, once; an earlier open one to the same address and place is
    closed. The same form sent twice gives one invitation and one mail.

    Raises PermissionDenied where `by` may not invite there; ValidationError for a role that the
    place has not, for a member of it, and for a new practice whose name another clinic's bears.
    Whether the address has an account elsewhere is not told here: only at the door of the link.
    """
    if existing := row_of_form(Invitation.objects, form_key, invited_by_id=by.pk):
        return existing
    assert by.membership
    if place is None:
        place = _practice_named(by, new_practice or {})
    place = Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=place.pk)
    check_user_can_invite(by, place)
    email = email.strip().lower()
    members = Membership.objects.filter(organization=place, ended_at=None)
    if members.filter(user__email__iexact=email).exists():
        raise ValidationError({"email": MEMBER_HERE})
    Membership(user=by, organization=place, role=role).clean()
    at_clinic = by.membership.organization.is_clinic
    invitation, token = _new(
        form_key=form_key,
        organization=place,
        clinic=by.membership.organization if at_clinic else None,
        role=role,
        email=email,
        name=name.strip(),
        request=request,
        invited_by=by,
    )
    record("invitation.made", by=by, on=invitation, place=place.pk, role=role)
    url = settings.PUBLIC_URL + reverse("joining:accept", args=[token])
    invitation_made.send(Invitation, invitation=invitation, url=url)
    return invitation


@transaction.atomic
def invite_again(*, by: User, invitation: Invitation, form_key: UUID) -> Invitation:
    """A new link in place of one that nobody used; the old one closes."""
    if invitation.accepted_at:
        raise ValidationError("This invitation was accepted already.")
    return invite(
        by=by,
        form_key=form_key,
        role=Role(invitation.role),
        email=invitation.email,
        place=invitation.organization,
        name=invitation.name,
        request=invitation.request,
    )


@transaction.atomic
def close_invitation(*, by: User, invitation: Invitation) -> Invitation:
    """From now on its link leads nowhere. Closing it again changes nothing."""
    check_user_can_invite(by, invitation.organization)
    invitation = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    if invitation.accepted_at:
        raise ValidationError("This invitation was accepted. End the membership instead.")
    if invitation.closed_at is None:
        _close(invitation, by)
    return invitation


def close_those_of(member: Membership, *, by: User) -> None:
    """Whoever leaves vouches for nobody any more: what they sent out is closed."""
    sent = Invitation.objects.filter(
        invited_by=member.user_id, closed_at=None, accepted_at=None
    ).select_for_update(no_key=True)
    for invitation in sent:
        _close(invitation, by)


def begin_partnership(*, clinic: Organization, practice: Organization) -> None:
    """From now on they work together; repeating it changes nothing."""
    Partnership.objects.get_or_create(clinic=clinic, practice=practice)


def _practice_named(by: User, practice: Mapping[str, str]) -> Organization:
    """The practice of this name that works with the clinic of `by`, or a new one."""
    if by.membership is None or by.membership.role != Role.ADMINISTRATOR:
        raise PermissionDenied("An administrator of a clinic adds practices.")
    clinic = by.membership.organization
    name = " ".join(practice.get("practice_name", "").split())
    if not name:
        raise ValidationError({"practice_name": "Enter the name of the practice."})
    found = Organization.objects.filter(name__iexact=name).first()
    if found is not None:
        if not Partnership.objects.filter(clinic=clinic, practice=found).exists():
            raise ValidationError({"practice_name": NOT_YOURS})
        return found
    found = Organization(
        name=name,
        kind=OrganizationKind.PRACTICE,
        address=practice.get("address", "").strip(),
        phone=practice.get("phone", "").strip(),
        timezone=clinic.timezone,
    )
    found.full_clean()
    found.save()
    record("practice.added", by=by, on=found)
    begin_partnership(clinic=clinic, practice=found)
    return found


def _new(**fields) -> tuple[Invitation, str]:
    now, token = timezone.now(), new_token()
    before = Invitation.objects.filter(
        organization=fields["organization"],
        email=fields["email"],
        closed_at=None,
        accepted_at=None,
    )
    for each in before.select_for_update(no_key=True):
        _close(each, fields["invited_by"])
    invitation = Invitation(
        token_sha256=hashed(token), created_at=now, expires_at=now + Invitation.LASTS, **fields
    )
    invitation.full_clean(exclude=["organization", "clinic", "request", "invited_by"])
    invitation.save()
    return invitation, token


def _close(invitation: Invitation, by: User) -> None:
    invitation.closed_at = timezone.now()
    invitation.save(update_fields=["closed_at"])
    record("invitation.closed", by=by, on=invitation)
