"""What the administrator does about mail that could not be sent."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from audit.record import record
from consent.clock import database_now
from people.models import User
from reminders.enums import LetterKind, ReminderState
from reminders.models import Letter, Reminder, TextMessage
from reminders.operations.permissions import check_user_can_resend
from reminders.tasks import nudge

Message = TypeVar("Message", Reminder, Letter, TextMessage)
S = ReminderState


@transaction.atomic
def resend(*, by: User, message: Message) -> Message:
    """Let what failed be tried anew; its attempts stay as history. Twice is once.

    Whether it may still be told is asked when it is sent, as ever. Raises PermissionDenied for
    whoever does not administer the clinic whose mail it is, ValidationError where it did not fail,
    its time is over, or newer news waits for the same person.
    """
    check_user_can_resend(by, message)
    rows = type(message).objects.select_for_update(of=("self",), no_key=True)
    row = rows.get(pk=message.pk)
    if row.state == S.PENDING:
        return row
    if row.state != S.FAILED:
        raise ValidationError("Only what could not be sent can be sent again.")
    now = database_now()
    if row.closes_at <= now:
        raise ValidationError("Its time is over: it would come too late to be of use.")
    if isinstance(row, Letter) and _newer_news_waits(row):
        raise ValidationError("A newer mail of news waits for this person already.")
    row.state, row.state_since = S.PENDING, now
    row.leased_until = row.lease = None
    row.faults, row.fault = 0, ""
    row.tried_before = row.attempts.aggregate(last=Max("number"))["last"] or 0
    row.save()
    record(f"{row._meta.model_name}.resent", by=by, on=row)
    transaction.on_commit(nudge, robust=True)
    return row


def _newer_news_waits(letter: Letter) -> bool:
    if letter.kind != LetterKind.NEWS or letter.user_id is None:
        return False
    User.objects.select_for_update(no_key=True).get(pk=letter.user_id)  # as who gathers news does
    return Letter.objects.pending().filter(kind=LetterKind.NEWS, user=letter.user_id).exists()
