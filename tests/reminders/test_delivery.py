"""Delivery: once, inside the window, to whoever may still be told, with nothing about anybody."""

import socketserver
import threading
from datetime import timedelta
from email import policy
from uuid import uuid4

from django.core import mail

from consent.clock import database_now
from reminders import delivery
from reminders.actions.reminding import write_reminders
from reminders.delivery import LEASE, MOST_ATTEMPTS, deliver, sweep
from reminders.enums import Outcome, ReminderState
from reminders.models import Attempt, Heartbeat, Reminder
from reminders.wording import of_reminder
from tests.factories import CLINIC, CLINIC_SENSITIVE, INTERNAL, LAST_NAME, SENT
from tests.reminders.sending import change, round_of, state
from tests.servers import free_port
from tests.smtp import mail_server

S = ReminderState
TICK = timedelta(microseconds=1)
SECRETS = [*CLINIC.values(), *SENT.values(), CLINIC_SENSITIVE, INTERNAL, LAST_NAME, "Robin"]
SECRETS += ["ketamine", "dose", "mg", "Zq", "555 0199", "KC-0"]


# ---------------------------------------------------------------- when


def test_the_window_is_half_open(due):
    opens, closes = due.opens_at, due.closes_at
    rows = Reminder.objects
    assert [rows.due(at).exists() for at in (opens - TICK, opens)] == [False, True]
    assert [rows.due(at).exists() for at in (closes - TICK, closes)] == [True, False]
    assert [rows.missed(at).exists() for at in (closes - TICK, closes)] == [False, True]


def test_before_the_window_nothing_is_sent_even_if_a_task_comes_early(due):
    [claimed] = sweep()
    change(due, opens_at=database_now() + timedelta(seconds=30))
    assert sweep() == []
    assert deliver(claimed) is None
    assert (state(due), mail.outbox) == (S.PENDING, [])


def test_after_the_window_it_is_missed_and_not_sent(due):
    [claimed] = sweep()
    change(due, closes_at=database_now(), leased_until=None)
    assert deliver(claimed) is None
    assert {claim.kind for claim in sweep()} == {"letter"}  # the coordinators are told
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
    [claim] = sweep()
    assert (claim.kind, claim.pk) == ("reminder", due.pk)
    assert sweep() == []
    due.refresh_from_db()
    assert timedelta() < due.leased_until - database_now() <= LEASE
    change(due, leased_until=database_now())
    assert [each.pk for each in sweep()] == [due.pk]


def test_only_whoever_holds_the_lease_sends(due):
    [late] = sweep()
    change(due, leased_until=database_now())
    [holder] = sweep()
    assert late.pk == holder.pk
    assert deliver(late) is None
    assert (mail.outbox, Attempt.objects.count()) == ([], 0)
    assert deliver(late._replace(lease=str(uuid4()))) is None
    assert deliver(holder) == Outcome.SENT


def test_a_task_that_comes_twice_at_one_moment_sends_once(due, monkeypatch):
    """The second comes while the first speaks to the mail server."""
    [claimed] = sweep()
    again, send = [], delivery._send

    def slow(*args):
        again.append(deliver(claimed))
        return send(*args)

    monkeypatch.setattr(delivery, "_send", slow)
    assert deliver(claimed) == Outcome.SENT
    assert (again, len(mail.outbox), Attempt.objects.count()) == ([None], 1, 1)


def test_a_dose_that_changes_while_its_mail_is_on_the_way_is_told_again(due, monkeypatch):
    send = delivery._send

    def meanwhile(*args):
        due.dosing.given_at -= timedelta(minutes=1)
        write_reminders(due.dosing)
        return send(*args)

    monkeypatch.setattr(delivery, "_send", meanwhile)
    assert round_of() == [Outcome.SENT]
    assert state(due) == S.PENDING


def test_what_is_being_sent_is_not_claimed_by_a_round_meanwhile(due, monkeypatch):
    [claimed] = sweep()
    change(due, leased_until=database_now())  # it waited in the queue for as long as its lease
    found, send = [], delivery._send
    monkeypatch.setattr(delivery, "_send", lambda *args: found.append(sweep()) or send(*args))
    assert deliver(claimed) == Outcome.SENT
    assert found == [[]]


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
    [claimed] = sweep()
    prepared = delivery._prepare(claimed)
    change(reminder, leased_until=None)
    assert prepared is not None
    return prepared.attempt


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
    first = of_reminder(due)
    due.kind = "secondary"
    assert of_reminder(due) == first


def test_the_log_of_a_failure_names_nobody(due, smtp, caplog):
    smtp(f"smtp://127.0.0.1:{free_port()}")
    round_of()
    assert caplog.text
    assert "@" not in caplog.text
    assert "Tess" not in caplog.text
