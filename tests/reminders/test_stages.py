"""When the owner of a window is told, again, and when no more; and what waits before a dose."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from consent.clock import database_now
from reminders.delivery import _prepare, deliver, sweep
from reminders.enums import CancelReason, ReminderState, Stage
from reminders.models import Letter, Notification, Reminder
from reminders.stages import before_dose, stages_of
from reminders.upkeep import keep_up
from sessions.actions.dosing import cancel_dose, move_dose
from sessions.actions.integration import mark_session_in_error
from sessions.windows import HOURS, WindowKind, window
from tests.reminders.sending import change, of, only, round_of, state
from tests.sessions.booking import book

S = ReminderState
HOUR = timedelta(hours=1)
AT = datetime(2026, 7, 14, 14, tzinfo=UTC)


# ---------------------------------------------------------------- the hours of each
@pytest.mark.parametrize("kind", [WindowKind.PREPARATION, WindowKind.PRIMARY, WindowKind.SECONDARY])
def test_each_message_lies_inside_its_window_and_the_last_begins_before_it_closes(kind):
    whole = window(kind, 1, AT)
    spans = stages_of(whole)
    assert spans[Stage.OPENING] == (whole.opens_at, whole.closes_at)
    middle, last = spans[Stage.HALFWAY], spans[Stage.CLOSING]
    assert middle[0] - whole.opens_at == (whole.closes_at - whole.opens_at) / 2
    assert middle[0] < middle[1] == last[0] < last[1] == whole.closes_at
    assert timedelta() < whole.closes_at - last[0] <= 12 * HOUR


def test_the_shortest_window_has_its_messages_too():
    spans = stages_of(window(WindowKind.PRIMARY, 1, AT, {**HOURS, WindowKind.PRIMARY: (24, 26)}))
    assert all(opens < closes for opens, closes in spans.values())


def test_before_a_dose():
    spans = before_dose(AT)
    assert spans["check_in"] == (AT - 48 * HOUR, AT - 3 * HOUR)
    assert spans["questions"] == (AT - 72 * HOUR, AT)


# ---------------------------------------------------------------- rows follow the dose
def test_a_moved_and_a_cancelled_dose_take_everything_with_them(case, episode):
    planned = case.plan(timezone.now() + timedelta(days=5))
    rows = {(r.kind, r.stage): r.opens_at for r in planned.reminders.all()}
    assert {kind for kind, _ in rows} == {"preparation", "check_in", "questions"}
    assert len(rows) == 5
    by, at = case.cast.prescriber, planned.planned_at + timedelta(days=1)
    move_dose(by=by, dosing=planned, planned_at=at)
    moved = {(r.kind, r.stage): r.opens_at for r in planned.reminders.all()}
    assert moved == {key: at + timedelta(days=1) for key, at in rows.items()}
    cancel_dose(by=by, dosing=planned)
    assert {r.state for r in planned.reminders.all()} == {S.CANCELLED}


def test_a_dose_recorded_late_tells_of_what_is_still_open_once(case, episode):
    given = case.give(hours_ago=40)  # its primary window closes in 8 hours
    rows = given.reminders.filter(kind="primary")
    assert {r.stage: r.opens_at <= database_now() for r in rows} == {
        Stage.OPENING: True,
        Stage.HALFWAY: True,
        Stage.CLOSING: False,
    }
    only(*rows)
    case.active()
    while round_of():
        pass
    Reminder.objects.update(held_until=None)
    while round_of():
        pass
    assert len(mail.outbox) == 1
    assert of(given, stage=Stage.HALFWAY).cancel_reason == CancelReason.TOGETHER


def test_a_session_answers_whatever_else_would_be_said(case, episode):
    given = case.give(hours_ago=30)
    case.active(in_categories=["schedule"])
    session = case.log_session(timezone.now() - HOUR, by=case.cast.therapist)
    assert of(given).state == S.DONE
    others = given.reminders.filter(kind="primary").exclude(stage=Stage.OPENING)
    assert {(r.state, r.cancel_reason) for r in others} == {(S.CANCELLED, CancelReason.ANSWERED)}
    by = case.cast.therapist
    mark_session_in_error(by=by, session=session, reason="Another client")
    assert {r.state for r in given.reminders.filter(kind="primary")} == {S.PENDING}


# ---------------------------------------------------------------- never twice
def test_one_session_for_two_windows_is_told_of_once(case, episode):
    """Preparation for the next dose opens while integration of the last is open."""
    given = case.give(hours_ago=25)
    planned = case.plan(given.given_at + timedelta(days=3))
    case.active()
    rows = of(given), of(planned, "preparation")
    only(*rows)
    round_of()
    Reminder.objects.update(held_until=None)  # the second waits until the first is through
    round_of()
    assert len(mail.outbox) == 1
    assert [state(row) for row in rows] == [S.SENT, S.SENT]
    told = Reminder.objects.filter(told_together=True).get()
    assert told.attempts.count() == 0
    assert Notification.objects.filter(kind="window").count() == 2  # in the portal both stand


def test_one_that_closes_sooner_than_what_was_told_is_told_of(case, episode):
    """Consolidation of the last dose is open when the first day after this one begins."""
    last = case.give(hours_ago=100)
    given = case.give(hours_ago=25)
    case.active()
    rows = of(last, "secondary"), of(given)
    only(*rows)
    change(rows[0], state=S.SENT, state_since=timezone.now() - HOUR)
    assert rows[1].closes_at < rows[0].closes_at
    round_of()
    assert len(mail.outbox) == 1
    assert not Reminder.objects.filter(told_together=True).exists()


def test_windows_that_no_session_serves_together_are_told_of_apart(case, episode):
    given = case.give(hours_ago=25)
    planned = case.plan(given.given_at + 58 * HOUR)  # they share ten hours
    case.active()
    only(of(given), of(planned, "preparation"))
    round_of()
    Reminder.objects.update(held_until=None)
    round_of()
    assert len(mail.outbox) == 2


def test_one_on_its_way_decides_about_the_other(case, episode):
    """Two workers at one moment do not tell of both: the second waits for how the first goes."""
    given = case.give(hours_ago=25)
    planned = case.plan(given.given_at + timedelta(days=3))
    case.active()
    first, second = of(given), of(planned, "preparation")
    only(first, second)
    claims = sweep()
    assert _prepare(claims[0]) is not None
    assert deliver(claims[1]) is None
    held = Reminder.objects.exclude(pk=claims[0].pk).get()
    assert (held.state, held.held_until is not None) == (S.PENDING, True)


# ---------------------------------------------------------------- missed
def test_a_missed_window_goes_to_the_coordinator_once(case, episode):
    given = case.give(hours_ago=25)
    row = of(given)
    only(row)
    change(row, closes_at=database_now())
    round_of()
    round_of()
    letter = Letter.objects.get(kind="missed")
    assert letter.user == case.cast.coordinator
    assert state(row) == S.MISSED
    assert Notification.objects.filter(kind="window_missed", user=letter.user).count() == 1


def test_what_was_answered_late_is_not_passed_on(case, episode):
    given = case.give(hours_ago=25)
    row = of(given)
    only(row)
    change(row, closes_at=database_now())
    keep_up(database_now())
    letter = Letter.objects.get(kind="missed")
    change(row, state=S.DONE)
    round_of()
    assert (state(letter), letter.cancel_reason) == (S.CANCELLED, CancelReason.ANSWERED)


# ---------------------------------------------------------------- before a dose
def test_a_check_in_is_asked_for_where_the_clinic_can_read_it(case, episode):
    planned = case.plan(timezone.now() + 30 * HOUR)
    case.active(in_categories=["themes", "schedule"])
    row = of(planned, "check_in")
    only(row)
    assert row.owner == case.cast.therapist
    round_of()
    assert state(row) == S.SENT
    assert "before an appointment" in mail.outbox[0].body


def test_no_check_in_where_no_release_carries_it(case, episode):
    planned = case.plan(timezone.now() + 30 * HOUR)
    case.active(in_categories=["history"])
    row = of(planned, "check_in")
    only(row)
    round_of()
    assert (state(row), row.cancel_reason) == (S.CANCELLED, CancelReason.RELEASE_ENDED)


def test_questionnaires_are_asked_for_unless_they_were_answered_lately(case, episode):
    planned = case.plan(timezone.now() + 30 * HOUR)
    row = of(planned, "questions")
    only(row)
    assert row.owner == planned.planned_by
    round_of()
    assert state(row) == S.SENT


# ---------------------------------------------------------------- booked
def test_half_way_nobody_is_told_where_a_session_is_booked(case, episode):
    given = case.give(hours_ago=36.5)
    case.active(in_categories=["schedule"])
    row = of(given, stage=Stage.HALFWAY)
    only(of(given), row)
    change(of(given), state=S.SENT, state_since=timezone.now() - 12 * HOUR)
    booked = book(case, by=case.cast.therapist, dosing=given, starts_at=given.given_at + 40 * HOUR)
    assert booked.window == "primary"
    round_of()
    assert (state(row), row.cancel_reason) == (S.CANCELLED, CancelReason.BOOKED)


def test_half_way_they_are_told_where_nothing_is_booked(case, episode):
    given = case.give(hours_ago=36.5)
    case.active()
    row = of(given, stage=Stage.HALFWAY)
    only(of(given), row)
    change(of(given), state=S.SENT, state_since=timezone.now() - 12 * HOUR)
    round_of()
    assert state(row) == S.SENT
    assert "nothing is booked" in mail.outbox[0].body
