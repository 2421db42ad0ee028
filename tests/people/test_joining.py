"""Being invited and asking to join: who may, by which link, and what comes of it; both engines."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from people.enums import OrganizationKind, Role
from people.joining.actions import inviting, memberships
from people.joining.actions.asking import approve_request, decline_request
from people.models import (
    Invitation,
    JoinRequest,
    Licence,
    Membership,
    Organization,
    Partnership,
    PracticeLicence,
    User,
)
from people.tokens import hashed
from tests.factories import make_organization, make_user
from tests.people.joining import ADDRESS, accepted, asked, invited, licence_facts, work_together
from tests.refusing import database_refuses


def events(begin: str) -> list[str]:
    found = AuditEvent.objects.filter(event__startswith=begin).order_by("pk")
    return list(found.values_list("event", flat=True))


# ---------------------------------------------------------------- inviting
def test_an_administrator_invites_to_the_clinic_and_only_a_fingerprint_is_kept(
    administrator, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invitation, token = invited(administrator, email="  ZQinvited@Example.org")
    assert invitation.token_sha256 == hashed(token)
    assert invitation.email == ADDRESS
    assert invitation.expires_at - invitation.created_at == timedelta(days=7)
    [sent] = mail.outbox
    assert sent.to == [ADDRESS]
    assert f"/j/{token}/" in sent.body
    assert "Northfield" not in sent.subject + sent.body
    for table in (AuditEvent, Invitation):
        assert token not in str(list(table.objects.values()))
    assert events("invitation") == ["invitation.made", "invitation.sent"]
    assert ADDRESS not in str(list(AuditEvent.objects.values()))


def test_who_may_invite_to_where(cast):
    work_together(cast)
    allowed = {
        ("administrator", cast.clinic, Role.NURSE),
        ("administrator", cast.practice, Role.THERAPIST),
        ("therapist", cast.practice, Role.THERAPIST),
        ("colleague", cast.practice, Role.THERAPIST),
        ("stranger", cast.other_practice, Role.THERAPIST),
        ("superuser", cast.other_practice, Role.THERAPIST),
    }
    places = [(cast.clinic, Role.NURSE)]
    places += [(place, Role.THERAPIST) for place in (cast.practice, cast.other_practice)]
    for name, user in cast.everybody().items():
        for place, role in places:
            if (name, place, role) in allowed:
                assert invited(user, place=place, role=role)[0].invited_by == user
            else:
                with pytest.raises(PermissionDenied):
                    invited(user, place=place, role=role)


def test_a_place_has_its_own_roles_only(cast):
    work_together(cast)
    for place, role in ((cast.clinic, Role.THERAPIST), (cast.practice, Role.ADMINISTRATOR)):
        with pytest.raises(ValidationError, match="no such role"):
            invited(cast.administrator, place=place, role=role)


def test_a_new_practice_is_made_with_its_first_invitation(cast):
    new = {"practice_name": " Oak  Lane Practice", "address": "2 Oak Lane"}
    role = Role.THERAPIST
    first, _ = invited(cast.administrator, place=None, new_practice=new, role=role)
    place = Organization.objects.get(name="Oak Lane Practice")
    assert (first.organization, place.kind, place.address) == (place, "practice", "2 Oak Lane")
    assert Partnership.objects.filter(clinic=cast.clinic, practice=place).exists()
    second, _ = invited(
        cast.administrator,
        place=None,
        new_practice={"practice_name": "OAK LANE PRACTICE"},
        role=role,
        email="second@example.org",
    )
    assert second.organization == place
    with pytest.raises(ValidationError) as refusal:  # it works with nobody of this clinic's
        invited(
            cast.administrator, place=None, new_practice={"practice_name": "Mill Road Practice"}
        )
    assert "practice_name" in refusal.value.message_dict
    with pytest.raises(PermissionDenied):
        invited(cast.therapist, place=None, new_practice={"practice_name": "Other"}, role=role)


def test_the_same_form_twice_is_one_invitation_and_a_new_one_closes_the_earlier(administrator):
    key = uuid4()
    first, token = invited(administrator, form_key=key)
    again, nothing = invited(administrator, form_key=key)
    assert (again, nothing) == (first, "")
    second, newer = invited(administrator)
    first.refresh_from_db()
    assert first.closed_at
    with pytest.raises(ValidationError, match="no longer works"):
        accepted(token)
    third = inviting.invite_again(by=administrator, invitation=second, form_key=uuid4())
    with pytest.raises(ValidationError, match="no longer works"):
        accepted(newer)
    assert Invitation.objects.filter(closed_at=None).get() == third


def test_a_closed_or_old_invitation_opens_nothing(administrator, nurse):
    closed, token = invited(administrator)
    for _ in range(2):
        inviting.close_invitation(by=administrator, invitation=closed)
    with pytest.raises(PermissionDenied):
        inviting.close_invitation(by=nurse, invitation=closed)
    with pytest.raises(ValidationError, match="no longer works"):
        accepted(token)
    _, token = invited(administrator)
    later = time_machine.travel(timezone.now() + timedelta(days=7), tick=False)
    with later, pytest.raises(ValidationError, match="no longer works"):
        accepted(token)
    with pytest.raises(ValidationError, match="no longer works"):
        accepted("there-is-none")
    assert events("invitation.closed") == ["invitation.closed"]


# ---------------------------------------------------------------- accepting
def test_accepting_makes_the_account_the_membership_and_the_licence_that_waits(cast):
    _, token = invited(cast.administrator)
    member = accepted(token)
    assert (member.user.email, member.role, member.organization) == (
        ADDRESS,
        Role.NURSE,
        cast.clinic,
    )
    row = Licence.objects.get(person=member.user)
    assert (row.number, row.checked_at) == ("NY 081204", None)
    assert member.user.check_password("a quite long enough sentence")
    with pytest.raises(ValidationError, match="no longer works"):
        accepted(token)
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert events("member.added") == ["member.added"]


def test_a_therapist_who_joins_a_practice_states_the_licence(cast):
    _, token = invited(cast.therapist, role=Role.THERAPIST)
    member = accepted(token)
    assert PracticeLicence.objects.get().person == member.user
    assert not Partnership.objects.exists()  # a colleague invited, no clinic


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_whoever_treats_nobody_needs_no_licence(administrator, role):
    _, token = invited(administrator, role=role)
    assert accepted(token, licence=None).role == role
    assert not Licence.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "short"}, "password1"),
        ({"password": "zqinvited123"}, "password1"),
        ({"password": "password1234"}, "password1"),
        ({"licence": None}, None),
        ({"licence": licence_facts(number="")}, "number"),
        ({"licence": licence_facts(expires_on=None)}, "expires_on"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_missing_or_weak_is_named_and_nothing_is_left_behind(administrator, changes, field):
    invitation, token = invited(administrator)
    with pytest.raises(ValidationError) as refusal:
        accepted(token, **changes)
    if field:
        assert field in refusal.value.message_dict
    assert not User.objects.filter(email=ADDRESS).exists()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_a_member_of_another_place_is_refused_and_somebody_who_left_comes_back(cast):
    work_together(cast)
    _, token = invited(cast.administrator, email=cast.stranger.email)
    with pytest.raises(ValidationError, match="belongs to Mill Road Practice"):
        accepted(token, by=cast.stranger)
    memberships.leave(by=cast.stranger)
    person = User.objects.get(pk=cast.stranger.pk)
    with pytest.raises(ValidationError, match="Sign in first"):
        accepted(token)
    with pytest.raises(PermissionDenied):
        accepted(token, by=cast.therapist)
    assert accepted(token, by=person).organization == cast.clinic
    person.refresh_from_db()
    assert not person.check_password("a quite long enough sentence")
    assert person.memberships.count() == 2


def test_a_member_is_not_invited_to_where_they_are(cast):
    with pytest.raises(ValidationError, match="member here already"):
        invited(cast.administrator, email=cast.nurse.email.upper())


# ---------------------------------------------------------------- asking
def test_a_request_waits_once_for_each_address_and_says_nothing(cast):
    first = asked(cast)
    assert first.clinic == cast.clinic
    assert asked(cast, email="ASA@example.org", name="Somebody else") is None
    assert asked(cast, form_key=first.form_key) == first
    other = make_organization("Second Clinic", OrganizationKind.CLINIC)
    assert asked(cast, clinic=other).clinic == other
    assert asked(cast, email=cast.therapist.email)  # whoever has an account is not told
    with pytest.raises(ValidationError):
        asked(cast, clinic=cast.practice)


def test_an_administrator_invites_who_asked(cast):
    request = asked(cast)
    fields = {"request": request, "form_key": uuid4(), "role": Role.THERAPIST}
    fields["new_practice"] = {"practice_name": request.practice}
    for user in (cast.prescriber, cast.coordinator, cast.therapist):
        with pytest.raises(PermissionDenied):
            approve_request(by=user, **fields)
    for wrong in ({"role": Role.NURSE}, {"place": cast.clinic}):
        with pytest.raises(ValidationError):
            approve_request(by=cast.administrator, **{**fields, **wrong})
    invitation = approve_request(by=cast.administrator, **fields)
    assert (invitation.email, invitation.request) == (request.email, request)
    request.refresh_from_db()
    assert (request.answer, request.answered_by) == ("approved", cast.administrator)
    with pytest.raises(ValidationError, match="answered"):
        approve_request(by=cast.administrator, **{**fields, "form_key": uuid4()})
    assert asked(cast)  # and may ask anew


def test_declining_keeps_the_reason_and_mails_none(cast, django_capture_on_commit_callbacks):
    request = asked(cast)
    with pytest.raises(ValidationError) as refusal:
        decline_request(by=cast.administrator, request=request, reason=" ")
    assert "reason" in refusal.value.message_dict
    with django_capture_on_commit_callbacks(execute=True):
        decline_request(by=cast.administrator, request=request, reason="Zqnot in the register")
    [sent] = mail.outbox
    assert sent.to == ["asa@example.org"]
    assert not {"Zqnot", "Northfield", "Asa"} & set(sent.body.replace(".", " ").split())
    assert "555 0100" not in sent.body  # never a number in a mail
    assert JoinRequest.objects.get().reason == "Zqnot in the register"
    assert "Zqnot" not in str(list(AuditEvent.objects.values()))
    assert events("join_") == ["join_request.made", "join_request.declined", "join_answer.sent"]


# ---------------------------------------------------------------- the database
def test_the_database_lets_nobody_else_invite_or_answer(cast):
    now = timezone.now()
    fields = {"email": "a@b.example", "created_at": now, "expires_at": now + timedelta(days=1)}
    good = {
        **fields,
        "organization": cast.clinic,
        "clinic": cast.clinic,
        "role": "nurse",
        "invited_by": cast.administrator,
    }
    outside = {"organization": cast.practice, "role": "therapist"}
    for number, wrong in enumerate(
        (
            {"invited_by": cast.prescriber},
            {"role": "therapist"},
            {"clinic": None},
            outside,  # they do not work together
            {**outside, "clinic": None, "invited_by": cast.stranger},
            {"email": "A@b.example"},
            {"expires_at": now},
            {"accepted_at": now},
        )
    ):
        row = {**good, **wrong, "token_sha256": str(number)}
        database_refuses(lambda row=row: Invitation.objects.create(**row))
    Invitation.objects.create(**good, token_sha256="good")
    database_refuses(lambda: Invitation.objects.create(**good, token_sha256="second"))
    request = JoinRequest.objects.filter(pk=asked(cast).pk)
    answer = {"answer": "approved", "answered_at": now}
    for by in (cast.prescriber, cast.therapist):
        database_refuses(lambda by=by: request.update(**answer, answered_by=by))
    assert request.update(**answer, answered_by=cast.administrator) == 1
    database_refuses(lambda: request.update(answer="", answered_at=None, answered_by=None))


def test_an_invitation_ends_once_and_is_kept(cast, administrator):
    invitation, _ = invited(administrator)
    rows = Invitation.objects.filter(pk=invitation.pk)
    now = timezone.now()
    for change in ({"role": "administrator"}, {"email": "x@y.example"}, {"expires_at": now}):
        database_refuses(lambda change=change: rows.update(**change))
    database_refuses(lambda: rows._raw_delete(rows.db))
    rows.update(closed_at=now)
    database_refuses(lambda: rows.update(closed_at=None))
    database_refuses(lambda: rows.update(accepted_at=now, accepted_by=cast.nurse, closed_at=None))


def test_memberships_are_kept_and_end_once(cast):
    rows = Membership.objects.filter(user=cast.nurse)
    database_refuses(lambda: rows._raw_delete(rows.db))
    rows.update(ended_at=timezone.now())
    database_refuses(lambda: rows.update(ended_at=None))
    make_user("Nina Next", Role.NURSE, cast.clinic)
