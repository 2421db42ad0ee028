"""Letters: receipts to clients, emergencies to administrators, and in none anything of anybody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction
from kombu.exceptions import OperationalError

from consent.actions.ending import end_treatment, note_expired
from consent.clock import database_now
from consent.enums import EmergencyBasis, Ending, ReceiptKind
from consent.models import EmergencyAccess, Receipt
from consent.signals import emergency_opened
from people.enums import Role, SafeContact
from people.models import Client
from reminders import delivery, tasks
from reminders.enums import CancelReason, LetterKind, Outcome, ReminderState
from reminders.models import Attempt, Letter
from tests.factories import make_organization, make_user
from tests.reminders.sending import change, renewal, round_of, secrets_in, state, told
from tests.servers import free_port

S = ReminderState
BY_MAIL = {"safe_contact": SafeContact.EMAIL, "email": "someone@example.org"}


@pytest.fixture
def by_mail(case):
    """A case whose client asked to be reached by mail."""
    case.send(**BY_MAIL)
    return case


# ---------------------------------------------------------------- receipts


def test_the_client_gets_a_letter_for_each_receipt(by_mail, case):
    release = case.active()
    round_of()
    case.revoke(release)
    round_of()
    assert list(Receipt.objects.order_by("pk").values_list("kind", flat=True)) == [
        ReceiptKind.SIGNED,
        ReceiptKind.WITHDRAWN,
    ]
    assert [(m.subject, m.to) for m in mail.outbox] == 2 * [
        ("A receipt is waiting for you", ["someone@example.org"])
    ]
    assert "call the office that you know" in mail.outbox[0].body


def test_amending_and_expiring_give_a_receipt_too(by_mail, case):
    older = case.active()
    case.sign(renewal(case, older))
    case.active(until=None, ending=Ending.END_OF_TREATMENT)
    round_of()
    mail.outbox.clear()
    end_treatment(
        by=case.cast.prescriber,
        client_id=case.client.pk,
        organization_id=case.cast.clinic.pk,
        at=database_now(),
    )
    assert round_of() == [Outcome.SENT]
    assert round_of() == []
    kinds = set(Receipt.objects.values_list("kind", flat=True))
    assert kinds == {ReceiptKind.SIGNED, ReceiptKind.AMENDED, ReceiptKind.EXPIRED}
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"safe_contact": contact, "email": "someone@example.org"}
        for contact in SafeContact
        if contact != SafeContact.EMAIL
    ]
    + [{"safe_contact": SafeContact.EMAIL, "email": ""}],
)
def test_no_mail_to_a_client_who_did_not_choose_mail(case, changes):
    case.send()
    Client.objects.filter(pk=case.client.pk).update(**changes)
    case.client.refresh_from_db()
    case.active()
    assert Receipt.objects.count() == 1
    assert not Letter.objects.exists()


def test_a_client_who_changes_their_mind_before_it_is_sent_gets_none(by_mail, case):
    case.active()
    letter = Letter.objects.get()
    Client.objects.filter(pk=case.client.pk).update(safe_contact=SafeContact.PHONE)
    assert round_of() == [None]
    assert (state(letter), letter.cancel_reason) == (S.CANCELLED, CancelReason.NOT_THEIRS)
    assert mail.outbox == []


def test_it_goes_to_the_address_of_the_moment_and_no_letter_keeps_one(by_mail, case):
    case.active()
    Client.objects.filter(pk=case.client.pk).update(email="new@example.org")
    round_of()
    assert mail.outbox[0].to == ["new@example.org"]
    assert not [f.name for f in Letter._meta.get_fields() if "mail" in f.name or "addr" in f.name]


def test_the_letter_stands_or_falls_with_its_receipt(by_mail, case):
    with transaction.atomic():
        case.active()
        assert Letter.objects.exists()
        transaction.set_rollback(True)
    assert not Receipt.objects.exists()
    assert not Letter.objects.exists()


# ---------------------------------------------------------------- emergencies


def emergency(case) -> EmergencyAccess:
    row = EmergencyAccess.objects.create(
        client=case.client,
        clinic=case.cast.clinic,
        basis=EmergencyBasis.MEDICAL,
        reader=case.cast.physician,
        organization=case.cast.primary_care,
        nature="Zqreason of the emergency",
        opened_at=database_now(),
    )
    emergency_opened.send(EmergencyAccess, emergency=row)
    return row


def test_every_administrator_of_the_clinic_is_told_at_once_and_once(case, referral):
    clinic = case.cast.clinic
    make_user("Ben Backup", Role.ADMINISTRATOR, clinic)
    make_user("Gone Away", Role.ADMINISTRATOR, clinic).memberships.update(ended_at=database_now())
    make_user("Elsewhere", Role.ADMINISTRATOR, make_organization("Twin", "clinic"))
    row = emergency(case)
    assert round_of() == [Outcome.SENT, Outcome.SENT]
    assert told() == {"ada.administrator@example.org", "ben.backup@example.org"}
    emergency_opened.send(EmergencyAccess, emergency=row)
    assert (round_of(), Letter.objects.count()) == ([], 2)


def test_somebody_who_administers_no_more_is_not_told(case, referral):
    emergency(case)
    case.cast.administrator.memberships.update(ended_at=database_now())
    assert round_of() == [None]
    assert Letter.objects.get().cancel_reason == CancelReason.NOT_THEIRS


def test_the_round_begins_with_the_end_of_the_transaction(
    case, referral, monkeypatch, django_capture_on_commit_callbacks
):
    begun = []
    monkeypatch.setattr(tasks.send_due, "apply_async", lambda **kwargs: begun.append(kwargs))
    with django_capture_on_commit_callbacks(execute=True):
        emergency(case)
        assert begun == []
    assert [each["retry"] for each in begun] == [False]


def test_a_broker_that_is_away_stops_nothing(case, referral, monkeypatch, caplog):
    def away(**kwargs):
        raise OperationalError

    monkeypatch.setattr(tasks.send_due, "apply_async", away)
    tasks.nudge()
    assert "the broker does not answer" in caplog.text


# ---------------------------------------------------------------- what all have in common


def test_no_letter_says_anything_about_anybody(by_mail, case):
    case.active(until=database_now() + timedelta(days=40))
    emergency(case)
    Letter.objects.create(
        kind=LetterKind.ENDING,
        release=case.active(),
        days=7,
        user=case.cast.therapist,
        opens_at=database_now() - timedelta(minutes=1),
        closes_at=database_now() + timedelta(days=1),
    )
    assert set(round_of()) == {Outcome.SENT}
    assert {m.subject for m in mail.outbox} == {
        "A receipt is waiting for you",
        "Emergency access was opened",
        "A release ends soon",
    }
    assert [secrets_in(message) for message in mail.outbox] == [[]] * len(mail.outbox)


def test_a_letter_is_delivered_as_a_reminder_is(by_mail, case, smtp):
    """Attempt, Message-ID and waiting are the same machinery."""
    case.active()
    letter = Letter.objects.get()
    smtp(f"smtp://127.0.0.1:{free_port()}")
    assert round_of() == [Outcome.FAILED]
    attempt = Attempt.objects.get()
    assert (attempt.letter, attempt.reminder, attempt.outcome) == (letter, None, Outcome.FAILED)
    letter.refresh_from_db()
    assert timedelta() < letter.leased_until - database_now() <= timedelta(minutes=1)


def test_a_letter_that_came_twice_is_sent_once(by_mail, case):
    case.active()
    [claim] = delivery.sweep()
    assert claim.kind == "letter"
    assert [delivery.deliver(claim), delivery.deliver(claim)] == [Outcome.SENT, None]


def test_a_sent_letter_stays_sent_when_its_time_is_over(by_mail, case):
    case.active()
    round_of()
    letter = Letter.objects.get()
    change(letter, closes_at=database_now())
    round_of()
    assert state(letter) == S.SENT


def test_after_its_time_a_letter_is_not_sent(by_mail, case):
    case.active()
    letter = Letter.objects.get()
    change(letter, closes_at=database_now())
    assert round_of() == []
    assert (state(letter), mail.outbox) == (S.MISSED, [])


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": LetterKind.ENDING},
        {"kind": LetterKind.EMERGENCY},
        {"receipt": None},
        {"user_id": 1},
        {"days": 7},
        {"days": 8, "kind": LetterKind.ENDING},
    ],
)
def test_the_database_keeps_a_letter_to_its_kind(by_mail, case, changes):
    case.active()
    letter = Letter.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        change(letter, **changes)


def test_the_database_tells_nobody_twice(by_mail, case):
    case.active()
    letter = Letter.objects.get()
    letter.pk = None
    with pytest.raises(DatabaseError), transaction.atomic():
        letter.save(force_insert=True)


def test_an_attempt_is_of_one_message(by_mail, case):
    case.active()
    fields = {"number": 1, "message_id": str(uuid4()), "started_at": database_now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(**fields)


def test_the_end_of_a_release_that_cannot_be_noted_stops_no_other(case, referral, monkeypatch):
    from consent.actions import ending

    broken, good = case.make_release("expired"), case.make_release("expired")
    give = ending.give_receipt

    def give_but_one(release, kind, **kwargs):
        if release.pk == broken.pk:
            raise RuntimeError("Zqreason")
        return give(release, kind, **kwargs)

    monkeypatch.setattr(ending, "give_receipt", give_but_one)
    assert note_expired(database_now()) == 1
    assert Receipt.objects.get().release == good
    monkeypatch.setattr(ending, "give_receipt", give)
    assert note_expired(database_now()) == 1
    assert note_expired(database_now()) == 0
