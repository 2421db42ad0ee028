"""Which messages are due, overdue, or past their time; which conferences a person works in."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from people.enums import CLINIC_ROLES, CLINICAL_ROLES
from people.models import Membership
from reminders.enums import CancelReason, ReminderState

if TYPE_CHECKING:
    from people.models import User

GRACE = timedelta(minutes=5)


class OutgoingQuerySet(models.QuerySet):
    def pending(self) -> "OutgoingQuerySet":
        return self.filter(state=ReminderState.PENDING)

    def due(self, now: datetime) -> "OutgoingQuerySet":
        """Pending, inside the window, and leased by nobody."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.pending().filter(free, opens_at__lte=now, closes_at__gt=now)

    def overdue(self, now: datetime) -> "OutgoingQuerySet":
        """Pending although the window opened more than five minutes ago and is not closed."""
        return self.pending().filter(opens_at__lte=now - GRACE, closes_at__gt=now)

    def passed(self, now: datetime) -> "OutgoingQuerySet":
        """Not sent when the window closed."""
        return self.pending().filter(closes_at__lte=now)


class ReminderQuerySet(OutgoingQuerySet):
    def passed(self, now: datetime) -> "ReminderQuerySet":
        """Neither done nor cancelled when the window closed, though it may have been sent."""
        states = [ReminderState.PENDING, ReminderState.SENT]
        return self.filter(state__in=states, closes_at__lte=now)

    def barred(self) -> "ReminderQuerySet":
        """Cancelled because no release permitted it."""
        return self.filter(state=ReminderState.CANCELLED, cancel_reason=CancelReason.RELEASE_ENDED)

    def with_place(self) -> "ReminderQuerySet":
        """Each with `owned_here`: whether its owner is not of the practice that referred."""
        there = Membership.objects.filter(
            user=OuterRef("owner"), organization=OuterRef("episode__referral__practice")
        )
        return self.annotate(owned_here=~Exists(there))


class ConferenceQuerySet(models.QuerySet):
    def at_clinic_of(self, user: "User") -> "ConferenceQuerySet":
        """The conferences of the clinic where `user` works with clients; none for anybody else:
        those outside are led to theirs by what was disclosed to them."""
        membership = user.membership
        if membership is None or membership.role not in CLINICAL_ROLES & CLINIC_ROLES:
            return self.none()
        return self.filter(series__clinic=membership.organization_id)

    def held(self, before: datetime) -> "ConferenceQuerySet":
        """Those that began before the moment `before` and were not called off."""
        return self.filter(called_off_at=None, at__lt=before)
