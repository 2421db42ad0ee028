"""Delivery: claim by lease, check again, commit the attempt, send, note the outcome.

Reminders and letters go one way. A worker may die at any point. Before the attempt is committed
nothing was sent; after it the outcome is unknown, and one retry goes out with the same Message-ID.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import make_msgid
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction

from consent.clock import database_now
from reminders import wording
from reminders.actions import letters, reminding
from reminders.actions.cancelling import cancel
from reminders.enums import CancelReason, Outcome, ReminderState
from reminders.models import Attempt, Heartbeat, Letter, Reminder
from reminders.notifications.outbox import tell_of_window
from reminders.upkeep import keep_up

logger = logging.getLogger("reminders")
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5
S = ReminderState


class Kind(NamedTuple):
    """What delivery has to know of one kind of message."""

    model: type[Reminder] | type[Letter]
    related: tuple[str, ...]
    obstacle: Callable[[Any, datetime], CancelReason | None]
    wording: Callable[[Any], wording.Mail]


RECEIPT = ("receipt__release__client", "receipt__release__organization")
KINDS = {
    "reminder": Kind(Reminder, ("episode", "owner"), reminding.obstacle, wording.of_reminder),
    "letter": Kind(
        Letter,
        (
            *("user", "release", "emergency", "alert__episode"),
            *("nudge__referral", "notice__referral", *RECEIPT),
        ),
        letters.obstacle,
        wording.of_letter,
    ),
}


class Claim(NamedTuple):
    """One message for one worker: whoever holds its lease may send it, once."""

    kind: str
    pk: int
    lease: str

    @property
    def rows(self):
        """The message, while it waits and this lease is the one that holds."""
        model = KINDS[self.kind].model
        return model.objects.filter(pk=self.pk, state=S.PENDING, lease=UUID(self.lease))


def sweep(limit: int = 200) -> list[Claim]:
    """One round: show a sign of life, keep up, close what passed, claim what is due."""
    now = database_now()
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": now})
    keep_up(now)
    return [claim for kind in KINDS for claim in _claim(kind, limit)]


def _claim(kind: str, limit: int) -> list[Claim]:
    rows, lease, now = KINDS[kind].model.objects, uuid4(), database_now()
    rows.passed(now).update(state=S.MISSED, state_since=now, leased_until=None, lease=None)
    with transaction.atomic():
        due = rows.due(now).order_by("opens_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        claimed = list(due.values_list("pk", flat=True)[:limit])
        rows.filter(pk__in=claimed).update(leased_until=now + LEASE, lease=lease)
    return [Claim(kind, pk, str(lease)) for pk in claimed]


def deliver(claim: Claim) -> Outcome | None:
    """Send one claimed message if it still may be sent; None when nothing was to be done."""
    prepared = _prepare(claim)
    if prepared is None:
        return None
    sending, message, attempt = prepared
    outcome = _send(message, attempt)
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(outcome=outcome)
        now = database_now()
        if outcome == Outcome.SENT:
            sending.rows.update(state=S.SENT, state_since=now, leased_until=None, lease=None)
        else:  # wait longer after each failure: 1, 2, 4, 8 minutes
            wait = timedelta(minutes=2 ** (attempt.number - 1))
            sending.rows.update(leased_until=now + wait, lease=None)
    return outcome


@transaction.atomic
def _prepare(claim: Claim) -> tuple[Claim, EmailMessage, Attempt] | None:
    """Check lease, window and whether it may be told once more, and commit the attempt.

    The lease is changed for one that nobody else was given: a task that comes twice sends once,
    and what changes meanwhile (a dose is moved) does not become "sent".
    """
    kind = KINDS[claim.kind]
    row = claim.rows.select_for_update(of=("self",)).select_related(*kind.related).first()
    now = database_now()
    if row is None or not row.opens_at <= now < row.closes_at:
        return None
    if reason := kind.obstacle(row, now):
        cancel([row], reason)
        return None
    earlier = list(row.attempts.order_by("number"))
    unknown = [a for a in earlier if a.outcome == Outcome.UNKNOWN]
    if len(unknown) >= 2 or len(earlier) >= MOST_ATTEMPTS:
        claim.rows.update(state=S.FAILED, state_since=now, leased_until=None, lease=None)
        return None
    sending = claim._replace(lease=str(uuid4()))
    claim.rows.update(leased_until=now + LEASE, lease=sending.lease)
    attempt = row.attempts.create(
        number=len(earlier) + 1,
        message_id=unknown[-1].message_id if unknown else make_msgid(domain="kapcare.invalid"),
        started_at=now,
    )
    tell_of_window(row)
    subject, body = kind.wording(row)
    headers = {"Message-ID": attempt.message_id}
    return sending, EmailMessage(subject, body, to=[row.address], headers=headers), attempt


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
    logger.warning("%s: %s, %s", attempt, outcome, name)
    return outcome
