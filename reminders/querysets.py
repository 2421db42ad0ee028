"""Which messages are due, overdue, or past their time; which conferences a person works in."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from people.enums import CLINIC_ROLES, CLINICAL_ROLES
from people.models import Membership
from reminders.enums import (
    CHOSEN,
    GROUP_OF,
    OWN_LETTER,
    CancelReason,
    LetterKind,
    ReminderState,
    Way,
)

if TYPE_CHECKING:
    from people.models import User

GRACE = timedelta(minutes=5)
KEPT = timedelta(days=90)  # how long a notification stays in the list


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
        return self.pending().filter(opens_at__lt=now, closes_at__lte=now)

    def open_at(self, now: datetime) -> "OutgoingQuerySet":
        """Pending inside the window, whether leased or not."""
        return self.pending().filter(opens_at__lte=now, closes_at__gt=now)


class LetterQuerySet(OutgoingQuerySet):
    def of_clinic(self, clinic_id: int) -> "LetterQuerySet":
        """The clinic's own mail: about its releases, emergencies, alerts and notices, and what goes
        to its own people. That a practice is told of a next step is the practice's affair."""
        there = Membership.objects.filter(
            user=OuterRef("user"), organization=clinic_id, ended_at=None
        )
        own = Exists(there) & Q(kind__in=[LetterKind.NUDGE, LetterKind.NEWS])
        return self.filter(
            own
            | Q(receipt__release__organization=clinic_id)
            | Q(release__organization=clinic_id)
            | Q(emergency__clinic=clinic_id)
            | Q(alert__episode__clinic=clinic_id)
            | Q(notice__referral__clinic=clinic_id)
        )


class ReminderQuerySet(OutgoingQuerySet):
    def of_clinic(self, clinic_id: int) -> "ReminderQuerySet":
        """Of the clinic's own episodes, whoever owns the window."""
        return self.filter(episode__clinic=clinic_id)

    def passed(self, now: datetime) -> "ReminderQuerySet":
        """Neither done nor cancelled when the window closed, though it may have been sent.

        Each part has an index of its own, so that what is yet to come is not looked through."""
        unsent = Q(state=ReminderState.PENDING, opens_at__lt=now, closes_at__lte=now)
        return self.filter(unsent | Q(state=ReminderState.SENT, closes_at__lte=now))

    def barred(self) -> "ReminderQuerySet":
        """Cancelled because no release permitted it."""
        return self.filter(state=ReminderState.CANCELLED, cancel_reason=CancelReason.RELEASE_ENDED)

    def with_place(self) -> "ReminderQuerySet":
        """Each with `owned_here`: whether its owner is not of the practice that referred."""
        there = Membership.objects.filter(
            user=OuterRef("owner"), organization=OuterRef("episode__referral__practice")
        )
        return self.annotate(owned_here=~Exists(there))


class NotificationQuerySet(models.QuerySet):
    def of(self, user: "User", at: datetime) -> "NotificationQuerySet":
        """What `user` was told of in the last 90 days, the unseen first, then the newest."""
        seen = ExpressionWrapper(Q(seen_at__isnull=False), BooleanField())
        rows = self.filter(user=user, at__gte=at - KEPT)
        return rows.select_related("referral").order_by(seen, "-at", "-pk")

    def unseen(self) -> "NotificationQuerySet":
        return self.filter(seen_at=None)

    def for_mail(self, since: datetime, until: datetime) -> "NotificationQuerySet":
        """What no mail has told of yet, of kinds of which their readers want mail."""
        rows = self.unseen().filter(letter=None, at__gte=since, at__lte=until)
        for group in CHOSEN:
            kinds = [kind for kind, its in GROUP_OF.items() if its == group]
            rows = rows.exclude(**{"kind__in": kinds, f"user__preferences__{group}": Way.PORTAL})
        return rows.exclude(kind__in=OWN_LETTER)


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
