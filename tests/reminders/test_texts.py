"""Text messages: to those who want them, once, without a word about anybody; and quiet hours."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from reminders.actions.telling import held_until
from reminders.enums import Outcome, ReminderState
from reminders.models import Preferences, Reminder, TextMessage
from tests.reminders.sending import SECRETS, change, round_of, state

PHONE = "+15550100199"
HOUR = timedelta(hours=1)
PREFERENCES = "/notifications/preferences/"


@pytest.fixture
def wanted(due, settings):
    settings.TEXT_PROVIDER = "reminders.channels.text.Console"
    Preferences.objects.update_or_create(user=due.owner, defaults={"phone": PHONE})
    return due


def test_one_goes_out_beside_the_mail_once_and_names_nobody(wanted, capsys):
    assert round_of() == [Outcome.SENT]
    assert round_of() == [Outcome.SENT]
    assert round_of() == []
    said = capsys.readouterr().out
    assert said.count(PHONE) == 1
    assert not [secret for secret in SECRETS if secret.lower() in said.lower().replace(PHONE, "")]
    assert len(said) < 160 + len(PHONE) + 25
    text = TextMessage.objects.get()
    assert (text.state, text.attempts.get().outcome) == (ReminderState.SENT, Outcome.SENT)


def test_nobody_who_did_not_ask_gets_one(due, settings):
    settings.TEXT_PROVIDER = "reminders.channels.text.Console"
    round_of()
    assert not TextMessage.objects.exists()


def test_without_a_provider_there_is_none_and_none_is_offered(wanted, settings, signed_in):
    settings.TEXT_PROVIDER = ""
    round_of()
    assert not TextMessage.objects.exists()
    assert "Mobile phone" not in signed_in(wanted.owner).get(PREFERENCES).content.decode()


def test_whoever_took_their_number_back_gets_none(wanted):
    round_of()
    Preferences.objects.filter(user=wanted.owner).update(phone="")
    round_of()
    assert state(TextMessage.objects.get()) == ReminderState.CANCELLED


class Refuses:
    def send(self, to, body, reference):
        raise ValueError(to)


class FallsSilent:
    def send(self, to, body, reference):
        raise TimeoutError(to)


@pytest.mark.parametrize(
    ("name", "outcome", "error"),
    [("Refuses", "failed", "ValueError"), ("FallsSilent", "unknown", "TimeoutError")],
)
def test_how_it_failed_is_kept_without_the_number(wanted, settings, caplog, name, outcome, error):
    settings.TEXT_PROVIDER = f"{__name__}.{name}"
    round_of()
    round_of()
    attempt = TextMessage.objects.get().attempts.get()
    assert (attempt.outcome, attempt.error) == (
        outcome,
        {"Refuses": "ValueError"}.get(name, "TimeoutError"),
    )
    assert PHONE not in caplog.text


def test_a_number_is_kept_whole_or_refused(wanted, signed_in):
    browser = signed_in(wanted.owner)
    page = browser.get(PREFERENCES).content.decode()
    assert PHONE in page
    row = Preferences.objects.get(user=wanted.owner)
    for wrong in ("555", "0015550100199", "+1555O100199"):
        row.phone = wrong
        with pytest.raises(ValidationError):
            row.full_clean()


# ---------------------------------------------------------------- quiet hours of a reminder
@pytest.fixture
def at_two(due):
    """It is 02:00 by the clock of its owner, whose quiet hours end at 07:00."""
    with time_machine.travel("2027-01-12 07:00:00+00:00", tick=False) as traveller:
        now = timezone.now()
        change(due, opens_at=now - HOUR, closes_at=now + 9 * HOUR, leased_until=None)
        defaults = {"quiet_from": "21:00", "quiet_until": "07:00", "timezone": "America/New_York"}
        Preferences.objects.update_or_create(user=due.owner, defaults=defaults)
        due.refresh_from_db()
        yield traveller


def test_it_waits_for_the_end_of_quiet_hours_in_the_readers_zone(due, at_two):
    now = timezone.now()
    assert held_until(due, now) == now + 5 * HOUR
    Preferences.objects.filter(user=due.owner).update(timezone="Europe/Berlin")  # 08:00 there
    assert held_until(Reminder.objects.get(pk=due.pk), now) is None


def test_it_never_waits_past_the_end_of_its_window(due, at_two):
    now = timezone.now()
    change(due, closes_at=now + 5 * HOUR)
    due.refresh_from_db()
    assert held_until(due, now) is None
    change(due, closes_at=now + 5 * HOUR + timedelta(minutes=2))
    due.refresh_from_db()
    assert held_until(due, now) == now + 5 * HOUR


def test_in_a_digest_it_waits_for_its_hour_once(due, at_two):
    row = Preferences.objects.get(user=due.owner)
    Preferences.objects.filter(pk=row.pk).update(
        windows="digest", digest_hour=9, quiet_from=None, quiet_until=None
    )
    now = timezone.now()
    assert held_until(due, now) == now + 7 * HOUR
    change(due, held_until=now + 7 * HOUR)
    due.refresh_from_db()
    assert held_until(due, now + 7 * HOUR) is None


def test_what_waits_for_the_morning_is_neither_sent_nor_overdue(due, at_two):
    Reminder.objects.update(held_until=timezone.now() + 5 * HOUR)
    assert not Reminder.objects.due(timezone.now()).exists()
    assert not Reminder.objects.overdue(timezone.now()).exists()
    assert Reminder.objects.due(timezone.now() + 5 * HOUR).exists()
    assert mail.outbox == []
