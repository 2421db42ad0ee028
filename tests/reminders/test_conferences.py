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
from reminders.conferences.actions import agenda, deciding, planning
from reminders.conferences.facts import proposals
from reminders.conferences.series import next_conference
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
    Reminder,
)
from sessions.actions.adverse import review_adverse_event
from sessions.actions.alerts import acknowledge_alert
from sessions.enums.outcomes import Instrument
from sessions.models import AdverseEvent, SafetyAlert
from tests.builder import Builder
from tests.factories import make_organization, make_user
from tests.refusing import database_refuses
from tests.reminders.conferring import DECIDED, add, began, decide, set_up, take
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
    row = Reminder.objects.filter(episode=case.episode).first()
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


def test_an_alert_that_was_answered_since_is_talked_over_all_the_same(case, full_case, cast):
    enter(case, Instrument.PHQ9, 9, item_9=1)
    acknowledge_alert(by=cast.nurse, alert=SafetyAlert.objects.get(), done="Rang them")
    conference = began(case)
    assert K.ALERT in kinds(take(case, conference))
