"""The outbox: one row for each window to remind of. The database is the truth, not the broker."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reminders.enums import CancelReason, Outcome, ReminderKind, ReminderState
from reminders.querysets import ReminderQuerySet
from sessions.models import DosingSession, EpisodeOfCare


class Reminder(models.Model):
    """Tell `owner` that a window is open. Sent while opens_at <= now < closes_at, and only then."""

    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="reminders")
    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=12, choices=ReminderKind.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=ReminderState.choices, default=ReminderState.PENDING
    )
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True)
    state_since = models.DateTimeField(auto_now_add=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["opens_at", "closes_at"],
                include=["leased_until"],
                condition=Q(state=ReminderState.PENDING),
                name="reminder_pending",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "kind", "dosing"], name="reminder_window_once"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="reminder_window_ordered"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReminderState.values, kind__in=ReminderKind.values),
                name="reminder_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state=ReminderState.CANCELLED) ^ Q(cancel_reason=""),
                name="reminder_cancelled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} reminder {self.pk}"


class Attempt(models.Model):
    """One try to send, committed with its Message-ID before the mail server is spoken to."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    message_id = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.UNKNOWN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reminder", "number"], name="attempt_once")]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.reminder_id}"


class Heartbeat(models.Model):
    """When a job last ran."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
