"""Mail of the sample clinic that did not go out: a mailbox that was full, and one that gave in."""

from datetime import timedelta

from django.utils import timezone

from kapcare.demo.data import Cast
from people.models import User
from reminders.actions.letters import LASTS
from reminders.enums import LetterKind, Outcome, ReminderState
from reminders.models import Letter

UNTIL_GIVEN_UP = (0, 1, 3, 7, 15)  # minutes: each time it waited twice as long


def load_failures(cast: Cast) -> None:
    """Two mails of news, written by hand, since they lie in the past: yesterday's can still be sent
    again, and the time of the other is over."""
    for user, days_ago in ((cast.kaptherapist, 1), (cast.nurse, 9)):
        _give_up(user, days_ago)


def _give_up(user: User, days_ago: int) -> None:
    opens = timezone.now() - timedelta(days=days_ago)
    letter = Letter.objects.create(
        kind=LetterKind.NEWS,
        user=user,
        opens_at=opens,
        closes_at=opens + LASTS,
        state=ReminderState.FAILED,
    )
    for number, minutes in enumerate(UNTIL_GIVEN_UP, 1):
        letter.attempts.create(
            number=number,
            message_id=f"<{letter.pk}.{number}@kapcare.invalid>",
            started_at=opens + timedelta(minutes=minutes),
            outcome=Outcome.FAILED,
            error="SMTPRecipientsRefused",
        )
    given_up = opens + timedelta(minutes=UNTIL_GIVEN_UP[-1] + 16)
    Letter.objects.filter(pk=letter.pk).update(state_since=given_up)
