"""To whom a reminder goes: whoever may be told of the dates at the moment of sending."""

import pytest
from django.core import mail

from consent.clock import database_now
from consent.models import Release
from reminders.delivery import deliver, sweep
from reminders.enums import CancelReason, Outcome, ReminderState
from reminders.models import Reminder
from tests.reminders.sending import due_now, round_of, state

S = ReminderState


@pytest.mark.parametrize("kind", ["none", "unsigned", "expired", "other_person", "other_category"])
def test_an_owner_whom_no_release_tells_the_dates_gets_nothing(case, episode, kind):
    case.make_release(kind)
    due = due_now(case)
    assert round_of() == [None]
    assert (state(due), mail.outbox) == (S.CANCELLED, [])
    assert due.cancel_reason == CancelReason.RELEASE_ENDED
    assert sweep() == []


def test_staff_of_the_clinic_need_no_release(case, accepted_referral):
    case.open(integration_owner=case.cast.kaptherapist)
    case.clear()
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
    left = set(Reminder.objects.values_list("kind", "state", "cancel_reason"))
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
