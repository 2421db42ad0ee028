"""What cannot be sent is set aside, and stops nobody else's mail. What time allows, it is given."""

from datetime import timedelta

import pytest
from celery.signals import beat_init
from django.conf import settings
from django.core import mail
from django.db import OperationalError
from kombu.exceptions import OperationalError as BrokerAway

from consent.clock import database_now
from kapcare.celery import app
from reminders import delivery, tasks, upkeep
from reminders.delivery import BATCH, LEASE, MOST_FAULTS, claim, deliver, sweep
from reminders.enums import Outcome, ReminderState
from reminders.models import Attempt, Reminder
from tests.reminders.sending import change, round_of, state

S = ReminderState


@pytest.fixture
def two(due, case) -> tuple[Reminder, Reminder]:
    case.give(hours_ago=26)
    Reminder.objects.exclude(kind="primary", stage="opening").delete()
    good = Reminder.objects.exclude(pk=due.pk).get()
    change(good, owner=case.cast.kaptherapist)  # nobody is told of both
    return due, good


def spoil(monkeypatch, bad: Reminder, error: Exception) -> None:
    """From now on the words of this one reminder cannot be made."""
    of_reminder = delivery.KINDS["reminder"].wording

    def wording(row):
        if row.pk == bad.pk:
            raise error
        return of_reminder(row)

    kind = delivery.KINDS["reminder"]._replace(wording=wording)
    monkeypatch.setitem(delivery.KINDS, "reminder", kind)


def test_a_poison_row_is_set_aside_after_three_faults_and_stops_nobody(two, monkeypatch, caplog):
    bad, good = two
    spoil(monkeypatch, bad, ValueError("tess.therapist@example.org"))
    assert sorted(map(str, round_of())) == sorted(map(str, (None, Outcome.SENT)))
    assert state(good) == S.SENT
    for faults in range(1, MOST_FAULTS):
        bad.refresh_from_db()
        assert (bad.faults, bad.fault, bad.state, bad.lease) == (
            faults,
            "ValueError",
            S.PENDING,
            None,
        )
        wait = bad.leased_until - database_now()
        assert timedelta(seconds=50) < wait - timedelta(minutes=2 ** (faults - 1) - 1)
        assert sweep() == []
        change(bad, leased_until=None)
        assert round_of() == [None]
    bad.refresh_from_db()
    assert (bad.state, bad.faults, bad.fault) == (S.FAILED, MOST_FAULTS, "ValueError")
    assert (bad.lease, bad.leased_until) == (None, None)
    assert sweep() == []
    assert not bad.attempts.exists()  # nothing was ever sent, and nothing claims so
    assert "@" not in caplog.text


def test_a_check_that_raises_is_a_fault_of_its_row_too(due, monkeypatch):
    kind = delivery.KINDS["reminder"]
    monkeypatch.setitem(delivery.KINDS, "reminder", kind._replace(obstacle=lambda *_: 1 / 0))
    assert round_of() == [None]
    due.refresh_from_db()
    assert (due.faults, due.fault) == (1, "ZeroDivisionError")


def test_a_database_that_is_away_is_nobodys_fault(due, monkeypatch):
    spoil(monkeypatch, due, OperationalError())
    [claimed] = sweep()
    with pytest.raises(OperationalError):
        deliver(claimed)
    due.refresh_from_db()
    assert (due.faults, due.state) == (0, S.PENDING)


def test_what_cannot_be_put_into_a_mail_is_a_failed_attempt(due, monkeypatch):
    kind = delivery.KINDS["reminder"]
    broken = kind._replace(wording=lambda row: ("Two\nlines", "text"))
    monkeypatch.setitem(delivery.KINDS, "reminder", broken)
    assert round_of() == [Outcome.FAILED]
    tried = Attempt.objects.get()
    assert (tried.outcome, tried.error) == (Outcome.FAILED, "BadHeaderError")
    assert state(due) == S.PENDING


def test_an_attempt_says_why_by_the_class_alone(due, smtp):
    smtp("smtp://127.0.0.1:1")
    assert round_of() == [Outcome.FAILED]
    assert Attempt.objects.get().error == "ConnectionRefusedError"


