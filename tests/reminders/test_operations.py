"""The administrator sees whether mail goes out, and sends again what did not. Nobody is named but
staff, and no other house is counted."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consent.clock import database_now
from people.enums import OrganizationKind, Role
from reminders.enums import LetterKind, Outcome, ReminderState
from reminders.models import Attempt, Heartbeat, Letter, Reminder
from reminders.operations import reading
from reminders.operations.actions import resend
from tests.factories import LAST_NAME, make_organization, make_user
from tests.reminders.sending import change, round_of, state
from tests.servers import free_port

S = ReminderState
PAGE = reverse("reminders:operations")


def fail(due: Reminder) -> None:
    """The mail server's silence, twice: it is not known whether it went out."""
    for number in (1, 2):
        due.attempts.create(number=number, message_id="<one@kapcare>", started_at=database_now())
    change(due, state=S.FAILED, state_since=database_now())


def link(message) -> str:
    return reverse("reminders:resend", args=[message._meta.model_name, message.pk])


def letters(case, number: int, **fields) -> list[Letter]:
    """News for the nurse that could not be sent, each a minute older than the one before it."""
    now = database_now()
    made = [
        Letter.objects.create(
            kind=LetterKind.NEWS,
            user=case.cast.nurse,
            opens_at=now - timedelta(hours=2),
            closes_at=now + timedelta(days=1),
            state=S.FAILED,
            **fields,
        )
        for _ in range(number)
    ]
    for age, letter in enumerate(made):
        change(letter, state_since=now - timedelta(minutes=age))
    return made


# ---------------------------------------------------------------- the page


def test_what_failed_stands_there_without_a_clients_name(due, case, administrator, signed_in):
    Heartbeat.objects.create(name="sweep", at=timezone.now())
    fail(due)
    Attempt.objects.filter(number=1).update(error="TimeoutError")
    text = signed_in(administrator).get(PAGE).content.decode()
    assert "Running" in text
    assert str(due.owner) in text
    assert "twice it is not known whether it went out" in text
    assert "not known, the mail server took too long (TimeoutError)" in text
    assert "not known, the sender ended before the answer" in text
    assert link(due) in text
    for secret in (LAST_NAME, "ketamine", "24–48", "@example", case.client.number):
        assert secret not in text


def test_a_clients_receipt_names_the_release_alone(case, referral, administrator, signed_in):
    case.client.safe_contact, case.client.email = "email", "robin@example.org"
    case.client.save()
    release = case.active()
    from consent.actions.receipts import give_receipt
    from consent.enums import ReceiptKind

    receipt = give_receipt(release, ReceiptKind.EXPIRED, at=timezone.now())
    letter = Letter.objects.filter(receipt=receipt).first() or Letter.objects.create(
        kind=LetterKind.RECEIPT,
        receipt=receipt,
        opens_at=database_now() - timedelta(minutes=1),
        closes_at=database_now() + timedelta(days=1),
    )
    change(letter, state=S.FAILED, state_since=database_now(), fault="ValueError")
    text = signed_in(administrator).get(PAGE).content.decode()
    assert f"A client (release {release.number})" in text
    assert "could not be prepared (ValueError)" in text
    assert LAST_NAME not in text
    assert "robin@" not in text


def test_what_waits_and_what_is_overdue_is_counted(due, case, administrator, signed_in):
    text = signed_in(administrator).get(PAGE).content.decode()
    assert "No round has run yet" in text
    assert '<span class="kc-tile__n">1</span><span class="kc-tile__l">Overdue' in text
    assert "Goes out with the next round." in text
    assert "Everything went out" in text
    change(due, leased_until=database_now() + timedelta(minutes=3, seconds=30), faults=2)
    assert "Tried again in 3 min." in signed_in(administrator).get(PAGE).content.decode()


def test_a_round_that_is_long_ago_is_said(case, administrator, signed_in):
    Heartbeat.objects.create(name="sweep", at=timezone.now() - timedelta(hours=1))
    text = signed_in(administrator).get(PAGE).content.decode()
    assert "The sending seems to have stopped" in text
    assert "Nothing waits" in text


def test_what_was_sent_and_had_no_session_is_no_failure_of_mail(due, case):
    clinic = case.cast.clinic
    change(due, state=S.MISSED)
    assert [row.message for row in reading.unsent(clinic, database_now()).lines] == [due]
    due.attempts.create(number=1, message_id="<x>", started_at=due.opens_at, outcome=Outcome.SENT)
    assert reading.unsent(clinic, database_now()).lines == []
    change(due, state=S.FAILED, state_since=database_now() - timedelta(days=15))
    assert reading.unsent(clinic, database_now()).lines == []


