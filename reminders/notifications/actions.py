"""What is written of notifications: telling, seeing, preferences, and gathering them into mail."""

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from audit.record import record
from consent.clock import database_now
from people.models import Membership, User
from referrals.models import Referral
from reminders.actions.letters import LASTS
from reminders.enums import GROUP_OF, LetterKind, Told
from reminders.models import Letter, Notification, Preferences
from reminders.notifications.timing import Hours, hours_of

logger = logging.getLogger("reminders")
MOST = 1000  # rows in one round; the others come in the next


def notify(
    kind: Told,
    people: Iterable[User],
    *,
    source: Model,
    at: datetime,
    referral: Referral | None = None,
    by: User | None = None,
) -> int:
    """Tell each of `people` of what happened at the moment `at`, but for whoever did it; how many.

    In the transaction of what happened. `source` is the row that tells of it: the same row, kind
    and moment tell a person once. Nothing is decided here about who may know: what a kind shows,
    and to whom, stands in `reminders.notifications.lines`. Mail follows by itself (`gather_news`).
    """
    rows = [
        Notification(user=user, kind=kind, referral=referral, source=source.pk, at=at)
        for user in people
        if by is None or user.pk != by.pk
    ]
    return len(Notification.objects.bulk_create(rows, ignore_conflicts=True))


@transaction.atomic
def mark_seen(*, by: User, notification: Notification) -> Notification:
    """Seen by the person it is for; a second time changes nothing."""
    rows = Notification.objects.select_for_update(of=("self",), no_key=True)
    row = rows.get(pk=notification.pk, user=by)
    if row.seen_at is None:
        row.seen_at = max(database_now(), row.at)
        row.save(update_fields=["seen_at"])
        record("notification.seen", by=by, on=row)
    return row


@transaction.atomic
def mark_all_seen(*, by: User, notifications: Iterable[Notification]) -> int:
    """Those of `notifications` that are theirs and unseen; how many. What came meanwhile, or was
    not on their page, stays unseen."""
    rows = Notification.objects.select_for_update(of=("self",), no_key=True)
    mine = list(rows.filter(pk__in=[each.pk for each in notifications], user=by, seen_at=None))
    for row in mine:
        row.seen_at = max(database_now(), row.at)
    Notification.objects.bulk_update(mine, ["seen_at"])
    if mine:
        record("notification.all_seen", by=by, on=by, rows=[row.pk for row in mine])
    return len(mine)


@transaction.atomic
def save_preferences(*, by: User, values: Mapping[str, Any]) -> Preferences:
    """`values`: a Way for each group that can be chosen, digest_hour (0 to 23), quiet_from and
    quiet_until. Saving the same again changes nothing. Raises ValidationError for anything else.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    row = Preferences.of(by)
    before = dict(row.__dict__)
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean(exclude=["user"], validate_unique=False)
    if row.pk and before == dict(row.__dict__):
        return row
    row.save()
    record("preferences.saved", by=by, on=row)
    return row


# ---------------------------------------------------------------- mail
def gather_news(now: datetime) -> int:
    """Put what may be mailed by now into one letter for each person; how many letters.

    When that is follows each time from what they prefer at this moment, so that nothing waits by
    an older wish. A letter that could not be sent yet takes up what comes meanwhile.
    """
    waiting = Notification.objects.for_mail(now - LASTS, now).order_by("at", "pk")[:MOST]
    by_user: dict[int, list[Notification]] = {}
    for row in waiting:
        by_user.setdefault(row.user_id, []).append(row)
    people = Membership.objects.filter(user__in=by_user, ended_at=None, user__is_active=True)
    wishes = {row.user_id: row for row in Preferences.objects.filter(user__in=by_user)}
    made = 0
    for membership in people.select_related("organization", "user") if by_user else ():
        user = membership.user
        preferences = wishes.get(user.pk) or Preferences(user=user)
        hours = hours_of(membership.organization, preferences)
        due = [row.pk for row in by_user[user.pk] if is_due(row, hours, preferences, now)]
        try:
            made += _put_in_a_letter(user, due, now) if due else 0
        except Exception as error:
            logger.error("user %s: no letter of news, %s", user.pk, type(error).__name__)
    return made


@transaction.atomic
def _put_in_a_letter(user: User, due: Collection[int], now: datetime) -> int:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    rows = Notification.objects.filter(pk__in=due, letter=None, seen_at=None)
    if not rows.exists():
        return 0
    waits = Letter.objects.pending().filter(kind=LetterKind.NEWS, user=user).first()
    letter = waits or Letter.objects.create(
        kind=LetterKind.NEWS, user=user, opens_at=now, closes_at=now + LASTS
    )
    rows.update(letter=letter)
    return int(waits is None)


def is_due(row: Notification, hours: Hours, preferences: Preferences, now: datetime) -> bool:
    """Whether mail may tell of it now, as its reader prefers."""
    opens = hours.opens_at(row.at, preferences.way(GROUP_OF[Told(row.kind)]))
    return opens is not None and opens <= now and not hours.quiet(now)
