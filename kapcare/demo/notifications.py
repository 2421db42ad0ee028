"""What the sample people were told. The cases are loaded in one minute, and tell of weeks: so what
lies behind is told anew, each at its own moment, and what is older than a day was seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db.models import F
from django.utils import timezone

from consent.models import Release
from referrals.models import ClinicReply, Referral
from reminders.enums import Told
from reminders.models import Notification
from reminders.notifications import people, receivers
from reminders.notifications.actions import notify
from sessions.models import ContinuityNote, IntegrationSession

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = (Told.MESSAGE, Told.PLAN_PROPOSED, Told.PLAN_AGREED, Told.ALERT, Told.NOTICE)


@contextmanager
def told_of_today_alone() -> Iterator[None]:
    """Inside, of all that is loaded only what the sample people did today is told."""

    def told(kind: Told, *args: Any, **about: Any) -> int:
        return notify(kind, *args, **about) if kind in TODAY else 0

    with patch.object(receivers, "notify", told):
        yield


def tell_of_the_past() -> None:
    """Referrals, answers, releases, notes and sessions of former days."""
    now = timezone.now()
    for referral in Referral.objects.sent():
        about: dict[str, Any] = {"referral": referral, "source": referral}
        notify(Told.REFERRAL_SENT, people.triage(referral), at=referral.submitted_at, **about)
    for reply in ClinicReply.unscoped.select_related("referral"):
        referral = reply.referral
        at = min(now, referral.submitted_at + 2 * DAY)  # type: ignore[operator]
        practice = people.of_practice(referral, now)
        notify(Told.REPLIED, practice, source=reply, at=at, referral=referral)
    for release in Release.objects.signed():
        receivers.tell_of_release(Release, release=release, by=release.created_by)
    for note in ContinuityNote.objects.filter(signed_at__isnull=False):
        referral, at = note.episode.referral, note.dosing.at + 3 * HOUR
        readers = people.outside(referral, now)
        notify(Told.NOTE_SIGNED, readers, source=note, at=at, referral=referral)
    for session in IntegrationSession.unscoped.select_related("episode__referral"):
        referral, at = session.episode.referral, session.occurred_at + HOUR
        other = receivers.other_house(referral, session.author, now)
        notify(Told.SESSION_LOGGED, other, source=session, at=at, referral=referral)
    Notification.objects.filter(at__lt=now - DAY).update(seen_at=F("at") + 3 * HOUR)