def test_it_pages_by_row_and_mixes_both_kinds_by_time(due, case, signed_in, administrator):
    made = letters(case, reading.PAGE + 4)
    change(due, state=S.FAILED, state_since=database_now() - timedelta(minutes=3, seconds=30))
    clinic, now, after, seen = case.cast.clinic, database_now(), "", []
    for _ in range(2):
        page = reading.unsent(clinic, now, after)
        after = page.following
        seen += [line.message for line in page.lines]
    assert after == ""
    assert seen == [*made[:4], due, *made[4:]]
    client = signed_in(administrator)
    first = client.get(PAGE).content.decode()
    following = reading.unsent(clinic, now).following
    assert f"?after={following}" in first
    assert link(made[0]) not in client.get(f"{PAGE}?after={following}").content.decode()
    for nonsense in ("reminder-", "letter-x", "x-1", "letter-99999999999999999999"):
        assert link(made[0]) in client.get(f"{PAGE}?after={nonsense}").content.decode()


def test_other_houses_are_neither_shown_nor_counted(due, case, signed_in):
    fail(due)
    letters(case, 1)
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    other = make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere)
    assert reading.unsent(elsewhere, database_now()).lines == []
    assert reading.waiting(elsewhere, database_now()) == {"waiting": 0, "overdue": 0}
    client = signed_in(other)
    assert client.post(link(due)).status_code == 404
    assert client.post(reverse("reminders:resend", args=["attempt", 1])).status_code == 404
    with pytest.raises(PermissionDenied):
        resend(by=other, message=due)
    assert state(due) == S.FAILED


def test_what_a_practice_is_told_of_its_own_next_steps_is_not_the_clinics(case, referral):
    now = database_now()
    Letter.objects.create(
        kind=LetterKind.NEWS, user=case.referrer, opens_at=now, closes_at=now + timedelta(days=1)
    )
    Letter.objects.update(state=S.FAILED)
    assert reading.unsent(case.cast.clinic, now + timedelta(seconds=1)).lines == []


# ---------------------------------------------------------------- send again


def test_sent_again_by_hand_once_with_the_same_message_id(due, administrator, signed_in):
    fail(due)
    client = signed_in(administrator)
    for _ in range(2):
        answer = client.post(link(due), follow=True)
        assert "It goes out with the next round" in answer.content.decode()
    assert AuditEvent.objects.filter(event="reminder.resent").count() == 1
    assert round_of() == [Outcome.SENT]
    assert [each.number for each in due.attempts.order_by("number")] == [1, 2, 3]
    assert mail.outbox[0].message()["Message-ID"] == "<one@kapcare>"


def test_its_attempts_begin_anew(due, administrator, smtp):
    fail(due)
    change(due, faults=3, fault="ValueError")
    row = resend(by=administrator, message=due)
    assert (row.state, row.faults, row.fault, row.tried_before) == (S.PENDING, 0, "", 2)
    smtp(f"smtp://127.0.0.1:{free_port()}")
    before = database_now()
    assert round_of() == [Outcome.FAILED]
    due.refresh_from_db()
    assert due.leased_until - before < timedelta(seconds=70)  # the first wait of the new ones


@pytest.mark.parametrize("settled", [S.SENT, S.DONE, S.MISSED, S.CANCELLED])
def test_only_what_failed_is_sent_again(due, administrator, settled):
    change(due, state=settled, cancel_reason="dose_changed" if settled == S.CANCELLED else "")
    with pytest.raises(ValidationError, match="Only what could not be sent"):
        resend(by=administrator, message=due)


def test_nothing_is_sent_again_after_its_time(due, administrator, signed_in):
    fail(due)
    change(due, closes_at=database_now())
    text = signed_in(administrator).post(link(due), follow=True).content.decode()
    assert "Its time is over" in text
    assert link(due) not in text
    assert state(due) == S.FAILED


def test_newer_news_takes_the_place_of_older(case, administrator):
    [old] = letters(case, 1)
    new = letters(case, 1)[0]
    change(new, state=S.PENDING)
    with pytest.raises(ValidationError, match="newer mail of news"):
        resend(by=administrator, message=old)
    change(new, state=S.SENT)
    assert resend(by=administrator, message=old).state == S.PENDING


def test_nobody_else_sends_it_again(due, case, signed_in):
    fail(due)
    for name in ("therapist", "prescriber", "coordinator", "nurse"):
        user = case.cast.everybody()[name]
        with pytest.raises(PermissionDenied):
            resend(by=user, message=due)
        client = signed_in(user)
        assert client.get(PAGE).status_code == client.post(link(due)).status_code == 404
    assert state(due) == S.FAILED
