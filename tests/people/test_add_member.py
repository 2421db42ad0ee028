"""How the first people come in, where nobody can sign up."""

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEvent
from people.enums import Role
from people.models import Membership, Organization, User

pytestmark = pytest.mark.django_db
NOOR = {"name": "Noor Haddad", "role": "administrator", "organization": "Northfield Clinic"}


def test_the_first_member_brings_the_organisation(capsys):
    call_command("add_member", "Noor@Clinic.example", **NOOR, kind="clinic", address="12 Mill Road")
    member = Membership.objects.get()
    assert member.role == Role.ADMINISTRATOR
    assert member.organization.name == "Northfield Clinic"
    assert member.user.email == "noor@clinic.example"
    assert not member.user.has_usable_password()
    assert "/account/password/reset/" in capsys.readouterr().out
    assert AuditEvent.objects.filter(event="member.added").count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Say --kind"),
        ({"kind": "practice"}, "has no such role"),
        ({"kind": "clinic", "timezone": "Mars/Base"}, "time zone"),
        ({"kind": "clinic", "name": "N"}, "at least 2 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_left_behind(changes, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("add_member", "noor@clinic.example", **{**NOOR, **changes})
    assert not User.objects.exists()
    assert not Organization.objects.exists()


def test_nobody_belongs_to_two_organisations_at_once(cast):
    with pytest.raises(CommandError, match="already belongs to Harbor Lane Practice"):
        call_command(
            "add_member",
            cast.therapist.email,
            **{**NOOR, "organization": "Mill Road"},
            kind="clinic",
        )