def test_a_connection_that_took_too_long_sends_nothing_beside_another(due, monkeypatch):
    monkeypatch.setattr(delivery, "LEASE", timedelta(seconds=-1))
    [claimed] = sweep()
    assert deliver(claimed) == Outcome.FAILED
    assert (mail.outbox, Attempt.objects.get().error) == ([], "TimeoutError")


def test_what_is_told_anew_is_tried_anew(due):
    """A dose that is moved again and again uses up no attempts, and each mail is another."""
    for _ in range(delivery.MOST_ATTEMPTS + 1):
        assert round_of() == [Outcome.SENT]
        change(due, state=S.PENDING)
    ids = Attempt.objects.values_list("message_id", flat=True)
    assert len(set(ids)) == len(mail.outbox) == delivery.MOST_ATTEMPTS + 1


def test_upkeep_that_fails_stops_no_mail(due, monkeypatch, caplog):
    def broken(now):
        raise ValueError("Tess")

    monkeypatch.setattr(upkeep, "STEPS", (broken, *upkeep.STEPS))
    assert round_of() == [Outcome.SENT]
    assert "broken failed, ValueError" in caplog.text
    assert "Tess" not in caplog.text


def test_nothing_is_begun_that_might_arrive_after_its_window(due):
    [claimed] = sweep()
    change(due, closes_at=database_now() + delivery.LONGEST)
    assert deliver(claimed) is None
    assert (mail.outbox, due.attempts.count()) == ([], 0)
    change(due, closes_at=database_now() + delivery.LONGEST + timedelta(seconds=30))
    assert deliver(claimed) == Outcome.SENT


# ---------------------------------------------------------------- sharing the work


def test_a_full_batch_asks_for_help_and_what_is_not_begun_is_given_back(two, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.send_some, "apply_async", lambda **how: asked.append(how))
    monkeypatch.setattr(tasks, "BATCH", 2)
    monkeypatch.setattr(settings, "HOLD_SECONDS", 5)
    monkeypatch.setattr(tasks, "monotonic", iter([0, 0, 9, 9]).__next__)
    tasks.send_some()
    assert [each["retry"] for each in asked] == [False]
    assert mail.outbox == []
    assert len(claim()) == 2  # at once, and not after the lease


def test_one_goes_on_alone_although_the_broker_forgets_the_others(two, monkeypatch):
    monkeypatch.setattr(tasks.send_some, "apply_async", lambda **how: None)
    monkeypatch.setattr(tasks, "BATCH", 1)
    monkeypatch.setattr(tasks, "claim", lambda: claim(1))
    tasks.send_some()
    assert len(mail.outbox) == 2


def test_a_batch_that_is_not_full_goes_out_alone(two, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.send_some, "apply_async", lambda **how: asked.append(how))
    tasks.send_some()
    assert (asked, len(mail.outbox)) == ([], 2)
    assert len(two) < BATCH


def test_a_round_sends_although_the_broker_is_away(due, monkeypatch):
    def away(**how):
        raise BrokerAway

    monkeypatch.setattr(tasks.send_some, "apply_async", away)
    tasks.send_due()
    assert sweep()[0].pk == due.pk


def test_a_beat_begins_with_a_round(monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.send_due, "apply_async", lambda **how: asked.append(how))
    beat_init.send(sender=None)
    assert len(asked) == 1


def test_how_long_delivery_may_take():
    """What a killed worker held is out within two minutes; nobody sends beside one that lives."""
    lease = LEASE.total_seconds()
    assert lease == settings.LEASE_SECONDS
    assert lease + settings.SWEEP_SECONDS < 120
    assert tasks.send_some.time_limit == settings.SEND_SECONDS < lease
    assert lease / 4 + 4 * settings.EMAIL_TIMEOUT < lease
    assert settings.HOLD_SECONDS < settings.SEND_SECONDS
    assert tasks.send_due.time_limit > settings.SEND_SECONDS


def test_worker_and_beat_come_back_however_long_the_broker_is_away():
    conf = app.conf
    assert conf.broker_connection_retry
    assert conf.broker_connection_retry_on_startup
    assert conf.broker_connection_max_retries is None
    assert conf.task_ignore_result
    assert not conf.result_backend
    for entry in conf.beat_schedule.values():
        assert not {"countdown", "eta"} & set(entry["options"])
