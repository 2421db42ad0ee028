"""Which reminders are due, overdue, or of one owner."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from reminders.enums import ReminderState

GRACE = timedelta(minutes=5)


class ReminderQuerySet(models.QuerySet):
    def pending(self) -> "ReminderQuerySet":
        return self.filter(state=ReminderState.PENDING)

    def due(self, now: datetime) -> "ReminderQuerySet":
        """Pending, inside the window, and leased by nobody."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.pending().filter(free, opens_at__lte=now, closes_at__gt=now)

    def overdue(self, now: datetime) -> "ReminderQuerySet":
        """Pending although the window opened more than five minutes ago and is not closed."""
        return self.pending().filter(opens_at__lte=now - GRACE, closes_at__gt=now)

    def passed(self, now: datetime) -> "ReminderQuerySet":
        """Neither done nor cancelled when the window closed."""
        states = [ReminderState.PENDING, ReminderState.SENT]
        return self.filter(state__in=states, closes_at__lte=now)
