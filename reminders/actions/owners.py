"""What the owner of an open window says to its reminders: that they see to it, or tell me again."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from audit.record import record
from consent.clock import database_now
from people.formats import moment
from people.models import User
from reminders.actions.cancelling import cancel
from reminders.actions.telling import may_be_told
from reminders.enums import WINDOWS, CancelReason, ReminderState, Stage
from reminders.models import Reminder

OPEN = (ReminderState.PENDING, ReminderState.SENT)


def check_user_can_answer(user: User, reminder: Reminder, at: datetime) -> None:
    """Its owner, as long as they may know of it."""
    if reminder.owner_id != user.pk or not may_be_told(reminder, at):
        raise PermissionDenied("Only whoever looks after this window answers its reminder.")


@transaction.atomic
def see_to(*, by: User, reminder: Reminder) -> Reminder:
    """`by` says that they see to it: they are told once more before the window closes, and not
    half-way. Twice is once. Raises PermissionDenied, and ValidationError where it is over."""
    row = _open(by, reminder)
    if row.seen_to_at is None:
        row.seen_to_at = database_now()
        row.save(update_fields=["seen_to_at"])
        _cancel(row, Stage.HALFWAY, Stage.AGAIN)
        record("reminder.seen_to", by=by, on=row)
    return row


@transaction.atomic
def tell_again(*, by: User, reminder: Reminder, at: datetime) -> Reminder:
    """Tell `by` again at the aware moment `at`, ahead and before the window closes; the last one
    asked for counts. Raises PermissionDenied, and ValidationError for any other moment."""
    row = _open(by, reminder)
    if not database_now() < at < row.closes_at:
        raise ValidationError(f"Choose a time before the window closes, {moment(row.closes_at)}.")
    again, made = Reminder.objects.update_or_create(
        episode_id=row.episode_id,
        dosing_id=row.dosing_id,
        kind=row.kind,
        stage=Stage.AGAIN,
        defaults={
            "owner": by,
            "opens_at": at,
            "closes_at": row.closes_at,
            "state": ReminderState.PENDING,
            "cancel_reason": "",
            "held_until": None,
            "leased_until": None,
            "lease": None,
        },
    )
    _cancel(row, Stage.HALFWAY, before=at)
    record("reminder.asked_again", by=by, on=again, at=at.isoformat(), moved=not made)
    return again


def _open(by: User, reminder: Reminder) -> Reminder:
    rows = Reminder.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("episode", "owner").get(pk=reminder.whole.pk)
    now = database_now()
    check_user_can_answer(by, row, now)
    if row.state not in OPEN or row.kind not in WINDOWS or not row.opens_at <= now < row.closes_at:
        raise ValidationError("This window is not open any more, or a session was held in it.")
    return row


def _cancel(row: Reminder, *stages: Stage, before: datetime | None = None) -> None:
    waiting = row.others().pending().filter(stage__in=stages)
    if before:
        waiting = waiting.filter(opens_at__lt=before)
    cancel(waiting, CancelReason.SEEN_TO)
