"""Changing somebody's role at a clinic, ending a membership, leaving a practice."""

from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.record import record
from people.enums import CLINIC_ROLES, PRACTICE_ROLES, Role
from people.joining.actions.inviting import close_those_of
from people.models import Membership, Organization, User
from people.permissions import check_user_can_manage
from people.signals import membership_ended

LAST_ADMINISTRATOR = (
    "This is the last administrator of the clinic. Make somebody else an administrator first."
)


@transaction.atomic
def change_role(*, by: User, member: Membership, role: Role) -> Membership:
    """Another role at the same clinic: the membership ends and a new one begins, so that the
    history stays. The same role again changes nothing."""
    member = _locked(member)
    check_user_can_manage(by, member)
    if not member.organization.is_clinic or role not in CLINIC_ROLES:
        raise ValidationError({"role": "A role can be changed within a clinic."})
    if member.ended_at:
        raise ValidationError("This membership has ended. Open the page again.")
    if member.role == role:
        return member
    _end(by, member)
    found = Membership.objects.create(user=member.user, organization=member.organization, role=role)
    record("member.role_changed", by=by, on=found, user=member.user_id, role=role, was=member.role)
    return found


@transaction.atomic
def end_membership(
    *, by: User, member: Membership, successor: Membership | None = None
) -> Membership:
    """End what this membership gave, at once: pages, cases, covers, invitations, open sessions.

    By an administrator of the clinic, or of one that works with the practice, and never one's own.
    `successor` takes over the referrals of a therapist; where there is one colleague, they do.
    Raises ValidationError for the clinic's last administrator, and where somebody has to be named.
    Ending it again changes nothing.
    """
    member = _locked(member)
    check_user_can_manage(by, member)
    if member.ended_at:
        return member
    return _end_for_good(by, member, successor)


@transaction.atomic
def leave(*, by: User, successor: Membership | None = None) -> Membership:
    """Leave one's own practice, at once. As `end_membership`; the clinic's staff do not leave by
    themselves."""
    assert by.membership
    member = _locked(by.membership)
    if member.role not in PRACTICE_ROLES:
        raise PermissionDenied("An administrator of the clinic ends a membership there.")
    return member if member.ended_at else _end_for_good(by, member, successor)


def successors(member: Membership) -> QuerySet[Membership]:
    """The therapists of the same practice who can take over what a therapist looked after."""
    if member.role != Role.THERAPIST:
        return Membership.objects.none()
    rows = Membership.objects.filter(
        organization=member.organization_id,
        role=Role.THERAPIST,
        ended_at=None,
        user__is_active=True,
    )
    return rows.exclude(pk=member.pk).select_related("user").order_by("user__name")


def _end_for_good(by: User, member: Membership, successor: Membership | None) -> Membership:
    possible = list(successors(member))
    if successor is not None and successor not in possible:
        raise ValidationError({"successor": "Choose a therapist of the practice."})
    if successor is None and len(possible) == 1:
        successor = possible[0]
    _end(by, member, successor)
    for session in UserSession.objects.filter(user=member.user_id):
        session.end()
    record("member.ended", by=by, on=member, user=member.user_id, role=member.role)
    return member


def _end(by: User, member: Membership, successor: Membership | None = None) -> None:
    here = Membership.objects.filter(organization=member.organization_id, ended_at=None)
    others = here.filter(role=Role.ADMINISTRATOR, user__is_active=True).exclude(pk=member.pk)
    if member.role == Role.ADMINISTRATOR and not others.exists():
        raise ValidationError(LAST_ADMINISTRATOR)
    member.ended_at = timezone.now()
    member.save(update_fields=["ended_at"])
    close_those_of(member, by=by)
    membership_ended.send(Membership, membership=member, by=by, successor=successor)


def _locked(member: Membership) -> Membership:
    """The membership, under its place's lock: two administrators cannot end each other at once."""
    Organization.objects.select_for_update(no_key=True).get(pk=member.organization_id)
    rows = Membership.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organization", "user").get(pk=member.pk)
