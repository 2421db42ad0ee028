"""Delivery: claim by lease, check again, commit the attempt, send, note the outcome.

A worker may die at any point. Before the attempt is committed nothing was sent; after it the
outcome is unknown, and one retry goes out with the same Message-ID.
"""

import logging
from datetime import timedelta
from email.utils import make_msgid
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.utils import timezone

from consent.clock import database_now
from reminders.actions import may_be_told
from reminders.enums import CancelReason, Outcome, ReminderState
from reminders.models import Attempt, Heartbeat, Reminder
from reminders.wording import message_for

logger = logging.getLogger("reminders")
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5
S = ReminderState


def sweep(limit: int = 200) -> list[int]:
    """One round: show a sign of life, close what passed, claim what is due; the claimed ids."""
    now = database_now()
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": now})
    Reminder.objects.passed(now).update(state=S.MISSED, state_since=now, leased_until=None)
    with transaction.atomic():
        due = Reminder.objects.due(now).order_by("opens_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        claimed = list(due.values_list("pk", flat=True)[:limit])
        Reminder.objects.filter(pk__in=claimed).update(leased_until=now + LEASE)
    return claimed


def deliver(reminder_id: int) -> Outcome | None:
    """Send one claimed reminder if it still may be sent; None when nothing was to be done."""
    attempt = _prepare(reminder_id)
    if attempt is None:
        return None
    subject, body = message_for(attempt.reminder)
    message = EmailMessage(
        subject,
        body,
        to=[attempt.reminder.owner.email],
        headers={"Message-ID": attempt.message_id},
    )
    outcome = _send(message, attempt)
    if outcome != Outcome.SENT:
        _wait_longer(attempt, outcome)
        return outcome
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(outcome=Outcome.SENT)
        Reminder.objects.filter(pk=reminder_id, state=S.PENDING).update(
            state=S.SENT, state_since=timezone.now(), leased_until=None
        )
    return Outcome.SENT


@transaction.atomic
def _prepare(reminder_id: int) -> Attempt | None:
    """Check window, release and cancellation once more, and commit the attempt."""
    rows = Reminder.objects.select_for_update(of=("self",)).select_related("episode", "owner")
    reminder = rows.filter(pk=reminder_id, state=S.PENDING).first()
    now = database_now()
    if reminder is None or not reminder.opens_at <= now < reminder.closes_at:
        return None
    if not may_be_told(reminder, now):
        reminder.state, reminder.cancel_reason = S.CANCELLED, CancelReason.RELEASE_ENDED
        reminder.state_since, reminder.leased_until = now, None
        reminder.save()
        return None
    earlier = list(reminder.attempts.order_by("number"))
    unknown = [a for a in earlier if a.outcome == Outcome.UNKNOWN]
    if len(unknown) >= 2 or len(earlier) >= MOST_ATTEMPTS:
        reminder.state, reminder.state_since = S.FAILED, now
        reminder.save()
        return None
    return Attempt.objects.create(
        reminder=reminder,
        number=len(earlier) + 1,
        message_id=unknown[-1].message_id if unknown else make_msgid(domain="kapcare.invalid"),
        started_at=now,
    )


def _send(message: EmailMessage, attempt: Attempt) -> Outcome:
    """Failed where the mail server was not reached or said no; not known where it fell silent."""
    mailer = get_connection()
    try:
        mailer.open()
    except OSError as error:  # every SMTP and network error is one
        return _failure(Outcome.FAILED, attempt, error)
    try:
        mailer.send_messages([message])
    except (SMTPResponseException, SMTPRecipientsRefused) as error:
        return _failure(Outcome.FAILED, attempt, error)
    except OSError as error:
        return _failure(Outcome.UNKNOWN, attempt, error)
    finally:
        mailer.close()
    return Outcome.SENT


def _failure(outcome: Outcome, attempt: Attempt, error: Exception) -> Outcome:
    name = type(error).__name__  # its text may hold the address
    logger.warning(
        "reminder %s: attempt %s: %s, %s", attempt.reminder_id, attempt.number, outcome, name
    )
    return outcome


@transaction.atomic
def _wait_longer(attempt: Attempt, outcome: Outcome) -> None:
    """Wait longer after each failure: 1, 2, 4, 8 minutes."""
    Attempt.objects.filter(pk=attempt.pk).update(outcome=outcome)
    wait = timedelta(minutes=2 ** (attempt.number - 1))
    Reminder.objects.filter(pk=attempt.reminder_id).update(leased_until=database_now() + wait)
