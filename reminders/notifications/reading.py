"""What a reader is told at the moment they look: a list, a count, or how many a mail may speak of.

What they may not know, or no longer, is nowhere: not in the list, not in the count, not in a mail.
A list names people and is a disclosure, on the channel of lists; a number names nobody, and none
is made.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from consent.clock import database_now
from people.models import Client, User
from reminders.enums import GROUP_OF, Told, Way
from reminders.models import Letter, Notification, Preferences, Reminder
from reminders.notifications.lines import LINES
from reminders.notifications.sight import Sight, look, show

MOST = 500  # rows that are looked at


@dataclass(frozen=True)
class Line:
    """One notification as its reader may have it now. `client` is named only to whoever may open
    the case; `url` is the page of what it tells of."""

    row: Notification
    text: str
    url: str
    client: Client | None = None
    reminder: Reminder | None = None  # of a window that is open, and waits for them

    @property
    def new(self) -> bool:
        return self.row.seen_at is None


def lines_of(user: User, rows: Collection[Notification], *, shown: bool) -> list[Line]:
    """Those of `rows` that `user` may know of now, in their order. `shown`: on a page, which is
    recorded as a disclosure where something crosses; otherwise they may only be counted."""
    if not rows or user.membership is None or not user.is_active:
        return []
    sight = Sight(user, user.membership, rows, database_now(), show if shown else look)
    found = ((row, LINES[Told(row.kind)](sight, row)) for row in rows)
    return [Line(row, *line, sight.waiting(row)) for row, line in found if line]


def told(user: User) -> list[Line]:
    """All that `user` may know of now, the unseen first, then the newest: to count and to page."""
    rows = list(Notification.objects.of(user, timezone.now())[:MOST])
    return lines_of(user, rows, shown=False)


def count_unseen(user: User) -> int:
    """How many that they have not seen `user` may know of now. One query where there are none."""
    rows = list(Notification.objects.of(user, timezone.now()).unseen()[:MOST])
    return len(lines_of(user, rows, shown=False))


def count_of(letter: Letter) -> int:
    """How many of what this letter carries its reader has not seen, may know of at this moment, and
    wants mail about."""
    assert letter.user
    preferences = Preferences.of(letter.user)
    rows = [
        row
        for row in Notification.objects.filter(letter=letter).unseen().select_related("referral")
        if preferences.way(GROUP_OF[Told(row.kind)]) != Way.PORTAL
    ]
    return len(lines_of(letter.user, rows, shown=False))
