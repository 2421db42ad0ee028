"""Case conferences: how often they are held, each one, who was there.

What of a conference concerns a client stands in `agenda.py`. Nothing here names one.
"""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q

from people.enums import Role
from people.models import Organization
from reminders.querysets import ConferenceQuerySet

WEEKS = {1: "Every week", 2: "Every two weeks"}
SHORTEST, LONGEST = 10, 240  # minutes


class ConferenceSeries(models.Model):
    """A clinic holds a conference every week or every two, from a day on: on that weekday.

    `at_time` is a time of the clinic's own zone. `last_on` is the last day on which one is held;
    a clinic has one series without such a day, and the next begins after the last day of the one
    before it.
    """

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    first_on = models.DateField()
    at_time = models.TimeField()
    every_weeks = models.PositiveSmallIntegerField(choices=WEEKS)
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=200, help_text="A room, or how to join")
    set_up_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_up_at = models.DateTimeField(auto_now_add=True)
    last_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic"], condition=Q(last_on=None), name="conferenceseries_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(every_weeks__in=list(WEEKS))
                & Q(minutes__gte=SHORTEST, minutes__lte=LONGEST)
                & ~Q(place=""),
                name="conferenceseries_whole",
            ),
            models.CheckConstraint(
                condition=Q(last_on=None, ended_by=None, ended_at=None)
                | Q(last_on__isnull=False, ended_by__isnull=False, ended_at__isnull=False),
                name="conferenceseries_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.often.lower()} on {self.weekday}s at {self.at_time:%H:%M}"

    @property
    def often(self) -> str:
        return WEEKS[self.every_weeks]

    @property
    def weekday(self) -> str:
        return f"{self.first_on:%A}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.clinic.timezone)


class Conference(models.Model):
    """One of them. Made when somebody prepares it; nothing of it changes but that it is called
    off."""

    series = models.ForeignKey(ConferenceSeries, models.PROTECT, related_name="conferences")
    at = models.DateTimeField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(auto_now_add=True)
    called_off_at = models.DateTimeField(null=True, blank=True)
    called_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    called_off_why = models.CharField(max_length=200, blank=True)

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["series", "at"], name="conference_once"),
            models.CheckConstraint(
                condition=Q(called_off_at=None, called_off_by=None, called_off_why="")
                | (
                    Q(called_off_at__isnull=False, called_off_by__isnull=False)
                    & ~Q(called_off_why="")
                ),
                name="conference_called_off_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"conference {self.pk}"

    @property
    def ends_at(self) -> datetime:
        return self.at + timedelta(minutes=self.series.minutes)

    def has_begun(self, at: datetime) -> bool:
        return at >= self.at

    def is_over(self, at: datetime) -> bool:
        return at >= self.ends_at


class ConferenceAttendance(models.Model):
    """That somebody was there, or, where it was ticked by mistake, was not: the newest row counts.

    The clinic's people are there for the whole conference. Others join for one case.
    """

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="attendance")
    case = models.ForeignKey(
        "reminders.ConferenceCase", models.PROTECT, related_name="+", null=True, blank=True
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices, help_text="As it was then")
    present = models.BooleanField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="conferenceattendance_role_known"
            )
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk} of {self.conference_id}"
