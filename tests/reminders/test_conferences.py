"""Case conferences: what staff may do, once each; and what the database itself refuses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from consent.clock import database_now
from people.enums import OrganizationKind, Role
from referrals.models import Referral
from reminders.conferences.actions import agenda, planning
from reminders.conferences.facts import proposals
from reminders.conferences.series import next_conference
from reminders.enums import ReasonKind
from reminders.models import (
    Conference,
    ConferenceCase,
    ConferenceReason,
    ConferenceSeries,
    Reminder,
)
from sessions.actions.adverse import review_adverse_event
from sessions.actions.alerts import acknowledge_alert
from sessions.enums.outcomes import Instrument
from sessions.models import AdverseEvent, SafetyAlert
from tests.factories import make_organization, make_user
from tests.reminders.conferring import add, began, decide, set_up, take
from tests.sessions.asking import enter

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
K = ReasonKind


def events(name: str) -> int:
    return AuditEvent.objects.filter(event=name).count()


def kinds(row: ConferenceCase) -> set[str]:
    return set(ConferenceReason.unscoped.filter(case=row).values_list("kind", flat=True))


# ---------------------------------------------------------------- how often
def test_a_series_is_set_up_once_by_those_who_triage(case, cast):
    key = uuid4()
    series = set_up(case, form_key=key)
    assert set_up(case, form_key=key) == series
    assert events("conferences.set_up") == 1
    for name in ("nurse", "kaptherapist", "administrator", "therapist"):
        with pytest.raises(PermissionDenied):
            set_up(case, by=getattr(cast, name), first_on=series.first_on + 9 * DAY)


def test_another_series_ends_the_one_before_on_the_day_before_it(case, cast):
    old, begins = set_up(case), cast.clinic.today + 20 * DAY
    new = set_up(case, first_on=begins, every_weeks=2)
    old.refresh_from_db()
    assert (old.last_on, old.ended_by) == (begins - DAY, cast.coordinator)
    assert next_conference(cast.clinic, timezone.now()).series == old
    assert next_conference(cast.clinic, timezone.now() + 21 * DAY).series == new
    with pytest.raises(ValidationError, match="is over"):
        set_up(case, first_on=cast.clinic.today - DAY)


def test_a_series_is_not_ended_under_a_conference_that_is_prepared(case, cast):
    series = set_up(case)
    conference = planning.plan_next(by=cast.nurse, clinic=cast.clinic)
    with pytest.raises(ValidationError, match="prepared already"):
        planning.end_series(by=cast.coordinator, series=series, last_on=cast.clinic.today)
    with pytest.raises(ValidationError, match="prepared already"):
        set_up(case, first_on=cast.clinic.today + DAY)
    planning.call_off(by=cast.coordinator, conference=conference, why="Holiday")
    ended = planning.end_series(by=cast.coordinator, series=series, last_on=cast.clinic.today)
    again = planning.end_series(by=cast.prescriber, series=series, last_on=cast.clinic.today)
    assert again.ended_by == ended.ended_by == cast.coordinator
    with pytest.raises(PermissionDenied):
        planning.end_series(by=cast.nurse, series=series, last_on=cast.clinic.today)


def test_the_next_conference_is_one_row_however_often_it_is_opened(case, referral, cast):
    with pytest.raises(ValidationError, match="Set them up"):
        planning.plan_next(by=cast.nurse, clinic=cast.clinic)
    set_up(case)
    first = planning.plan_next(by=cast.nurse, clinic=cast.clinic)
    assert planning.plan_next(by=cast.coordinator, clinic=cast.clinic) == first
    assert events("conference.planned") == 1
    with pytest.raises(PermissionDenied):
        planning.plan_next(by=cast.administrator, clinic=cast.clinic)
    with pytest.raises(PermissionDenied):
        planning.call_off(by=cast.nurse, conference=first, why="Holiday")
    planning.call_off(by=cast.prescriber, conference=first, why="Holiday")
    second = planning.plan_next(by=cast.nurse, clinic=cast.clinic)
    assert second.at - first.at == 7 * DAY
    with pytest.raises(ValidationError, match="called off"):
        add(case, first)


# ---------------------------------------------------------------- which cases need it
def test_the_record_proposes_the_cases_that_need_it(case, full_case, cast):
    conference = began(case)
    (proposal,) = proposals(cast.nurse, conference, timezone.now())
    assert {need.kind for need in proposal.needs} == {K.ADVERSE, K.REFERRAL}
    enter(case, Instrument.PCL5, 20, days_ago=3)
    enter(case, Instrument.PCL5, 40, days_ago=1)
    enter(case, Instrument.PHQ9, 9, item_9=1)
    (proposal,) = proposals(cast.nurse, conference, timezone.now())
    assert {need.kind for need in proposal.needs} == {K.ADVERSE, K.REFERRAL, K.WORSE, K.ALERT}
    assert not proposals(cast.nurse, conference, conference.at - 30 * DAY)


def test_a_missed_window_counts_as_far_as_the_clinic_may_know(case, full_case, cast):
    closed = database_now() - timedelta(hours=3)
    row = Reminder.objects.of_windows().filter(episode=case.episode).first()
    Reminder.objects.filter(pk=row.pk).update(
        state="missed", cancel_reason="", opens_at=closed - DAY, closes_at=closed
    )
    conference = began(case)

    def found() -> set[str]:
        (proposal,) = proposals(cast.nurse, conference, timezone.now())
        return {need.kind for need in proposal.needs}

    assert K.MISSED not in found()  # the therapist may have held it
    case.active(in_categories=["schedule"])
    assert K.MISSED in found()


def test_what_was_talked_over_is_not_proposed_again(case, full_case, cast):
    conference = began(case, hours=5)
    later = Conference.objects.create(
        series=conference.series, at=conference.at + 7 * DAY, planned_by=cast.nurse
    )
    (proposal,) = proposals(cast.nurse, later, timezone.now())
    assert {need.kind for need in proposal.needs} == {K.ADVERSE, K.REFERRAL}  # sent since
    Referral.objects.update(submitted_at=conference.at - timedelta(minutes=1))
    for event in AdverseEvent.objects.all():
        review_adverse_event(by=cast.prescriber, event=event, form_key=uuid4(), finding="Mild")
    assert proposals(cast.nurse, later, timezone.now()) == []


def test_another_clinic_meets_none_of_it(case, full_case, cast):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    by = make_user("Ed Elsewhere", Role.PRESCRIBER, elsewhere)
    conference = began(case)
    for act in (
        lambda: add(case, conference, by=by),
        lambda: take(case, conference, by=by),
        lambda: planning.record_attendance(by=by, conference=conference, people=[]),
    ):
        with pytest.raises(PermissionDenied):
            act()
    theirs = ConferenceSeries.objects.create(
        clinic=elsewhere,
        first_on=cast.clinic.today,
        at_time="12:00",
        every_weeks=1,
        minutes=30,
        place="Room 1",
        set_up_by=by,
    )
    row = Conference.objects.create(series=theirs, at=timezone.now(), planned_by=by)
    assert proposals(by, row, timezone.now()) == []
    with pytest.raises(Exception, match="own clinic"):
        add(case, row, by=by)


# ---------------------------------------------------------------- the agenda
def test_a_case_is_taken_on_once_with_its_reasons_as_codes(case, full_case, cast):
    conference, key = began(case), uuid4()
    row = take(case, conference, form_key=key)
    assert kinds(row) == {K.ADVERSE, K.REFERRAL}
    assert take(case, conference, form_key=key) == row
    assert take(case, conference) == row
    assert events("conference.case_added") == 1
    with pytest.raises(PermissionDenied):
        take(case, conference, by=cast.administrator)
    with pytest.raises(PermissionDenied):
        take(case, conference, by=cast.therapist)


def test_what_nothing_asks_for_is_put_on_by_hand_with_a_reason(case, opened, cast):
    conference, key = began(case), uuid4()
    row = add(case, conference, form_key=key)
    assert add(case, conference, form_key=key) == row
    assert K.BY_HAND in kinds(row)
    assert ConferenceReason.unscoped.filter(case=row, kind=K.BY_HAND).count() == 1
    with pytest.raises(ValidationError, match="sentence"):
        add(case, conference, why=" ")
    with pytest.raises(ValidationError, match="about"):
        add(case, conference, category="history")


def test_a_case_is_taken_off_with_a_reason_and_may_come_back(case, opened, cast):
    conference, key = began(case), uuid4()
    row = add(case, conference, form_key=key)
    with pytest.raises(ValidationError, match="why"):
        agenda.take_off(by=cast.nurse, case=row, why=" ")
    off = agenda.take_off(by=cast.nurse, case=row, why="Settled by phone")
    assert agenda.take_off(by=cast.prescriber, case=row, why="No").taken_off_by == off.taken_off_by
    assert add(case, conference, form_key=key) == row  # the same form does not put it back
    assert not ConferenceCase.unscoped.filter(taken_off_at=None).exists()
    assert add(case, conference) != row
    for act in (
        lambda: decide(case, row),
        lambda: planning.record_joined(by=cast.nurse, case=row, people=[]),
        lambda: agenda.invite(by=cast.nurse, case=row, people=[cast.therapist.pk]),
    ):
        with pytest.raises(ValidationError, match="taken off"):
            act()


def test_nothing_is_put_on_once_it_is_over(case, opened):
    conference = began(case, hours=5)
    with pytest.raises(ValidationError, match="is over"):
        add(case, conference)


# ---------------------------------------------------------------- who was there
def test_only_whom_a_release_lets_know_is_invited_and_once(case, opened, cast):
    row = add(case, began(case))
    asked = {"by": cast.nurse, "case": row, "people": [cast.therapist.pk]}
    with pytest.raises(ValidationError, match="No release"):
        agenda.invite(**asked)
    release = case.active(out_categories=["safety"])
    with pytest.raises(ValidationError, match="No release"):
        agenda.invite(**asked)
    case.revoke(release)
    case.active()
    for people in ([cast.stranger.pk], [cast.colleague.pk]):
        with pytest.raises(ValidationError, match="No release"):
            agenda.invite(**{**asked, "people": people})
    assert len(agenda.invite(**asked)) == 1
    assert agenda.invite(**asked) == []
    assert events("conference.invited") == 1


def test_who_was_there_is_recorded_and_can_be_corrected(case, opened, cast):
    conference = began(case)
    recorded = {"by": cast.coordinator, "conference": conference}
    staff = [cast.nurse.pk, cast.prescriber.pk]
    assert planning.record_attendance(**recorded, people=staff) == 2
    assert planning.record_attendance(**recorded, people=staff) == 0
    assert planning.record_attendance(**recorded, people=[cast.nurse.pk]) == 1
    for outside in (cast.therapist, cast.administrator):
        with pytest.raises(ValidationError, match="listed"):
            planning.record_attendance(**recorded, people=[outside.pk])
    row = add(case, conference)
    joined = {"by": cast.nurse, "case": row, "people": [cast.therapist.pk]}
    with pytest.raises(ValidationError, match="listed"):
        planning.record_joined(**joined)
    case.active()
    assert planning.record_joined(**joined) == 1
    with pytest.raises(PermissionDenied):
        planning.record_joined(**{**joined, "by": cast.therapist})


def test_an_alert_that_was_answered_since_is_talked_over_all_the_same(case, full_case, cast):
    enter(case, Instrument.PHQ9, 9, item_9=1)
    acknowledge_alert(by=cast.nurse, alert=SafetyAlert.objects.get(), done="Rang them")
    conference = began(case)
    assert K.ALERT in kinds(take(case, conference))
