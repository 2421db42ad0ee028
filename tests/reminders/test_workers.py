"""Delivery from cron, and by workers side by side."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction

from consent.clock import database_now
from kapcare.demo.past import sign_in_the_past
from people.enums import Role
from reminders.delivery import Claim, deliver, sweep
from reminders.enums import Outcome, ReminderState
from reminders.models import Letter, Reminder
from tests.builder import Builder
from tests.factories import make_user
from tests.servers import free_port

S = ReminderState


def test_the_command_sends_what_is_due_without_a_broker(due):
    said = StringIO()
    call_command("send_due_reminders", stdout=said)
    call_command("send_due_reminders", stdout=said)
    assert said.getvalue() == "1 sent\n0 sent\n"
    assert len(mail.outbox) == 1


def test_the_command_ends_when_the_mail_server_is_away(due, smtp):
    smtp(f"smtp://127.0.0.1:{free_port()}")
    said = StringIO()
    call_command("send_due_reminders", stdout=said)
    assert said.getvalue() == "0 sent\n"


def in_threads(number: int, work) -> None:
    def run():
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def many(cast) -> set[int]:
    case = Builder(cast)
    case.begin_care()
    case.active()
    for _ in range(12):
        case.give(hours_ago=25)
    Reminder.objects.exclude(kind="primary", stage="opening").delete()
    for row in Reminder.objects.all():  # nobody is told twice of what one session can serve
        owner = make_user(f"Owner {row.pk}", Role.KAP_THERAPIST, cast.clinic)
        Reminder.objects.filter(pk=row.pk).update(owner=owner)
    return set(Reminder.objects.values_list("pk", flat=True))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_worker_passes_by_what_another_is_claiming(many):
    claimed: list[list[Claim]] = []
    with transaction.atomic():
        held = set(
            Reminder.objects.select_for_update().order_by("pk").values_list("pk", flat=True)[:4]
        )
        in_threads(1, lambda: claimed.append(sweep()))
        assert {claim.pk for claim in claimed[0]} == many - held
    assert {claim.pk for claim in sweep()} == held


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_claim_everything_once(many):
    begin, claimed = threading.Barrier(4), []

    def claim():
        begin.wait(10)
        while found := sweep(limit=2):
            claimed.extend(found)

    in_threads(4, claim)
    assert sorted(claim.pk for claim in claimed) == sorted(many)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_task_that_comes_to_two_workers_at_one_moment_sends_once(many):
    [claim, *_] = sweep()
    begin, outcomes = threading.Barrier(2), []

    def send():
        begin.wait(10)
        outcomes.append(deliver(claim))

    in_threads(2, send)
    assert set(outcomes) == {Outcome.SENT, None}
    assert len(mail.outbox) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_that_keep_up_side_by_side_tell_each_once(cast):
    case = Builder(cast)
    case.send(safe_contact="email", email="someone@example.org")
    now = database_now()
    for until in (now + timedelta(days=5), now - timedelta(seconds=1)):
        release = case.unsigned()
        sign_in_the_past(release, signed_at=now - timedelta(days=100), until=until)
    in_threads(4, sweep)
    kinds = Letter.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["ending", "ending", "receipt"]


def test_on_any_engine_threads_together_send_each_once(transactional_db, many):
    in_threads(3, lambda: call_command("send_due_reminders", stdout=StringIO()))
    assert len(mail.outbox) == len(many)
    assert set(Reminder.objects.values_list("state", flat=True)) == {S.SENT}
