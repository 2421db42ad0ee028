"""A colleague covers for a therapist, for some days."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from people.formats import last_moment
from people.models import Organization
from referrals.querysets import CoverQuerySet

MOST_DAYS = 90


class Cover(models.Model):
    """While it lasts, `colleague` is on the cases for which `covered` answers at the practice.

    Nothing is granted and nothing has to be taken back: who covers is asked each time a case is
    opened, so that it begins and ends by the clock alone. It gives a place on the case, never a
    release: what names a person opens to that person.
    """

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    covered = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    colleague = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(help_text="The first moment of the first day, at the practice")
    until = models.DateTimeField(help_text="The first moment after the last day")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Ended before its time")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    over_noted_at = models.DateTimeField(
        null=True, blank=True, help_text="When the round noted that its time was over"
    )

    objects = CoverQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["colleague", "until"], name="cover_of_colleague")]
        constraints = [
            models.CheckConstraint(condition=~Q(covered=F("colleague")), name="cover_by_another"),
            models.CheckConstraint(
                condition=Q(until__gt=F("starts_at")), name="cover_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="cover_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"cover {self.pk}"

    def save(self, *args, **kwargs) -> None:
        # The database cannot count days alike on both engines.
        if self.until - self.starts_at > timedelta(days=MOST_DAYS, hours=1):
            raise ValidationError(f"A cover lasts at most {MOST_DAYS} days.")
        super().save(*args, **kwargs)

    def in_force(self, at: datetime) -> bool:
        """Whether it holds at the aware moment `at`: from its start, until it is over or ended."""
        return self.starts_at <= at < self.over_at

    @property
    def over_at(self) -> datetime:
        return min(self.until, self.ended_at) if self.ended_at else self.until

    @property
    def last_day(self) -> date:
        return timezone.localdate(last_moment(self.until), ZoneInfo(self.practice.timezone))
