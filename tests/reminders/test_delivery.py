"""Delivery: once, inside the window, to whoever may still be told, with nothing about anybody."""

import socketserver
import threading
from datetime import timedelta
from email import policy
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction

from consent.clock import database_now
from consent.models import Release
from reminders import delivery
from reminders.delivery import LEASE, MOST_ATTEMPTS, deliver, sweep
from reminders.enums import CancelReason, Outcome, ReminderState
from reminders.models import Attempt, Heartbeat, Reminder
from reminders.wording import message_for
from tests.builder import Builder
from tests.factories import CLINIC, CLINIC_SENSITIVE, INTERNAL, LAST_NAME, SENT
from tests.servers import free_port
from tests.smtp import mail_server

S = ReminderState
TICK = timedelta(microseconds=1)
SECRETS = [*CLINIC.values(), *SENT.values(), CLINIC_SENSITIVE, INTERNAL, LAST_NAME, "Robin"]
SECRETS += ["ketamine", "dose", "mg", "Zq", "555 0199", "KC-0"]


@pytest.fixture
def due(case, episode) -> Reminder:
    """The primary reminder of a therapist with a release, its window open for an hour now."""
    case.active()
    return _due(case)


def _due(case: Builder) -> Reminder:
    case.give(hours_ago=25)
    Reminder.objects.exclude(kind="primary").delete()
    return Reminder.objects.get(dosing=case.dosing)


@pytest.fixture
def smtp(settings):
    """Real SMTP to a server of our own, or to wherever `smtp(url)` says."""

    def use(url: str) -> None:
        address = urlsplit(url)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = address.hostname, address.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 5

    return use


def change(reminder: Reminder, **fields) -> None:
    Reminder.objects.filter(pk=reminder.pk).update(**fields)


def state(reminder: Reminder) -> str:
    reminder.refresh_from_db()
    return reminder.state


def round_of() -> list[Outcome | None]:
    return [deliver(pk) for pk in sweep()]


# ---------------------------------------------------------------- when


def test_the_window_is_half_open(due):
    opens, closes = due.opens_at, due.closes_at
    rows = Reminder.objects
    assert [rows.due(at).exists() for at in (opens - TICK, opens)] == [False, True]
    assert [rows.due(at).exists() for at in (closes - TICK, closes)] == [True, False]
    assert [rows.passed(at).exists() for at in (closes - TICK, closes)] == [False, True]


def test_before_the_window_nothing_is_sent_even_if_a_task_comes_early(due):
    change(due, opens_at=database_now() + timedelta(seconds=30))
    assert sweep() == []
    assert deliver(due.pk) is None
    assert (state(due), mail.outbox) == (S.PENDING, [])


def test_after_the_window_it_is_missed_and_not_sent(due):
    [claimed] = sweep()
    change(due, closes_at=database_now(), leased_until=None)
    assert deliver(claimed) is None
    assert sweep() == []
    assert (state(due), mail.outbox) == (S.MISSED, [])


def test_a_sent_one_without_a_session_is_missed_when_the_window_closes(due):
    assert round_of() == [Outcome.SENT]
    change(due, closes_at=database_now())
    sweep()
    assert state(due) == S.MISSED


def test_what_is_overdue_shows_after_five_minutes(due):
    opens = due.opens_at
    assert not Reminder.objects.overdue(opens + timedelta(minutes=5) - TICK).exists()
    assert Reminder.objects.overdue(opens + timedelta(minutes=5)).exists()


def test_each_round_shows_a_sign_of_life(db):
    sweep()
    first = Heartbeat.objects.get(name="sweep").at
    sweep()
    assert Heartbeat.objects.get(name="sweep").at > first


# ---------------------------------------------------------------- once


def test_what_is_claimed_is_claimed_by_nobody_else_until_the_lease_ends(due):
    assert sweep() == [due.pk]
    assert sweep() == []
    due.refresh_from_db()
    assert timedelta() < due.leased_until - database_now() <= LEASE
    change(due, leased_until=database_now())
    assert sweep() == [due.pk]


def test_a_task_that_comes_twice_sends_once(due):
    [claimed] = sweep()
    assert [deliver(claimed), deliver(claimed)] == [Outcome.SENT, None]
    assert len(mail.outbox) == 1
    assert state(due) == S.SENT
    assert Attempt.objects.get().outcome == Outcome.SENT


def test_the_attempt_is_committed_before_the_mail_server_is_spoken_to(due, monkeypatch):
    seen = []
    monkeypatch.setattr(
        delivery, "_send", lambda *_: seen.append(Attempt.objects.get().outcome) or Outcome.SENT
    )
    round_of()
    assert seen == [Outcome.UNKNOWN]


def died_after_committing(reminder: Reminder) -> Attempt:
    """What a worker leaves behind that dies just after the attempt is committed."""
    attempt = delivery._prepare(reminder.pk)
    change(reminder, leased_until=None)
    assert attempt is not None
    return attempt


def test_one_retry_when_the_outcome_is_unknown_with_the_same_message_id(due):
    first = died_after_committing(due)
    assert round_of() == [Outcome.SENT]
    assert mail.outbox[0].message()["Message-ID"] == first.message_id
    assert [a.number for a in Attempt.objects.order_by("number")] == [1, 2]


