"""What the owner of a window says to its reminders, and what becomes of that."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from reminders.actions.owners import see_to, tell_again
from reminders.delivery import _note, _prepare, sweep
from reminders.enums import CancelReason, Outcome, ReminderState, Stage
from reminders.models import Reminder
from sessions.actions.dosing import move_dose
from sessions.actions.windows import set_window
from tests.reminders.sending import change, of, only, round_of, state

S = ReminderState
HOUR = timedelta(hours=1)
AT = datetime(2026, 7, 14, 14, tzinfo=UTC)


def test_whoever_sees_to_it_is_told_once_more_before_it_closes(case, episode):
    given = case.give(hours_ago=25)
    case.active()
    for _ in range(2):
        see_to(by=case.cast.therapist, reminder=of(given))
    assert AuditEvent.objects.filter(event="reminder.seen_to").count() == 1
    halfway, closing = of(given, stage=Stage.HALFWAY), of(given, stage=Stage.CLOSING)
    assert (halfway.state, halfway.cancel_reason) == (S.CANCELLED, CancelReason.SEEN_TO)
    assert closing.state == S.PENDING


def test_told_again_when_they_asked_and_never_past_the_end(case, episode):
    given = case.give(hours_ago=25)
    case.active()
    row, by = of(given), case.cast.therapist
    for hours in (2, 4):
        again = tell_again(by=by, reminder=row, at=timezone.now() + hours * HOUR)
    assert Reminder.objects.filter(stage=Stage.AGAIN).count() == 1
    for at in (row.closes_at, timezone.now() - HOUR):
        with pytest.raises(ValidationError):
            tell_again(by=by, reminder=row, at=at)
    only(row, again)
    change(row, state=S.SENT, state_since=timezone.now() - 7 * HOUR)
    change(again, opens_at=timezone.now() - HOUR)
    round_of()
    assert len(mail.outbox) == 1
    assert "you asked to be reminded" in mail.outbox[0].body


def test_nobody_else_answers_it_and_nobody_who_may_no_longer_know(case, episode):
    given = case.give(hours_ago=25)
    for user in case.cast.everybody().values():
        with pytest.raises(PermissionDenied):  # no release tells even the therapist
            see_to(by=user, reminder=of(given))
    case.active()
    see_to(by=case.cast.therapist, reminder=of(given))


def test_the_buttons_stand_beside_what_was_told(case, episode, signed_in):
    given = case.give(hours_ago=25)
    case.active()
    only(*given.reminders.filter(kind="primary"))
    round_of()
    browser, row = signed_in(case.cast.therapist), of(given)
    page = browser.get("/notifications/").content.decode()
    assert "I see to it" in page
    again = f"/notifications/window/{row.pk}/again/"
    assert browser.post(again, {"at": "2"}).status_code == 302
    assert Reminder.objects.filter(stage=Stage.AGAIN).count() == 1
    assert browser.post(again, {"at": "yesterday"}).status_code == 302
    assert browser.post(f"/notifications/window/{row.pk}/see-to/").status_code == 302
    page = browser.get("/notifications/").content.decode()
    assert "You see to it." in page
    assert "I see to it" not in page
    stranger = signed_in(case.cast.stranger)
    assert stranger.post(f"/notifications/window/{row.pk}/see-to/").status_code == 404


def test_asked_for_again_soon_after_a_mail_it_comes(case, episode):
    given = case.give(hours_ago=25)
    case.active()
    row = of(given)
    only(row)
    change(row, state=S.SENT, state_since=timezone.now() - 2 * HOUR)
    again = tell_again(by=case.cast.therapist, reminder=row, at=timezone.now() + HOUR)
    change(again, opens_at=timezone.now() - HOUR)
    round_of()
    assert state(again) == S.SENT


def test_what_was_asked_for_goes_with_its_window(case, episode):
    """It stands while the window is open then and theirs; a dose that moves away takes it along."""
    planned = case.plan(timezone.now() + 60 * HOUR)
    case.active()
    again = tell_again(
        by=case.cast.therapist, reminder=of(planned, "preparation"), at=timezone.now() + 2 * HOUR
    )
    by = case.cast.prescriber
    move_dose(by=by, dosing=planned, planned_at=timezone.now() + 70 * HOUR)
    assert state(again) == S.PENDING
    move_dose(by=by, dosing=planned, planned_at=timezone.now() + timedelta(days=20))
    assert (state(again), again.cancel_reason) == (S.CANCELLED, CancelReason.DOSE_CHANGED)


def test_hours_of_another_window_touch_nothing_that_is_on_its_way(case, episode):
    given = case.give(hours_ago=25)
    case.active()
    row = of(given)
    only(row)
    [claimed] = sweep()
    sending = _prepare(claimed)
    see_to(by=case.cast.therapist, reminder=row)
    kind = {"kind": "preparation", "opens": -48, "closes": -24}
    set_window(by=case.cast.prescriber, clinic=case.cast.clinic, form_key=uuid4(), **kind)
    _note(sending, Outcome.SENT)
    assert state(row) == S.SENT


def test_what_failed_is_tried_anew_when_its_dose_moves(case, episode):
    planned = case.plan(timezone.now() + 60 * HOUR)
    row = of(planned, "preparation")
    row.attempts.create(number=5, message_id="<1@x>", started_at=timezone.now(), outcome="failed")
    change(row, state=S.FAILED, faults=3, fault="ValueError")
    move_dose(
        by=case.cast.prescriber, dosing=planned, planned_at=timezone.now() + timedelta(days=20)
    )
    row.refresh_from_db()
    assert (row.state, row.tried_before, row.faults, row.fault) == (S.PENDING, 5, 0, "")
