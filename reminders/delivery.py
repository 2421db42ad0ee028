"""Delivery: claim by lease, check again, commit the attempt, send, note the outcome.

Reminders and letters go one way. A worker may die at any point. Before the attempt is committed
nothing was sent; after it the outcome is unknown, and one retry goes out with the same Message-ID.
How long each step may take stands in the settings, under "how long delivery may take".
"""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from email.utils import make_msgid
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

from consent.clock import database_now
from reminders import wording
from reminders.actions import letters, reminding
from reminders.actions.cancelling import cancel
from reminders.enums import CancelReason, Outcome, ReminderState
from reminders.models import Attempt, Heartbeat, Letter, Reminder
from reminders.notifications.outbox import tell_of_window
from reminders.upkeep import keep_up

logger = logging.getLogger("reminders")
LEASE = timedelta(seconds=settings.LEASE_SECONDS)
# Sending may take so long: what is begun later might arrive after its window.
LONGEST = timedelta(seconds=settings.SEND_SECONDS)
BATCH = 25  # messages of a kind that one process holds at a time
MOST = 500  # rows that one statement closes
MOST_ATTEMPTS, MOST_FAULTS = 5, 3
S, O = ReminderState, Outcome  # noqa: E741


class Kind(NamedTuple):
    """What delivery has to know of one kind of message."""

    model: type[Reminder] | type[Letter]
    related: tuple[str, ...]
    obstacle: Callable[[Any, datetime], CancelReason | None]
    wording: Callable[[Any], wording.Mail]