def test_there_is_no_second_retry_of_an_unknown_outcome(due):
    for _ in range(2):
        died_after_committing(due)
    assert round_of() == [None]
    assert (state(due), mail.outbox) == (S.FAILED, [])
    assert sweep() == []


class _Silent(socketserver.StreamRequestHandler):
    """A mail server that takes the whole message, and goes away without a word."""

    def handle(self):
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            if line.strip().upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while (got := self.rfile.readline()) != b".\r\n":
                    self.server.seen.append(got)
                return
            self.wfile.write(b"250 ok\r\n")


def test_a_server_that_falls_silent_leaves_the_outcome_unknown(due, smtp):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Silent) as server:
        server.seen = []
        threading.Thread(target=server.serve_forever, args=[0.1], daemon=True).start()
        smtp(f"smtp://127.0.0.1:{server.server_address[1]}")
        assert round_of() == [Outcome.UNKNOWN]
        change(due, leased_until=None)
        assert round_of() == [Outcome.UNKNOWN]
        change(due, leased_until=None)
        assert round_of() == [None]
        server.shutdown()
    ids = {line for line in server.seen if line.startswith(b"Message-ID")}
    assert len(ids) == 1
    assert state(due) == S.FAILED


def test_a_server_that_cannot_be_reached_is_tried_again_ever_later(due, smtp):
    smtp(f"smtp://127.0.0.1:{free_port()}")
    for minutes in (1, 2, 4, 8, 16):
        before = database_now()
        assert round_of() == [Outcome.FAILED]
        assert sweep() == []
        due.refresh_from_db()
        wait = due.leased_until - before
        assert timedelta(minutes=minutes) <= wait < timedelta(minutes=minutes, seconds=10)
        change(due, leased_until=None)
    assert Attempt.objects.count() == MOST_ATTEMPTS
    assert round_of() == [None]
    assert state(due) == S.FAILED


# ---------------------------------------------------------------- what it says


def test_the_mail_that_arrives_says_nothing_about_anybody(due, smtp):
    with mail_server() as server:
        smtp(server.url)
        assert round_of() == [Outcome.SENT]
        [kept] = server.kept
    text = kept.as_string(policy=policy.default)
    assert kept["To"] == "tess.therapist@example.org"
    assert kept["Message-ID"] == Attempt.objects.get().message_id
    assert "/worklist/" in kept.get_content()
    assert [secret for secret in SECRETS if secret.lower() in _without_encoding(text)] == []


def _without_encoding(text: str) -> str:
    """The lines a person reads; the id and the boundary are random letters."""
    return "\n".join(
        line for line in text.lower().splitlines() if not line.startswith("message-id")
    )


def test_the_wording_is_the_same_for_every_client_and_window(due, case):
    first = message_for(due)
    due.kind = "secondary"
    assert message_for(due) == first


def test_the_log_of_a_failure_names_nobody(due, smtp, caplog):
    smtp(f"smtp://127.0.0.1:{free_port()}")
    round_of()
    assert caplog.text
    assert "@" not in caplog.text
    assert "Tess" not in caplog.text


# ---------------------------------------------------------------- to whom


@pytest.mark.parametrize("kind", ["none", "unsigned", "expired", "other_person", "other_category"])
def test_an_owner_whom_no_release_tells_the_dates_gets_nothing(case, episode, kind):
    case.make_release(kind)
    due = _due(case)
    assert round_of() == [None]
    assert (state(due), mail.outbox) == (S.CANCELLED, [])
    assert due.cancel_reason == CancelReason.RELEASE_ENDED
    assert sweep() == []


def test_staff_of_the_clinic_need_no_release(case, accepted_referral):
    case.open(integration_owner=case.cast.kaptherapist)
    case.clear()
    _due(case)
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
    due = _due(case)
    case.revoke(first)
    assert state(due) == S.PENDING
    assert round_of() == [Outcome.SENT]


def test_a_release_that_ends_between_claim_and_sending_stops_it(due, case):
    [claimed] = sweep()
    case.revoke(Release.objects.get())
    assert deliver(claimed) is None
    assert mail.outbox == []


# ---------------------------------------------------------------- from cron, and side by side


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
    Reminder.objects.exclude(kind="primary").delete()
    return set(Reminder.objects.values_list("pk", flat=True))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_worker_passes_by_what_another_is_claiming(many):
    claimed: list[list[int]] = []
    with transaction.atomic():
        held = set(
            Reminder.objects.select_for_update().order_by("pk").values_list("pk", flat=True)[:4]
        )
        in_threads(1, lambda: claimed.append(sweep()))
        assert set(claimed[0]) == many - held
    assert set(sweep()) == held


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_claim_everything_once(many):
    begin, claimed = threading.Barrier(4), []

    def claim():
        begin.wait(10)
        while found := sweep(limit=2):
            claimed.extend(found)

    in_threads(4, claim)
    assert sorted(claimed) == sorted(many)


def test_on_any_engine_threads_together_send_each_once(transactional_db, many):
    in_threads(3, lambda: call_command("send_due_reminders", stdout=StringIO()))
    assert len(mail.outbox) == len(many)
    assert set(Reminder.objects.values_list("state", flat=True)) == {S.SENT}
