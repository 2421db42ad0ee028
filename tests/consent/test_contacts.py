"""Outside contacts: who may be named without an account, and that they are kept once."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from consent.actions.contacts import add_contact
from consent.models import OutsideContact
from people.enums import OrganizationKind, Role
from people.registration import register
from tests.factories import make_client, make_organization, make_user

pytestmark = pytest.mark.usefixtures("referral")

ROSE = {"name": "Rose Quill", "relation": "Sister"}


def add(case, by=None, client=None, **changes) -> OutsideContact:
    by, client = by or case.cast.administrator, client or case.client
    return add_contact(by=by, client=client, **{**ROSE, **changes})


def test_a_contact_is_kept_with_workplace_and_address(case):
    rose = add(case, relation="Cardiologist", workplace="Elm Hospital", address="3 Elm Road")
    assert str(rose) == "Rose Quill (Cardiologist), Elm Hospital"
    assert (rose.client, rose.clinic) == (case.client, case.cast.clinic)
    event = AuditEvent.objects.get(event="contact.added")
    assert event.client_id == case.client.pk
    assert event.detail == {}


def test_the_same_name_and_relation_are_one_contact(case):
    first = add(case, address="3 Elm Road")
    for same in ({}, {"name": "  rose QUILL "}, {"relation": "sister"}, {"address": "3 Elm Road"}):
        assert add(case, **same) == first
    assert add(case, relation="Friend") != first
    assert AuditEvent.objects.filter(event="contact.added").count() == 2


def test_a_known_contact_never_changes_its_workplace_or_address(case):
    """A signed release may name them."""
    first = add(case, workplace="Elm Hospital")
    for place in ({"workplace": "Mill Hospital"}, {"address": "9 Mill Road"}):
        with pytest.raises(ValidationError, match="is listed already") as refused:
            add(case, **place)
        assert list(refused.value.message_dict) == ["relation"]
    first.refresh_from_db()
    assert (first.workplace, first.address) == ("Elm Hospital", "")


def test_contacts_belong_to_one_client(case):
    other = make_client(case.cast.practice, first_name="Other")
    register(other, case.cast.clinic)
    assert add(case) != add(case, client=other)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("relation", ""),
        ("name", "n" * 121),
        ("relation", "r" * 81),
        ("workplace", "w" * 1_000_000),
        ("address", "nul\x00byte"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(case, field, value):
    with pytest.raises(ValidationError) as refused:
        add(case, **{field: value})
    assert list(refused.value.message_dict) == [field]
    assert not OutsideContact.objects.exists()


def test_the_database_refuses_a_nameless_contact_and_the_same_one_twice(case):
    rose = add(case)
    places = {"client": rose.client, "clinic": rose.clinic}
    for row in ({"name": "", "relation": "Sister"}, {"name": "Rose", "relation": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OutsideContact.objects.create(**places, **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideContact.objects.create(**places, name="ROSE QUILL", relation="sister")


def test_only_an_administrator_of_a_clinic_that_knows_the_client_adds_one(case):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    stranger = make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere)
    with pytest.raises(ValidationError, match="not been referred"):
        add(case, by=stranger)
    for by in (case.cast.prescriber, case.cast.therapist, case.cast.superuser):
        with pytest.raises(PermissionDenied):
            add(case, by=by)
