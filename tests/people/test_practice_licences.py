"""The licence of somebody in a practice: stated by them, looked up by each clinic; both engines."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from people.enums import LookupResult, OrganizationKind, Role
from people.joining.actions.inviting import begin_partnership
from people.joining.actions.licences import state_licence
from people.joining.listing import licence_with
from people.joining.standing import Stands, standing_of
from people.models import LicenceCheck, PracticeLicence
from tests.factories import make_organization, make_user
from tests.people.joining import licence_facts, looked_up, stated, work_together
from tests.refusing import database_refuses

TODAY = date(2026, 7, 14)
DAY = timedelta(days=1)


@pytest.fixture
def together(cast):
    work_together(cast)
    return cast


# ---------------------------------------------------------------- the rule
def a_licence(expires_on: date = TODAY + DAY) -> PracticeLicence:
    return PracticeLicence(**licence_facts(expires_on=expires_on))


def a_check(valid_until: date | None) -> LicenceCheck:
    result = LookupResult.VALID if valid_until else LookupResult.NOT_CONFIRMED
    return LicenceCheck(result=result, valid_until=valid_until)


@pytest.mark.parametrize(
    ("rows", "stands"),
    [
        ([], Stands.NONE),
        ([(a_licence(), None)], Stands.NOT_VERIFIED),
        ([(a_licence(TODAY - DAY), None)], Stands.EXPIRED),
        ([(a_licence(TODAY), None)], Stands.NOT_VERIFIED),
        ([(a_licence(), a_check(TODAY))], Stands.VERIFIED),
        ([(a_licence(), a_check(TODAY - DAY))], Stands.EXPIRED),
        ([(a_licence(TODAY - DAY), a_check(TODAY))], Stands.VERIFIED),  # renewed meanwhile
        ([(a_licence(), a_check(None))], Stands.NOT_CONFIRMED),
        ([(a_licence(), a_check(None)), (a_licence(), a_check(TODAY))], Stands.VERIFIED),
        ([(a_licence(), None), (a_licence(), a_check(TODAY - DAY))], Stands.EXPIRED),
    ],
)
def test_how_a_licence_stands_on_a_day(rows, stands):
    found = standing_of(rows, TODAY)
    assert found.stands == stands
    assert (found.kind == "plain") == (stands == Stands.VERIFIED)


# ---------------------------------------------------------------- who may
def test_people_of_a_practice_state_their_own(cast):
    for name, user in cast.everybody().items():
        if name in ("therapist", "colleague", "stranger", "superuser", "physician", "lapsed"):
            assert stated(user).practice == user.membership.organization
        else:
            with pytest.raises(PermissionDenied):
                stated(user)
    key = uuid4()
    for _ in range(2):
        state_licence(by=cast.therapist, form_key=key, content=licence_facts(number="7"))
    assert PracticeLicence.objects.filter(number="7").count() == 1
    with pytest.raises(ValidationError) as refusal:
        stated(cast.therapist, expires_on=cast.practice.today + 3700 * DAY)
    assert "expires_on" in refusal.value.message_dict


def test_an_administrator_or_prescriber_of_a_clinic_that_works_with_them_looks_it_up(together):
    row = stated(together.therapist)
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    strangers = [make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere)]
    for by in [*together.everybody().values(), *strangers]:
        if by in (together.administrator, together.prescriber):
            assert looked_up(by, row).clinic == together.clinic
        else:
            with pytest.raises(PermissionDenied):
                looked_up(by, row)
    event = AuditEvent.objects.filter(event="practice_licence.looked_up").earliest("pk")
    assert event.detail == {"licence": row.pk, "result": "valid"}


def test_each_clinic_finds_for_itself_and_the_newest_counts(together):
    row, member = stated(together.therapist), together.therapist.membership
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    other = make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere)
    begin_partnership(clinic=elsewhere, practice=together.practice)
    looked_up(together.administrator, row)
    assert licence_with(together.clinic, member).stands == Stands.VERIFIED
    assert licence_with(elsewhere, member).stands == Stands.NOT_VERIFIED
    looked_up(other, row, None)
    assert licence_with(elsewhere, member).stands == Stands.NOT_CONFIRMED
    looked_up(together.prescriber, row, None)
    assert licence_with(together.clinic, member).stands == Stands.NOT_CONFIRMED
    assert LicenceCheck.objects.filter(clinic=together.clinic).count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": None, "result": "valid"}, "valid_until"),
        ({"days": 9, "result": "not_confirmed"}, "valid_until"),
        ({"days": -30}, "valid_until"),
        ({"days": 3700}, "valid_until"),
        ({"looked_up_on": date(2200, 1, 1)}, "looked_up_on"),
        ({"source": " "}, "source"),
    ],
)
def test_what_cannot_have_been_found_is_refused(together, changes, field):
    row = stated(together.therapist)
    with pytest.raises(ValidationError) as refusal:
        looked_up(together.administrator, row, **changes)
    assert field in refusal.value.message_dict
    assert not LicenceCheck.objects.exists()


def test_the_same_form_twice_is_one_look_up(together):
    row, key = stated(together.therapist), uuid4()
    first = looked_up(together.administrator, row, form_key=key)
    assert looked_up(together.administrator, row, form_key=key) == first


# ---------------------------------------------------------------- the database
def test_the_database_takes_them_from_nobody_else(together):
    row, now = stated(together.therapist), timezone.now().date()
    own = {**licence_facts(), "person": together.therapist}
    for practice in (together.clinic, together.other_practice):
        database_refuses(
            lambda practice=practice: PracticeLicence.objects.create(**own, practice=practice)
        )
    nurse = {"person": together.nurse, "practice": together.clinic}
    database_refuses(lambda: PracticeLicence.objects.create(**licence_facts(), **nurse))
    good = {"licence": row, "clinic": together.clinic, "checked_by": together.administrator}
    good |= {"result": "valid", "source": "Register", "looked_up_on": now, "valid_until": now}
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    for wrong in (
        {"checked_by": together.coordinator},
        {"checked_by": together.therapist},
        {"clinic": elsewhere},
        {"valid_until": None},
        {"valid_until": now - DAY},
        {"result": "not_confirmed"},
        {"source": ""},
    ):
        database_refuses(lambda wrong=wrong: LicenceCheck.objects.create(**{**good, **wrong}))
    check = LicenceCheck.objects.create(**good)
    for rows in (
        LicenceCheck.objects.filter(pk=check.pk),
        PracticeLicence.objects.filter(pk=row.pk),
    ):
        database_refuses(lambda rows=rows: rows.update(form_key=uuid4()))
        database_refuses(lambda rows=rows: rows._raw_delete(rows.db))