RECEIPT = ("receipt__release__client", "receipt__release__organization")
KINDS = {
    "reminder": Kind(
        Reminder, ("episode__referral", "owner"), reminding.obstacle, wording.of_reminder
    ),
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


class Sending(NamedTuple):
    """A message that is about to be sent, and which try this is, from 1."""

    claim: Claim
    mail: EmailMessage
    attempt: Attempt
    tries: int


def sweep(limit: int = BATCH) -> list[Claim]:
    """One round by itself: begin it, then claim what is due."""
    begin_round()
    return claim(limit)


def begin_round() -> None:
    """Show a sign of life, close what passed, and keep up."""
    now = database_now()
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": now})
    for kind in KINDS.values():
        while _close_passed(kind, now) == MOST:
            pass
    keep_up(now)


@transaction.atomic
def _close_passed(kind: Kind, now: datetime) -> int:
    rows = kind.model.objects
    passed = _nobody_elses(rows.passed(now).order_by("closes_at", "pk"), MOST)
    return rows.filter(pk__in=passed).update(
        state=S.MISSED, state_since=now, leased_until=None, lease=None
    )


def claim(limit: int = BATCH) -> list[Claim]:
    """Up to `limit` due messages of each kind, for the caller alone."""
    return [each for kind in KINDS for each in _claim(kind, limit)]


@transaction.atomic
def _claim(kind: str, limit: int) -> list[Claim]:
    rows, lease, now = KINDS[kind].model.objects, uuid4(), database_now()
    claimed = _nobody_elses(rows.due(now).order_by("opens_at", "pk"), limit)
    rows.filter(pk__in=claimed).update(leased_until=now + LEASE, lease=lease)
    return [Claim(kind, pk, str(lease)) for pk in claimed]


def _nobody_elses(rows: QuerySet, limit: int) -> list[int]:
    """The first of `rows`, locked; what another is about to claim is passed by."""
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return list(rows.values_list("pk", flat=True)[:limit])


def give_back(claims: Iterable[Claim]) -> None:
    """What was claimed and not begun is free for others now."""
    for each in claims:
        each.rows.update(leased_until=None, lease=None)


def deliver(claim: Claim) -> Outcome | None:
    """Send one claimed message if it still may be sent; None when nothing was to be done.

    One that cannot be prepared stops no other: it waits longer each time, and the third time it is
    set aside. Raises only what the database does when it is away.
    """
    may_begin_until = time.monotonic() + LEASE.total_seconds() / 4
    try:
        sending = _prepare(claim)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        _set_back(claim, error)
        return None
    if sending is None:
        return None
    outcome = _send(sending.mail, sending.attempt, may_begin_until)
    _note(sending, outcome)
    return outcome


@transaction.atomic
def _note(sending: Sending, outcome: Outcome) -> None:
    attempt, rows, now = sending.attempt, sending.claim.rows, database_now()
    Attempt.objects.filter(pk=attempt.pk).update(outcome=outcome, error=attempt.error)
    if outcome == O.SENT:
        rows.update(state=S.SENT, state_since=now, leased_until=None, lease=None)
    else:
        rows.update(leased_until=now + _wait(sending.tries), lease=None)


def _wait(times: int) -> timedelta:
    """Longer after each failure: 1, 2, 4, 8 minutes."""
    return timedelta(minutes=2 ** (times - 1))


@transaction.atomic
def _set_back(claim: Claim, error: Exception) -> None:
    row = claim.rows.select_for_update(of=("self",)).first()
    if row is None:
        return
    now, name = database_now(), type(error).__name__
    logger.error("%s: cannot be prepared, %s", row, name)
    row.faults, row.fault = row.faults + 1, name[:60]
    row.leased_until, row.lease = now + _wait(row.faults), None
    if row.faults >= MOST_FAULTS:
        row.state, row.state_since, row.leased_until = S.FAILED, now, None
    row.save(update_fields=["faults", "fault", "state", "state_since", "leased_until", "lease"])


@transaction.atomic
def _prepare(claim: Claim) -> Sending | None:
    """Check lease, window and whether it may be told once more, and commit the attempt.

    The lease is changed for one that nobody else was given: a task that comes twice sends once,
    and what changes meanwhile (a dose is moved) does not become "sent".
    """
    kind = KINDS[claim.kind]
    row = claim.rows.select_for_update(of=("self",)).select_related(*kind.related).first()
    now = database_now()
    if row is None or not row.opens_at <= now < row.closes_at - LONGEST:
        return None
    if reason := kind.obstacle(row, now):
        cancel([row], reason)
        return None
    attempts = list(row.attempts.order_by("number"))
    since_sent = _since_sent(attempts)
    earlier = [each for each in since_sent if each.number > row.tried_before]
    if sum(each.outcome == O.UNKNOWN for each in earlier) >= 2 or len(earlier) >= MOST_ATTEMPTS:
        claim.rows.update(state=S.FAILED, state_since=now, leased_until=None, lease=None)
        return None
    sending = claim._replace(lease=str(uuid4()))
    claim.rows.update(leased_until=now + LEASE, lease=sending.lease)
    unknown = [each.message_id for each in since_sent if each.outcome == O.UNKNOWN]
    attempt = row.attempts.create(
        number=len(attempts) + 1,
        message_id=unknown[-1] if unknown else make_msgid(domain="kapcare.invalid"),
        started_at=now,
    )
    tell_of_window(row)
    subject, body = kind.wording(row)
    headers = {"Message-ID": attempt.message_id}
    mail = EmailMessage(subject, body, to=[row.address], headers=headers)
    return Sending(sending, mail, attempt, len(earlier) + 1)


def _since_sent(attempts: list[Attempt]) -> list[Attempt]:
    """Those after the last that went out: what is told anew is tried anew."""
    sent = [each.number for each in attempts if each.outcome == O.SENT]
    return [each for each in attempts if each.number > max(sent, default=0)]


def _send(message: EmailMessage, attempt: Attempt, until: float) -> Outcome:
    """Failed where the mail server was not reached or said no; not known where it fell silent.

    `until`: on the clock of time.monotonic, the last moment at which the message itself may begin
    to go out: from then on its lease might end before the answer.
    """
    mailer = get_connection()
    try:
        mailer.open()
        if time.monotonic() > until:
            raise TimeoutError
    except OSError as error:  # every SMTP and network error is one
        mailer.close()
        return _failure(O.FAILED, attempt, error)
    try:
        mailer.send_messages([message])
    except (SMTPResponseException, SMTPRecipientsRefused) as error:
        return _failure(O.FAILED, attempt, error)
    except OSError as error:
        return _failure(O.UNKNOWN, attempt, error)
    except Exception as error:  # it could not be put into a mail
        return _failure(O.FAILED, attempt, error)
    finally:
        mailer.close()
    return O.SENT


def _failure(outcome: Outcome, attempt: Attempt, error: Exception) -> Outcome:
    attempt.error = type(error).__name__[:60]  # its text may hold the address
    logger.warning("%s: %s, %s", attempt, outcome, attempt.error)
    return outcome
