"""What follows a dose and a session, in the very transaction that records them."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from reminders.enums import CancelReason, ReminderState
from reminders.models import Reminder
from sessions.actions import dosing, preparation
from sessions.models import CareEvent, IntegrationSession
from sessions.signals import dose_changed, session_recorded
from tests.builder import Builder
from tests.sessions.test_actions import DAY, HOUR, give, refused, reminders

S = ReminderState


def test_a_planned_dose_reminds_of_preparation_and_a_given_one_of_integration(case, episode):
    at = timezone.now() + 5 * DAY
    case.plan(at)
    row = Reminder.objects.of_windows().get()
    assert (row.kind, row.owner, row.state) == ("preparation", case.cast.therapist, S.PENDING)
    assert (row.opens_at, row.closes_at) == (at - 72 * HOUR, at - 24 * HOUR)
    given = case.give(hours_ago=3)
    two = {
        r.kind: (r.opens_at, r.closes_at)
        for r in Reminder.objects.of_windows().filter(dosing=given)
    }
    dose = given.given_at
    assert two["primary"] == (dose + 24 * HOUR, dose + 48 * HOUR)
    assert two["secondary"] == (dose + 96 * HOUR, dose + 168 * HOUR)


def test_a_dose_whose_reminders_cannot_be_written_is_not_recorded(case, episode):
    planned = case.plan(timezone.now() - HOUR)

    def fails(**kwargs):
        raise RuntimeError("cannot be written")

    dose_changed.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            give(case, planned)
        with pytest.raises(RuntimeError):
            dosing.move_dose(
                by=case.cast.prescriber, dosing=planned, planned_at=timezone.now() + DAY
            )
    finally:
        dose_changed.disconnect(fails)
    before = planned.planned_at
    planned.refresh_from_db()
    assert (planned.given_at, planned.planned_at) == (None, before)
    assert CareEvent.unscoped.get(dosing=planned).kind == "dose_planned"
    assert reminders(dosing=planned, kind="primary") == {}


def test_a_session_whose_reminders_cannot_be_marked_is_not_logged(case, episode):
    def fails(**kwargs):
        raise RuntimeError("cannot be marked")

    session_recorded.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            case.log_session(timezone.now())
    finally:
        session_recorded.disconnect(fails)
    assert not IntegrationSession.unscoped.exists()


def test_moving_a_dose_moves_its_reminder_and_its_event(case, episode):
    planned, later = case.plan(timezone.now() + 5 * DAY), timezone.now() + 9 * DAY
    dosing.move_dose(by=case.cast.prescriber, dosing=planned, planned_at=later)
    row = Reminder.objects.of_windows().get()
    assert (row.opens_at, row.closes_at) == (later - 72 * HOUR, later - 24 * HOUR)
    assert row.state == S.PENDING
    assert CareEvent.unscoped.get(dosing=planned).occurred_at == later


def test_cancelling_a_dose_cancels_its_reminder_and_twice_is_once(case, episode):
    planned = case.plan(timezone.now() + 5 * DAY)
    for _ in range(2):
        planned = dosing.cancel_dose(by=case.cast.prescriber, dosing=planned)
    row = Reminder.objects.of_windows().get()
    assert (row.state, row.cancel_reason) == (S.CANCELLED, CancelReason.DOSE_CHANGED)
    assert CareEvent.unscoped.get(dosing=planned).kind == "dose_cancelled"
    refused(None, give, case, planned)
    refused(
        None, dosing.move_dose, by=case.cast.prescriber, dosing=planned, planned_at=timezone.now()
    )


def test_giving_a_dose_early_ends_its_preparation_reminder(case, episode):
    planned = case.plan(timezone.now() + 2 * DAY)
    assert reminders() == {"1 preparation": S.PENDING}
    give(case, planned)
    assert reminders(kind="preparation") == {"1 preparation": S.CANCELLED}


def test_a_given_dose_is_neither_moved_nor_cancelled(case, episode):
    given, by = case.give(hours_ago=3), case.cast.prescriber
    refused(None, dosing.move_dose, by=by, dosing=given, planned_at=timezone.now())
    refused(None, dosing.cancel_dose, by=by, dosing=given)


# ---------------------------------------------------------------- sessions held


def after(case: Builder, hours: float):
    return case.dosing.given_at + hours * HOUR


def test_a_session_held_serves_the_window_it_lies_in_and_no_other(case, episode):
    case.give(hours_ago=40)
    case.log_session(after(case, 30))
    assert reminders() == {
        "1 preparation": S.CANCELLED,
        "1 primary": S.DONE,
        "1 secondary": S.PENDING,
    }


@pytest.mark.parametrize(("hours", "state"), [(23.99, S.PENDING), (24, S.DONE), (47.99, S.DONE)])
def test_the_window_opens_at_24_hours_exactly(case, episode, hours, state):
    case.give(hours_ago=49)
    case.log_session(after(case, hours))
    assert reminders(kind="primary") == {"1 primary": state}


def test_the_window_is_over_at_48_hours_exactly(case, episode):
    case.give(hours_ago=49)
    case.log_session(after(case, 48))
    assert reminders(kind="primary") == {"1 primary": S.PENDING}


def test_a_missed_session_serves_nothing(case, episode):
    case.give(hours_ago=40)
    case.log_session(after(case, 30), state="missed")
    assert reminders(kind="primary") == {"1 primary": S.PENDING}


def test_one_session_serves_two_windows_that_overlap(case, episode):
    case.give(hours_ago=130)
    first = case.dosing
    case.give(hours_ago=30)
    case.log_session(after(case, 26))
    assert case.dosing.number == 2
    assert reminders(kind="secondary", dosing=first) == {"1 secondary": S.DONE}
    assert reminders(kind="primary", dosing=case.dosing) == {"2 primary": S.DONE}
    assert reminders(kind="secondary", dosing=case.dosing) == {"2 secondary": S.PENDING}


def test_a_session_logged_before_the_dose_was_recorded_counts_too(case, episode):
    planned = case.plan(timezone.now() - 30 * HOUR)
    case.log_session(timezone.now() - 2 * HOUR)
    give(case, planned, given_at=timezone.now() - 30 * HOUR)
    assert reminders(kind="primary") == {"1 primary": S.DONE}


@pytest.mark.parametrize(("released", "state"), [(False, S.PENDING), (True, S.DONE)])
def test_a_reminder_ends_by_a_session_only_where_its_owner_may_know_of_it(
    case, episode, released, state
):
    if released:
        case.active()
    case.give(hours_ago=40)
    case.log_session(after(case, 30), by=case.cast.kaptherapist)
    assert reminders(kind="primary") == {"1 primary": state}


def test_preparation_held_by_the_clinic_answers_its_reminder_and_no_other(case, episode):
    case.give(hours_ago=75)
    case.plan(timezone.now() + 2 * DAY)
    case.prepare()  # two days ago
    assert reminders(kind="preparation")["2 preparation"] == S.PENDING
    preparation.record_preparation(
        by=case.cast.kaptherapist,
        episode=episode,
        form_key=uuid4(),
        content={"held_at": timezone.now(), "intentions": "calm"},
    )
    assert reminders() == {
        "1 preparation": S.CANCELLED,
        "1 primary": S.PENDING,
        "1 secondary": S.PENDING,
        "2 preparation": S.DONE,
    }


def test_who_logs_sessions(case, episode):
    for name, user in case.cast.everybody().items():
        if name in {"therapist", "nurse", "prescriber", "kaptherapist"}:
            case.log_session(timezone.now(), by=user)
        else:
            with pytest.raises(PermissionDenied):
                case.log_session(timezone.now(), by=user)


def test_a_session_lies_in_the_last_month(case, episode):
    for at in (timezone.now() + HOUR, timezone.now() - 32 * DAY):
        refused("at", case.log_session, at)
