"""What the sample people were told. The cases are loaded in one minute, and tell of weeks: so what
lies behind is told at its own moment, and what is older than a day was seen."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from django.db.models import F, Model
from django.utils import timezone

from people.models import User
from referrals.models import Referral
from reminders.enums import Told
from reminders.models import Notification
from reminders.notifications import receivers
from reminders.notifications.actions import notify
from sessions.models import ContinuityNote, IntegrationSession

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = {Told.MESSAGE, Told.PLAN_PROPOSED, Told.PLAN_AGREED, Told.ALERT, Told.NOTICE}
PAST = {Told.REFERRAL_SENT, Told.REPLIED, Told.NOTE_SIGNED, Told.SESSION_LOGGED}
PAST |= {Told.RELEASE_SIGNED}


@contextmanager
def told_at_its_moment() -> Iterator[None]:
    """Inside, what the sample people did today is told at once, and of former days the most
    telling at the end."""
    past: list[tuple] = []

    def tell(kind: Told, people: Iterable[User], *, by: User | None = None, **about) -> int:
        if kind in TODAY:
            return notify(kind, people, by=by, **about)
        if kind in PAST:
            past.append((kind, list(people), by, about))
        return 0

    with patch.object(receivers, "notify", tell):
        yield
    for kind, people, by, about in past:
        at = _moment(about["source"], about["referral"], about["at"])
        notify(kind, people, by=by, **{**about, "at": at})
    day_ago = timezone.now() - DAY
    Notification.objects.filter(at__lt=day_ago).update(seen_at=F("at") + 3 * HOUR)


def _moment(source: Model, referral: Referral, told_at: datetime) -> datetime:
    """When it happened, as the sample tells it."""
    sent_at = Referral.objects.get(pk=referral.pk).submitted_at or told_at
    match source:
        case Referral():
            return sent_at
        case ContinuityNote():
            return source.dosing.at + 3 * HOUR
        case IntegrationSession():
            return source.occurred_at + HOUR
    signed_at = getattr(source, "signed_at", None)
    return signed_at or min(sent_at + 2 * DAY, told_at)
