"""Licences and training on file: who records, who checks, what stays; on both engines."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from people.credentials import actions
from people.credentials.listing import expiring_credentials, rows_at, staff, trained_people, waiting
from people.enums import OrganizationKind, Role
from people.models import Licence, Training
from tests.factories import make_organization, make_user
from tests.people.credentials import in_days, licence, make_current, training

AT_CLINIC = {"coordinator", "prescriber", "nurse", "kaptherapist", "administrator"}


def refused(attempt) -> bool:
    try:
        with transaction.atomic():
            attempt()
    except DatabaseError:
        return True
    return False


@pytest.fixture
def elsewhere(db):
    """Somebody of another clinic, by role."""
    clinic = make_organization("Second Clinic", OrganizationKind.CLINIC)
    return lambda role: make_user(f"Ed {role}", role, clinic)


# ---------------------------------------------------------------- who may
def test_everybody_at_the_clinic_records_their_own_and_it_waits(cast):
    for name, user in cast.everybody().items():
        if name in AT_CLINIC:
            row = licence(user, in_days(user, 9))
            assert (row.person, row.organization, row.recorded_by) == (user, cast.clinic, user)
            assert row.checked_by is None
        else:
            with pytest.raises(PermissionDenied):
                licence(user, in_days(user, 9))


def test_an_administrator_records_for_everybody_and_has_thereby_checked_it(cast, elsewhere):
    nurse, day = cast.nurse, in_days(cast.nurse, 9)
    row = licence(nurse, day, by=cast.administrator)
    assert (row.recorded_by, row.checked_by) == (cast.administrator, cast.administrator)
    for other in (cast.prescriber, cast.kaptherapist, elsewhere(Role.ADMINISTRATOR)):
        with pytest.raises(PermissionDenied):
            licence(nurse, day, by=other)
    assert licence(cast.administrator, day).checked_at is None


def test_an_administrator_or_prescriber_checks_and_never_their_own(cast, elsewhere):
    day = in_days(cast.nurse, 9)
    strangers = [elsewhere(role) for role in (Role.ADMINISTRATOR, Role.PRESCRIBER)]
    for by in [*cast.everybody().values(), *strangers]:
        row = licence(cast.nurse, day)
        if by in (cast.prescriber, cast.administrator):
            checked = actions.check_credential(by=by, row=row)
            assert checked.checked_by == by
        else:
            with pytest.raises(PermissionDenied):
                actions.check_credential(by=by, row=row)
    with pytest.raises(PermissionDenied, match="Somebody else"):
        actions.check_credential(by=cast.prescriber, row=licence(cast.prescriber, day))


def test_the_person_or_an_administrator_marks_an_error_and_it_stays(cast, elsewhere):
    day = in_days(cast.nurse, 9)
    for by in (cast.nurse, cast.administrator):
        row = training(cast.nurse, date(2026, 1, 5))
        actions.enter_in_error(by=by, row=row, reason="Another person’s")
        row.refresh_from_db()
        assert (row.error_by, row.error_reason) == (by, "Another person’s")
    for by in (cast.prescriber, cast.kaptherapist, elsewhere(Role.ADMINISTRATOR), cast.therapist):
        with pytest.raises(PermissionDenied):
            actions.enter_in_error(by=by, row=licence(cast.nurse, day), reason="No")
    with pytest.raises(ValidationError) as refusal:
        actions.enter_in_error(by=cast.nurse, row=licence(cast.nurse, day), reason="  ")
    assert "reason" in refusal.value.message_dict


def test_an_error_is_marked_once_and_never_checked(nurse, prescriber):
    row = licence(nurse, in_days(nurse, 9))
    first = actions.enter_in_error(by=nurse, row=row, reason="First")
    assert actions.enter_in_error(by=nurse, row=row, reason="Second").error_at == first.error_at
    with pytest.raises(ValidationError, match="entered in error"):
        actions.check_credential(by=prescriber, row=row)


# ---------------------------------------------------------------- once, and recorded
def test_the_same_form_twice_is_one_row_and_nobody_elses(nurse, prescriber):
    key, day = uuid4(), in_days(nurse, 9)
    assert licence(nurse, day, form_key=key) == licence(nurse, day, form_key=key)
    assert Licence.objects.count() == 1
    with pytest.raises(ValidationError):
        licence(prescriber, day, form_key=key)


def test_what_happened_is_recorded_without_a_number_or_a_word(nurse, prescriber):
    row = licence(nurse, in_days(nurse, 9))
    for _ in range(2):
        actions.check_credential(by=prescriber, row=row)
    actions.enter_in_error(by=nurse, row=row, reason="Another person’s")
    training(nurse, date(2026, 1, 5))
    events = AuditEvent.objects.filter(subject__startswith="people.").order_by("pk")
    assert list(events.values_list("event", "actor_id")) == [
        ("licence.recorded", nurse.pk),
        ("licence.checked", prescriber.pk),
        ("licence.entered_in_error", nurse.pk),
        ("training.recorded", nurse.pk),
    ]
    assert {str(event.detail) for event in events} == {"{}"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hours": 0}, "hours"),
        ({"hours": 501}, "hours"),
        ({"topic": ""}, "topic"),
        ({"kind": "reading"}, "kind"),
        ({"completed_on": date(2200, 1, 1)}, "completed_on"),
        ({"expires_on": date(2200, 1, 1)}, "expires_on"),
        ({"expires_on": date(2025, 1, 1)}, "expires_on"),
    ],
)
def test_impossible_hours_and_days_are_refused(nurse, changes, field):
    with pytest.raises(ValidationError):
        training(nurse, **{"completed_on": date(2026, 1, 5), **changes})
    assert not Training.objects.exists()


# ---------------------------------------------------------------- the database
def test_the_database_keeps_what_is_on_file(nurse, prescriber, cast):
    day, now = in_days(nurse, 9), timezone.now()
    for row, facts in (
        (licence(nurse, day), {"number": "1", "expires_on": day + timedelta(days=1)}),
        (training(nurse, day - timedelta(days=30)), {"hours": 9, "topic": "Other"}),
    ):
        one = type(row).objects.filter(pk=row.pk)
        facts |= {"person": prescriber, "organization": cast.practice, "recorded_by": prescriber}
        for name, value in facts.items():
            assert refused(lambda one=one, name=name, value=value: one.update(**{name: value})), (
                name
            )
        for checker in (nurse, cast.kaptherapist, cast.therapist):
            assert refused(lambda one=one, by=checker: one.update(checked_by=by, checked_at=now)), (
                checker
            )
        assert refused(lambda one=one: one.update(checked_at=now))
        assert refused(lambda one=one: one.update(error_by=nurse, error_at=now))
        assert refused(lambda one=one: one._raw_delete(one.db))
        actions.check_credential(by=prescriber, row=row)
        assert refused(lambda one=one: one.update(checked_by=cast.administrator))
        assert refused(lambda one=one: one.update(checked_by=None, checked_at=None))
        actions.enter_in_error(by=nurse, row=row, reason="Wrong")
        for change in ({"error_reason": "Other"}, {"error_by": None, "error_at": None}):
            assert refused(lambda one=one, change=change: one.update(**change))


def test_the_database_refuses_what_the_clinic_cannot_hold(cast, nurse, prescriber):
    row = licence(nurse, in_days(nurse, 9))
    fields = {"kind": "rn", "number": "1", "issuer": "New York", "expires_on": row.expires_on}
    own = {**fields, "person": nurse, "recorded_by": nurse}
    now = timezone.now()
    for values in (
        {**own, "organization": cast.practice},
        {**own, "organization": cast.clinic, "kind": "other"},
        {**own, "organization": cast.clinic, "number": ""},
        {**own, "organization": cast.clinic, "checked_by": cast.nurse, "checked_at": now},
        {**own, "organization": cast.clinic, "checked_by": cast.coordinator, "checked_at": now},
    ):
        assert refused(lambda values=values: Licence.objects.create(**values)), values
    assert not refused(lambda: Licence.objects.create(**own, organization=cast.clinic))


# ---------------------------------------------------------------- what the file says
def test_trained_are_those_whose_checked_papers_hold_on_that_day(cast, nurse, kaptherapist):
    last = in_days(nurse, 20)
    make_current(nurse, cast.administrator, last)
    make_current(kaptherapist, cast.administrator, in_days(nurse, -1))
    licence(kaptherapist, last)  # the new one, which nobody has checked
    assert trained_people(cast.clinic, last) == {nurse.pk}
    assert trained_people(cast.clinic, last + timedelta(days=1)) == set()
    other = make_organization("Second Clinic", OrganizationKind.CLINIC)
    assert trained_people(other, last) == set()
    nurse.memberships.update(ended_at=timezone.now())
    assert trained_people(cast.clinic, last) == set()


def test_entered_in_error_counts_no_more(cast, nurse):
    last = in_days(nurse, 20)
    row = make_current(nurse, cast.administrator, last)
    actions.enter_in_error(by=nurse, row=row, reason="Another person’s")
    assert trained_people(cast.clinic, last) == set()


@pytest.mark.parametrize(
    ("days", "listed"), [(-61, False), (-60, True), (0, True), (60, True), (61, False)]
)
def test_what_lapses_within_sixty_days_is_listed(cast, nurse, days, listed):
    today = cast.clinic.today
    row = licence(nurse, today + timedelta(days=days), by=cast.administrator)
    assert expiring_credentials(cast.clinic, today) == ([row] if listed else [])


def test_what_is_renewed_or_unchecked_or_wrong_is_not_listed(cast, nurse, administrator):
    today, soon = cast.clinic.today, in_days(nurse, 9)
    licence(nurse, soon)
    wrong = licence(nurse, soon, by=administrator)
    actions.enter_in_error(by=administrator, row=wrong, reason="Twice")
    assert expiring_credentials(cast.clinic, today) == []
    old = licence(nurse, soon, by=administrator)
    licence(nurse, in_days(nurse, 99), by=administrator, issuer="New Jersey")
    assert expiring_credentials(cast.clinic, today) == [old]
    licence(nurse, in_days(nurse, 99), by=administrator)
    assert expiring_credentials(cast.clinic, today) == []


def test_the_list_begins_with_who_lapses_soon_then_who_misses_something(cast):
    make_current(cast.prescriber, cast.administrator, in_days(cast.nurse, 400))
    make_current(cast.nurse, cast.administrator, in_days(cast.nurse, 30))
    lines = staff(cast.clinic, rows_at(cast.clinic), cast.clinic.today)
    assert [line.member.user for line in lines] == [cast.nurse, cast.kaptherapist, cast.prescriber]
    assert [(line.soon, line.current) for line in lines] == [
        (True, True),
        (False, False),
        (False, True),
    ]


def test_what_waits_is_what_nobody_else_has_seen(cast, nurse, administrator):
    mine = licence(nurse, in_days(nurse, 9))
    licence(nurse, in_days(nurse, 9), by=administrator)
    assert waiting(rows_at(cast.clinic)) == [mine]
