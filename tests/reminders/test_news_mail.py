"""One mail says that something new waits, and how much: never of what kind, nor about whom."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from consent.clock import database_now
from consent.enums import Category as C
from people.enums import SafeContact
from reminders.enums import CancelReason, LetterKind, Outcome, ReminderState, Told, Way
from reminders.models import Letter, Notification, Preferences
from reminders.notifications.actions import gather_news, mark_seen, notify
from tests.referrals.talking import say
from tests.refusing import database_refuses
from tests.reminders.sending import change, round_of, secrets_in, state, told
from tests.sessions.asking import enter
from tests.sessions.telling import tell

S = ReminderState
BOTH_WAYS = {"out_categories": [C.INTEGRATION], "in_categories": [C.INTEGRATION]}
NIGHT = {"quiet_from": time(22), "quiet_until": time(7)}


def news() -> list[Letter]:
    return list(Letter.objects.filter(kind=LetterKind.NEWS).order_by("pk"))


def prefer(user, **wishes) -> None:
    Preferences.objects.update_or_create(user=user, defaults=wishes)


@pytest.fixture
def talking(case, referral):
    """A thread that is open both ways, and nothing new in it."""
    case.active(**BOTH_WAYS)
    Notification.objects.update(seen_at=database_now())
    return case


def ask(case):
    return say(case.cast.nurse, case.referral)


def test_what_is_new_is_mailed_at_once_and_once(talking):
    ask(talking)
    assert round_of() == [Outcome.SENT]
    assert round_of() == []
    [message] = mail.outbox
    assert told() == {talking.cast.therapist.email}
    assert message.subject == "Something new is waiting for you"
    assert "something new waits for you in kapcare" in message.body
    assert "/notifications/" in message.body
    assert secrets_in(message) == []
    assert "message" not in message.body.split("This message holds")[0].lower()


def test_several_become_one_mail(talking):
    ask(talking)
    ask(talking)
    round_of()
    [message] = mail.outbox
    assert "2 new things wait for you" in message.body


def test_what_comes_while_mail_is_away_goes_into_the_letter_that_waits(talking):
    ask(talking)
    assert gather_news(database_now()) == 1
    ask(talking)
    assert gather_news(database_now()) == 0
    [letter] = news()
    assert letter.news.count() == 2
    again = Letter(kind=LetterKind.NEWS, user=letter.user, opens_at=letter.opens_at)
    again.closes_at = letter.closes_at
    database_refuses(again.save)


def test_what_was_mailed_is_not_mailed_again_for_something_that_may_not_be_known(talking):
    """A second mail about the first would say that something else had happened."""
    ask(talking)
    round_of()
    talking.accept()  # readiness is not open
    assert round_of() == [None]
    assert len(mail.outbox) == 1
    assert [letter.cancel_reason for letter in news()] == ["", CancelReason.NOTHING_NEW]


def test_a_release_that_ends_before_it_is_sent_takes_the_mail_along(talking):
    ask(talking)
    gather_news(database_now())
    [letter] = news()
    for release in type(talking.active(**BOTH_WAYS)).objects.filter(revoked_at=None):
        talking.revoke(release)
    assert round_of() == [None]
    assert (state(letter), letter.cancel_reason) == (S.CANCELLED, CancelReason.NOTHING_NEW)
    assert mail.outbox == []


@pytest.mark.parametrize("how", ["seen", "portal", "left"])
def test_it_is_found_out_again_when_it_is_sent(talking, how):
    therapist = talking.cast.therapist
    ask(talking)
    gather_news(database_now())
    match how:
        case "seen":
            row = Notification.objects.get(user=therapist, seen_at=None)
            mark_seen(by=therapist, notification=row)
        case "portal":
            prefer(therapist, messages=Way.PORTAL)
        case "left":
            therapist.memberships.update(ended_at=timezone.now())
    assert round_of() == [None]
    assert mail.outbox == []


def test_what_has_a_letter_of_its_own_is_not_mailed_twice(case, episode):
    Notification.objects.update(seen_at=database_now())
    enter(case, item_9=1)
    tell(case)
    round_of()
    assert news() == []
    assert {message.subject for message in mail.outbox} == {"Something needs attention now"}
    assert Notification.objects.filter(seen_at=None, kind=Told.ALERT).exists()


def test_safety_knows_no_quiet_hours_and_no_digest(case, episode):
    now = timezone.localtime()
    around = [(now + timedelta(hours=each)).time().replace(fold=0) for each in (-2, 2)]
    silent = dict.fromkeys(("messages", "referrals", "coordination", "notes"), Way.PORTAL)
    for user in case.cast.everybody().values():
        prefer(user, quiet_from=around[0], quiet_until=around[1], **silent)
    enter(case, item_9=1)
    assert Outcome.SENT in round_of()


# ---------------------------------------------------------------- when, by moments given


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-07-{text}").replace(tzinfo=UTC)


@pytest.fixture
def happened(case, referral):
    """happened("14 18:00") tells the coordinator, in New York four hours behind, of something."""
    Notification.objects.update(seen_at=database_now())

    def tell_of(text: str) -> None:
        about = {"source": referral, "referral": referral, "at": at(text)}
        notify(Told.QUESTION_ANSWERED, [case.cast.coordinator], **about)

    return tell_of


def test_the_digest_waits_for_its_hour_and_takes_all_along(case, happened):
    prefer(case.cast.coordinator, referrals=Way.DIGEST, digest_hour=17)
    happened("14 18:00")
    happened("14 20:30")
    assert gather_news(at("14 20:59")) == 0
    assert gather_news(at("14 21:00")) == 1
    assert news()[0].news.count() == 2


def test_quiet_hours_over_midnight_hold_it_back(case, happened):
    prefer(case.cast.coordinator, **NIGHT)
    happened("15 02:30")
    assert gather_news(at("15 02:31")) == 0
    assert gather_news(at("15 10:59")) == 0
    assert gather_news(at("15 11:00")) == 1


def test_what_was_due_before_quiet_hours_is_not_sent_in_them(case, happened):
    prefer(case.cast.coordinator, **NIGHT)
    happened("15 01:59")
    assert gather_news(at("15 02:01")) == 0


def test_a_wish_counts_at_once_for_what_waits(case, happened):
    coordinator = case.cast.coordinator
    prefer(coordinator, referrals=Way.DIGEST)
    happened("14 18:00")
    assert gather_news(at("14 19:00")) == 0
    prefer(coordinator, referrals=Way.PORTAL)
    assert gather_news(at("15 19:00")) == 0
    prefer(coordinator, referrals=Way.AT_ONCE)
    assert gather_news(at("15 19:00")) == 1


def test_what_is_old_is_not_mailed_any_more(case, happened):
    happened("01 18:00")
    assert gather_news(at("14 18:00")) == 0


def test_one_that_fails_stops_no_other(case, happened, referral, monkeypatch, caplog):
    from reminders.notifications import actions

    about = {"source": referral, "referral": referral, "at": at("14 18:00")}
    notify(Told.QUESTION_ANSWERED, [case.cast.coordinator, case.cast.prescriber], **about)
    put = actions._put_in_a_letter

    def put_but_one(user, due, now):
        if user == case.cast.coordinator:
            raise RuntimeError("Zqreason")
        return put(user, due, now)

    monkeypatch.setattr(actions, "_put_in_a_letter", put_but_one)
    assert gather_news(at("14 18:01")) == 1
    assert "RuntimeError" in caplog.text
    assert "Zqreason" not in caplog.text


def test_clients_get_no_mail_of_news(case):
    case.send(safe_contact=SafeContact.EMAIL, email="someone@example.org")
    case.active(**BOTH_WAYS)
    ask(case)
    change(Letter.objects.get(kind=LetterKind.RECEIPT), state=S.SENT)
    round_of()
    assert "someone@example.org" not in told()
