"""Times that are proposed and booked, the rooms of a clinic, and who keeps a calendar of them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from consent.enums import Category
from consent.models import DisclosableItem
from people.models import Membership, Organization
from sessions.enums.appointments import MOST_CHOICES, AppointmentKind, AppointmentState
from sessions.models.dosing import DosingSession
from sessions.models.episodes import EpisodeOfCare
from sessions.windows import WindowKind

_S = AppointmentState


class Room(models.Model):
    """A room of a clinic. A retired one is booked no more."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    label = models.CharField(max_length=40)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["clinic", "label"]
        constraints = [
            models.UniqueConstraint(
                "clinic",
                Lower("label"),
                name="room_label_once",
                violation_error_message="There is a room of this name already.",
            ),
            models.CheckConstraint(condition=~Q(label=""), name="room_has_a_label"),
            models.CheckConstraint(
                condition=Q(retired_at=None, retired_by=None)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
                name="room_retired_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Appointment(DisclosableItem):
    """A time that is proposed to somebody, or booked.

    The rows of one offer share their `form_key`, and `choice` counts them. What is booked is of
    the house where `person`, who holds it, works. `window` is the reminded one in which it lay
    when it was booked, and `dose_at` the moment of its dose then. A move is a new row that
    `replaces` this one, with the same `uid` and the next `sequence`.
    """

    form_key = models.UUIDField(default=uuid.uuid4, editable=False)
    choice = models.PositiveSmallIntegerField(default=1)
    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=AppointmentKind.choices)
    dosing = models.ForeignKey(
        DosingSession, models.PROTECT, related_name="+", null=True, blank=True
    )
    # Repeated here so that a reader of dates never loads the dose itself.
    dose_number = models.PositiveSmallIntegerField(null=True, blank=True)
    dose_at = models.DateTimeField(null=True, blank=True)
    window = models.CharField(max_length=12, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, models.PROTECT, related_name="+", null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=AppointmentState.choices)
    replaces = models.OneToOneField("self", models.PROTECT, related_name="+", null=True, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.CharField(max_length=200, blank=True)

    read_with: ClassVar = (*DisclosableItem.read_with, "person", "room", "decided_by")

    class Meta(DisclosableItem.Meta):
        verbose_name = "appointment"
        indexes = [
            *DisclosableItem.Meta.indexes,
            models.Index(
                fields=["episode", "starts_at"],
                condition=Q(state=_S.BOOKED),
                name="appointment_booked",
            ),
            models.Index(fields=["author_organization", "starts_at"], name="appointment_by_house"),
            models.Index(fields=["person", "starts_at"], name="appointment_by_person"),
        ]
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.UniqueConstraint(fields=["form_key", "choice"], name="appointment_choice_once"),
            models.UniqueConstraint(
                fields=["form_key"],
                condition=Q(state=_S.TAKEN),
                name="appointment_one_of_an_offer",
            ),
            models.CheckConstraint(
                condition=Q(
                    category=Category.SCHEDULE,
                    kind__in=AppointmentKind.values,
                    state__in=AppointmentState.values,
                    window__in=["", *WindowKind],
                    choice__gte=1,
                    choice__lte=MOST_CHOICES,
                ),
                name="appointment_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), occurred_at=F("starts_at")),
                name="appointment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(dosing=None, dose_number=None, dose_at=None, window="")
                | Q(dosing__isnull=False, dose_number__isnull=False, dose_at__isnull=False),
                name="appointment_dose_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind=AppointmentKind.DOSE) | Q(dosing__isnull=False),
                name="appointment_of_a_dose",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[_S.PROPOSED, _S.BOOKED],
                    decided_at=None,
                    decided_by=None,
                    reason="",
                )
                | Q(
                    state__in=[_S.TAKEN, _S.DECLINED, _S.LAPSED, _S.CANCELLED],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="appointment_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=_S.CANCELLED, reason=""),
                name="appointment_cancelled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.episode_id}, {self.state}"

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    @property
    def what(self) -> str:
        """Integration after dose 2: in words, without how it stands."""
        if self.dose_number is None:
            return f"{self.get_kind_display()} session"
        if self.kind == AppointmentKind.DOSE:
            return f"Dose {self.dose_number}"
        before = "before" if self.kind == AppointmentKind.PREPARATION else "after"
        return f"{self.get_kind_display()} {before} dose {self.dose_number}"

    def cross(self) -> None:
        """Why, and in which room, stays with the house that wrote it."""
        self.reason, self.room = "", None


class CalendarFeed(models.Model):
    """That somebody subscribes to their times: the secret of the address is kept as its
    fingerprint alone, and dies with the membership under which it was made."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(revoked_at=None), name="calendarfeed_one_each"
            )
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.membership_id}"
