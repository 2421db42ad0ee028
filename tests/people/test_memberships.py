"""Changing a role, ending a membership, leaving: who may, and that nothing of it stays open."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from people.enums import OrganizationKind, Role
from people.joining.actions import memberships
from people.models import Invitation, Membership, User
from tests.factories import PASSWORD, make_organization, make_user
from tests.people.joining import invited, work_together


def member(user: User) -> Membership:
    return Membership.objects.get(user=user, ended_at=None)


@pytest.fixture
def second(cast) -> User:
    """A second administrator of the clinic."""
    return make_user("Bea Second", Role.ADMINISTRATOR, cast.clinic)


def test_a_role_is_changed_by_ending_one_membership_and_beginning_another(cast):
    old = member(cast.nurse)
    new = memberships.change_role(by=cast.administrator, member=old, role=Role.COORDINATOR)
    old.refresh_from_db()
    assert (old.role, old.ended_at is not None) == (Role.NURSE, True)
    assert (new.role, new.user, new.ended_at) == (Role.COORDINATOR, cast.nurse, None)
    again = memberships.change_role(by=cast.administrator, member=new, role=Role.COORDINATOR)
    assert again == new
    with pytest.raises(ValidationError, match="has ended"):
        memberships.change_role(by=cast.administrator, member=old, role=Role.NURSE)
    event = AuditEvent.objects.get(event="member.role_changed")
    assert event.detail == {"user": cast.nurse.pk, "role": "coordinator", "was": "nurse"}


def test_a_role_is_one_of_the_clinics(cast):
    work_together(cast)
    for user, role in ((cast.nurse, Role.THERAPIST), (cast.therapist, Role.PHYSICIAN)):
        with pytest.raises(ValidationError):
            memberships.change_role(by=cast.administrator, member=member(user), role=role)


def test_only_an_administrator_of_a_clinic_that_works_with_them_ends_others(cast, second):
    work_together(cast)
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    others = [make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere)]
    others += [each for each in cast.everybody().values() if each != cast.administrator]
    for by in others:
        for user in (cast.nurse, cast.colleague):
            with pytest.raises(PermissionDenied):
                memberships.end_membership(by=by, member=member(user))
            with pytest.raises(PermissionDenied):
                memberships.change_role(by=by, member=member(cast.nurse), role=Role.COORDINATOR)
    with pytest.raises(PermissionDenied, match="does not work with"):
        memberships.end_membership(by=cast.administrator, member=member(cast.stranger))
    with pytest.raises(PermissionDenied, match="Another administrator"):
        memberships.end_membership(by=cast.administrator, member=member(cast.administrator))
    for user in (cast.nurse, cast.colleague):
        ended = memberships.end_membership(by=cast.administrator, member=member(user))
        assert ended.ended_at
        assert memberships.end_membership(by=cast.administrator, member=ended) == ended
    assert AuditEvent.objects.filter(event="member.ended").count() == 2


def test_two_administrators_who_end_each_other_at_once_leave_one(cast, second):
    """Each holds the page open, from when both were administrators."""
    assert second.membership
    memberships.end_membership(by=cast.administrator, member=member(second))
    for attempt in (
        lambda: memberships.end_membership(by=second, member=member(cast.administrator)),
        lambda: memberships.change_role(
            by=second, member=member(cast.administrator), role=Role.NURSE
        ),
    ):
        with pytest.raises(ValidationError, match="last administrator"):
            attempt()
    assert member(cast.administrator).role == Role.ADMINISTRATOR


def test_whose_account_is_closed_counts_as_no_administrator(cast, second):
    User.objects.filter(pk=cast.administrator.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="last administrator"):
        memberships.end_membership(by=cast.administrator, member=member(second))


def test_ending_closes_what_they_sent_out(cast, second):
    mine, _ = invited(second)
    other, _ = invited(cast.administrator, email="other@example.org")
    memberships.change_role(by=cast.administrator, member=member(second), role=Role.COORDINATOR)
    assert list(Invitation.objects.filter(closed_at=None)) == [other]
    mine.refresh_from_db()
    assert mine.closed_at


def test_ending_signs_them_out_everywhere_at_once(cast):
    browsers = [Client(), Client()]
    for browser in browsers:
        told = {"login": cast.nurse.email, "password": PASSWORD}
        assert browser.post(reverse("account_login"), told).status_code == 302
        assert browser.get(reverse("reminders:today")).status_code == 200
    assert UserSession.objects.filter(user=cast.nurse).count() == 2
    memberships.end_membership(by=cast.administrator, member=member(cast.nurse))
    for browser in browsers:
        answer = browser.get(reverse("reminders:today"))
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, reverse("account_login"))
    assert not UserSession.objects.filter(user=cast.nurse).exists()


def test_people_of_a_practice_leave_by_themselves_and_staff_do_not(cast):
    left = memberships.leave(by=cast.physician)
    assert left.ended_at - timezone.now() < timedelta(seconds=5)
    for user in (cast.nurse, cast.administrator):
        with pytest.raises(PermissionDenied):
            memberships.leave(by=user)
    assert AuditEvent.objects.get(event="member.ended").actor_id == cast.physician.pk
