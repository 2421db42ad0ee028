"""A window that closed with nothing held: noted once, and passed on to whoever coordinates."""

from datetime import datetime

from django.db import connection, transaction

from consent.access import Access, Reader
from people.enums import Role
from people.models import User
from reminders.actions.letters import LASTS, members_as
from reminders.enums import CancelReason, LetterKind, ReminderState, Told
from reminders.models import Letter, Reminder
from reminders.notifications.actions import notify
from reminders.today import may_know

MOST = 500  # in one go; the others follow in the same round


def note_missed(now: datetime) -> int:
    """Windows that are over by the moment `now` with nothing held in them are missed, and the
    coordinators of the clinic are told; how many windows."""
    noted = 0
    while found := _note_some(now):
        noted += found
    return noted


@transaction.atomic
def _note_some(now: datetime) -> int:
    rows = Reminder.objects.missed(now).order_by("closes_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, no_key=True)
    found = list(rows.values_list("pk", flat=True)[:MOST])
    rows = Reminder.objects.filter(pk__in=found)
    missed = list(rows.select_related("episode__referral")) if found else []
    fields = {"state": ReminderState.MISSED, "state_since": now}
    rows.update(**fields, leased_until=None, lease=None)
    people: dict[int, list[User]] = {}
    for row in missed:
        clinic = row.episode.clinic_id
        if clinic not in people:
            people[clinic] = list(members_as(Role.COORDINATOR, clinic))
        _tell(row, people[clinic], now)
    return len(missed)


def _tell(row: Reminder, people: list[User], now: datetime) -> None:
    letters = [
        Letter(
            kind=LetterKind.MISSED,
            reminder=row,
            user=user,
            opens_at=now,
            closes_at=now + LASTS,
        )
        for user in people
    ]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    Letter.objects.filter(reminder=row, cancel_reason=CancelReason.ANSWERED).update(
        state=ReminderState.PENDING, cancel_reason="", opens_at=now, closes_at=now + LASTS
    )  # a session that was logged late turned out to be a mistake
    case, at = row.episode.referral, row.closes_at
    notify(Told.WINDOW_MISSED, people, source=row, at=at, referral=case)


def stands(letter: Letter, at: datetime) -> bool:
    """Whether the window that it tells of is still known as missed, and may be known to be."""
    rows = Reminder.objects.with_place().select_related("episode__referral")
    row = rows.get(pk=letter.reminder_id)
    if row.state != ReminderState.MISSED:
        return False
    assert letter.user
    if letter.user.membership is None:
        return False
    access = Access.load(Reader.of(letter.user), {row.episode.client_id}, at)
    return may_know(row, access)
