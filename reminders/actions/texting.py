"""Text messages: written when a message that does not wait is first sent to somebody who wants
them, and sent by themselves."""

from datetime import datetime

from people.models import User
from reminders.actions import letters_sent, telling
from reminders.channels.text import is_offered
from reminders.enums import CancelReason, LetterKind, ReminderState
from reminders.models import Letter, Preferences, Reminder, TextMessage

AT_ONCE = frozenset({LetterKind.ALERT, LetterKind.NOTICE, LetterKind.UNANSWERED, LetterKind.MISSED})


def write_text(message: Reminder | Letter | TextMessage, now: datetime) -> bool:
    """In the transaction that begins to send `message`; whether there is one."""
    if isinstance(message, TextMessage) or not is_offered():
        return False
    user = _reader(message)
    if user is None or not Preferences.of(user).phone:
        return False
    about = {"reminder": message} if isinstance(message, Reminder) else {"letter": message}
    waits = {"opens_at": now, "closes_at": message.closes_at, "user": user}
    text, made = TextMessage.objects.get_or_create(**about, defaults=waits)
    moved = text.opens_at < message.opens_at or text.user_id != user.pk
    if not made and moved:
        text.opens_at, text.closes_at, text.user = now, message.closes_at, user
        text.state, text.cancel_reason, text.state_since = ReminderState.PENDING, "", now
        text.save()  # its window was moved meanwhile
    return True


def _reader(message: Reminder | Letter) -> User | None:
    if isinstance(message, Reminder):
        return message.owner
    return message.user if message.kind in AT_ONCE else None


def obstacle(text: TextMessage, at: datetime) -> CancelReason | None:
    """They want none any more, or may no longer be told."""
    message = text.message
    if not text.address or _reader(message) != text.user:
        return CancelReason.NOT_THEIRS
    if isinstance(message, Reminder):
        over = not message.opens_at <= at < message.closes_at
        answered = over or message.state in (ReminderState.DONE, ReminderState.CANCELLED)
        return CancelReason.ANSWERED if answered else telling.barred(message, at)
    return letters_sent.obstacle(message, at)


def held_until(text: TextMessage, at: datetime) -> datetime | None:
    """As the mail."""
    message = text.message
    if isinstance(message, Reminder):
        return telling.held_until(message, at)
    return letters_sent.held_until(message, at)
