"""Decisions of a conference: made, owned, corrected, done; and what the database itself refuses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from reminders.conferences.actions import agenda, deciding, planning
from reminders.dues import dues
from reminders.enums import ReasonKind
from reminders.models import (
    Conference,
    ConferenceAttendance,
    ConferenceCase,
    ConferenceDecision,
    ConferenceInvitation,
    ConferenceReason,
    ConferenceSeries,
)
from tests.builder import Builder
from tests.refusing import database_refuses
from tests.reminders.conferring import DECIDED, add, began, decide, set_up

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
K = ReasonKind


def events(name: str) -> int:
    return AuditEvent.objects.filter(event=name).count()


# ---------------------------------------------------------------- decisions
def test_a_decision_is_made_once_and_done_once(case, opened, cast):
    row, key = add(case, began(case)), uuid4()
    made = decide(case, row, form_key=key)
    assert decide(case, row, form_key=key, text="Other") == made
    done = deciding.tick_off(by=cast.coordinator, decision=made)
    assert deciding.tick_off(by=cast.nurse, decision=made).done_by == done.done_by
    assert (events("decision.made"), events("decision.done")) == (1, 1)
    with pytest.raises(ValidationError, match="minutes"):
        agenda.take_off(by=cast.nurse, case=row, why="x")
    for by in (cast.administrator, cast.therapist):
        with pytest.raises(PermissionDenied):
            decide(case, row, by=by)
        with pytest.raises(PermissionDenied):
            deciding.tick_off(by=by, decision=made)


def test_nothing_is_decided_before_it_begins_nor_for_a_day_that_is_over(case, opened, cast):
    set_up(case)
    ahead = add(case, planning.plan_next(by=cast.nurse, clinic=cast.clinic))
    with pytest.raises(ValidationError, match="not begun"):
        decide(case, ahead)
    with pytest.raises(ValidationError, match="not begun"):
        planning.record_attendance(by=cast.nurse, conference=ahead.conference, people=[])


def test_a_decision_names_what_when_and_about_what(case, opened, cast):
    row = add(case, began(case))
    for changes in ({"text": " "}, {"due_on": cast.clinic.today - DAY}, {"category": "risk"}):
        with pytest.raises(ValidationError):
            decide(case, row, **changes)


def test_somebody_outside_owns_a_decision_they_can_read(case, opened, cast):
    row = add(case, began(case))
    for outsider in (cast.stranger, cast.physician, cast.administrator):
        with pytest.raises(ValidationError, match="Choose somebody"):
            decide(case, row, owner=outsider)
    with pytest.raises(ValidationError, match="No release"):
        decide(case, row, owner=cast.therapist)
    release = case.active()
    with pytest.raises(ValidationError, match="No release"):
        decide(case, row, owner=cast.therapist, category="safety")
    with pytest.raises(ValidationError, match="No release"):
        decide(case, row, owner=cast.therapist, substance_use=True)
    made = decide(case, row, owner=cast.therapist)
    case.revoke(release)
    with pytest.raises(PermissionDenied):
        deciding.tick_off(by=cast.therapist, decision=made)
    case.active()
    assert deciding.tick_off(by=cast.therapist, decision=made).done_by == cast.therapist


def test_a_decision_is_corrected_by_one_that_takes_its_place(case, opened, cast):
    row = add(case, began(case))
    first = decide(case, row)
    second = decide(case, row, text="Ring on Tuesday", replaces=first)
    with pytest.raises(ValidationError, match="replaced already"):
        decide(case, row, replaces=first)
    with pytest.raises(ValidationError, match="taken the place"):
        deciding.tick_off(by=cast.nurse, decision=first)
    deciding.tick_off(by=cast.nurse, decision=second)
    with pytest.raises(ValidationError, match="is done"):
        decide(case, row, replaces=second)


def test_a_decision_waits_on_today_for_its_owner_and_is_told_when_overdue(case, opened, cast):
    row = add(case, began(case))
    decide(case, row)
    what = f"Decided at the conference: {DECIDED}"

    def found(user, days: int = 0):
        now = timezone.now() + days * DAY
        return [(due.mine, due.overdue) for due in dues(user, now) if due.what == what]

    assert (found(cast.nurse), found(cast.coordinator)) == ([(True, False)], [(False, False)])
    assert found(cast.nurse, days=8) == [(True, True)]
    late = decide(case, row, text="Later", due_on=cast.clinic.today + 30 * DAY)
    assert "Later" not in {due.what[-5:] for due in dues(cast.nurse, timezone.now())}
    for each in ConferenceDecision.unscoped.exclude(pk=late.pk):
        deciding.tick_off(by=cast.nurse, decision=each)
    assert found(cast.nurse) == []


# ---------------------------------------------------------------- the database
def copy(row, **changes):
    made = type(row)._base_manager.get(pk=row.pk)
    made.pk = None
    if hasattr(made, "form_key"):
        made.form_key = uuid4()
    for name, value in changes.items():
        setattr(made, name, value)
    return made.save


def test_the_database_holds_how_often_a_clinic_confers(case, cast):
    series = set_up(case)
    conference = planning.plan_next(by=cast.nurse, clinic=cast.clinic)
    after = {"first_on": series.first_on + 60 * DAY}
    database_refuses(copy(series, **after))  # two in force
    planning.call_off(by=cast.coordinator, conference=conference, why="x")
    series = planning.end_series(by=cast.coordinator, series=series, last_on=series.first_on)
    fresh = {**after, "last_on": None, "ended_by": None, "ended_at": None}
    for changes in (
        {"first_on": series.first_on},
        {"every_weeks": 3},
        {"minutes": 5},
        {"place": ""},
        {"set_up_by": cast.nurse},
        {"last_on": after["first_on"]},
    ):
        database_refuses(copy(series, **{**fresh, **changes}))
    copy(series, **fresh)()
    database_refuses(copy(conference))
    rows = Conference.objects.filter(pk=conference.pk)
    database_refuses(lambda: rows.update(called_off_why="other"))
    database_refuses(lambda: rows.update(at=timezone.now()))
    database_refuses(lambda: ConferenceSeries.objects.filter(pk=series.pk).update(last_on=None))


def test_the_database_holds_whose_case_reason_and_decision_it_is(case, opened, cast):
    case.active()
    conference = began(case)
    row = add(case, conference)
    reason = ConferenceReason.unscoped.get(case=row, kind=K.BY_HAND)
    agenda.invite(by=cast.nurse, case=row, people=[cast.therapist.pk])
    invited = ConferenceInvitation.objects.get()
    planning.record_attendance(by=cast.nurse, conference=conference, people=[cast.nurse.pk])
    there = ConferenceAttendance.objects.get()
    made = decide(case, row)
    other = Builder(cast)
    other.send(first_name="Other")
    for write in (
        copy(row),  # twice on one agenda
        copy(row, client=other.client, referral=other.referral, category="safety"),
        copy(row, referral=other.referral),  # of another client
        copy(row, author_organization=cast.practice, referral=other.referral, client=other.client),
        copy(reason, text="y", client=other.client),
        copy(reason, text="y", kind=K.MISSED),
        copy(reason, text="y", category="history"),
        copy(reason, text="", occurred_at=timezone.now()),
        copy(reason, text="y", author_organization=cast.practice, occurred_at=timezone.now()),
        copy(invited, person=cast.stranger),
        copy(invited, person=cast.colleague, invited_by=cast.administrator),
        copy(there, organization=cast.practice),  # of outside, for all of it
        copy(there, case=row),  # of the clinic, for one case
        copy(made, owner=cast.stranger),
        copy(made, owner=cast.administrator),
        copy(made, text=""),
        copy(made, category="risk"),
        copy(made, client=other.client),
        copy(made, author_organization=cast.practice),
    ):
        database_refuses(write)
    second = decide(case, row, replaces=made)
    database_refuses(copy(made, replaces=made))  # replaced twice
    there_rows = ConferenceCase.unscoped.filter(pk=row.pk)
    off = {"taken_off_at": timezone.now(), "taken_off_by": cast.nurse, "taken_off_why": "x"}
    database_refuses(lambda: there_rows.update(**off))
    done = ConferenceDecision.unscoped.filter(pk=second.pk)
    database_refuses(lambda: done.update(done_at=timezone.now()))
    deciding.tick_off(by=cast.nurse, decision=second)
    database_refuses(lambda: done.update(done_by=cast.coordinator))
    database_refuses(lambda: done.update(done_at=None, done_by=None))
    elsewhere = add(other, conference)
    database_refuses(copy(made, case=elsewhere, client=other.client, replaces=second))
