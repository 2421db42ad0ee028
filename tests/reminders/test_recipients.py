"""To whom a reminder goes: whoever may be told of the dates at the moment of sending."""

from datetime import timedelta

import pytest
from django.core import mail

from consent.clock import database_now
from consent.models import Release
from reminders.delivery import deliver, sweep
from reminders.enums import CancelReason, Outcome, ReminderState
from reminders.models import Reminder
from sessions.actions import dosing
from tests.reminders.sending import change, due_now, round_of, state

S = ReminderState


@pytest.mark.parametrize("kind", ["none", "unsigned", "expired", "other_person", "other_category"])
def test_an_owner_whom_no_release_tells_the_dates_gets_nothing(case, episode, kind):
    case.make_release(kind)
    due = due_now(case)
    assert Outcome.SENT not in round_of()
    assert (state(due), mail.outbox) == (S.CANCELLED, [])
    assert due.cancel_reason == CancelReason.RELEASE_ENDED
    assert sweep() == []


def test_staff_of_the_clinic_need_no_release(case, accepted_referral):
    case.open(integration_owner=case.cast.kaptherapist)
    case.clear_in_time()
    case.agree()
    due_now(case)
    assert round_of() == [Outcome.SENT]
    assert mail.outbox[0].to == ["kai.kaptherapist@example.org"]


@pytest.mark.parametrize("how", ["inactive", "left"])
def test_somebody_who_is_gone_gets_nothing(due, case, how):
    user = case.cast.therapist
    if how == "inactive":
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    else:
        user.memberships.update(ended_at=database_now())
    assert round_of() == [None]
    assert (state(due), mail.outbox) == (S.CANCELLED, [])


def test_revoking_cancels_what_waits_for_the_recipient(case, episode):
    release = case.active()
    case.give(hours_ago=25)
    case.revoke(release)
    left = set(Reminder.objects.of_windows().values_list("kind", "state", "cancel_reason"))
    assert {(kind, "cancelled", "release_ended") for kind in ("primary", "secondary")} <= left
    assert round_of() == []


def test_revoking_leaves_what_another_release_still_permits(case, episode):
    first, _ = case.active(), case.active()
    due = due_now(case)
    case.revoke(first)
    assert state(due) == S.PENDING
    assert round_of() == [Outcome.SENT]


def test_a_release_that_ends_between_claim_and_sending_stops_it(due, case):
    [claimed] = sweep()
    case.revoke(Release.objects.get())
    assert deliver(claimed) is None
    assert mail.outbox == []


# ---------------------------------------------------------------- a release signed meanwhile


def cancelled_for_want_of_a_release(case) -> Reminder:
    due = due_now(case)
    round_of()
    assert state(due) == S.CANCELLED
    return due


def test_a_release_signed_inside_the_window_brings_the_reminder_back(case, episode):
    due = cancelled_for_want_of_a_release(case)
    case.active()
    assert (state(due), due.cancel_reason) == (S.PENDING, "")
    assert round_of() == [Outcome.SENT]
    assert mail.outbox[0].to == ["tess.therapist@example.org"]


@pytest.mark.parametrize("kind", ["unsigned", "future", "other_person", "other_category"])
def test_a_release_that_does_not_tell_the_owner_the_dates_brings_nothing_back(case, episode, kind):
    due = cancelled_for_want_of_a_release(case)
    case.make_release(kind)
    assert state(due) == S.CANCELLED


def test_what_is_over_stays_cancelled(case, episode):
    due = cancelled_for_want_of_a_release(case)
    change(due, closes_at=database_now())
    case.active()
    assert state(due) == S.CANCELLED


def test_a_session_that_was_held_meanwhile_has_answered_it(case, episode):
    due = cancelled_for_want_of_a_release(case)
    case.log_session(database_now() - timedelta(minutes=5), by=case.cast.kaptherapist)
    case.active()
    assert state(due) == S.DONE


def test_a_cancelled_dose_is_not_reminded_of_again(case, episode):
    planned = case.plan(database_now() + timedelta(hours=48))
    round_of()
    due = Reminder.objects.of_windows().get(dosing=planned, kind="preparation")
    assert due.cancel_reason == CancelReason.RELEASE_ENDED
    dosing.cancel_dose(by=case.cast.prescriber, dosing=planned)
    case.active()
    assert state(due) == S.CANCELLED
