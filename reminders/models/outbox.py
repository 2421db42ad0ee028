"""The outbox: what is to be sent, to whom and when. The database is the truth, not the broker."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent.models import EmergencyAccess, Receipt, Release
from referrals.models import Nudge
from reminders.enums import CancelReason, LetterKind, Outcome, ReminderKind, ReminderState
from reminders.querysets import LetterQuerySet, ReminderQuerySet
from sessions.models import DosingSession, EmergencyNotice, EpisodeOfCare, SafetyAlert

THRESHOLDS = (30, 14, 7)  # days before a release ends
UNSENT = (ReminderState.FAILED, ReminderState.MISSED)


class Outgoing(models.Model):
    """One message, sent once while opens_at <= now < closes_at, and only then.

    `lease` is handed out to whoever claims it, and used up by sending. Each kind has an `address`:
    where it goes, as recorded at this moment, for no message keeps an address. `faults`: how often
    it could not even be prepared; `fault`: the class of the last error, never its words, which may
    name somebody. Attempts up to the number `tried_before` are history: it was sent again by hand.
    """

    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=ReminderState.choices, default=ReminderState.PENDING
    )
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True)
    state_since = models.DateTimeField(auto_now_add=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, editable=False)
    faults = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=60, blank=True)
    tried_before = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["opens_at", "closes_at"],
                include=["leased_until"],
                condition=Q(state=ReminderState.PENDING),
                name="%(class)s_pending",
            ),
            models.Index(
                fields=["state_since", "id"],
                condition=Q(state__in=UNSENT),
                name="%(class)s_unsent",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="%(class)s_window_ordered"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReminderState.values), name="%(class)s_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ReminderState.CANCELLED) ^ Q(cancel_reason=""),
                name="%(class)s_cancelled_with_reason",
            ),
        ]


class Reminder(Outgoing):
    """Tell `owner` that a window is open."""

    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="reminders")
    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=12, choices=ReminderKind.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ReminderQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        indexes = [
            *Outgoing.Meta.indexes,
            models.Index(
                fields=["closes_at"],
                condition=Q(state=ReminderState.SENT),
                name="reminder_told",
            ),
        ]
        constraints = [
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(
                fields=["episode", "kind", "dosing"], name="reminder_window_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReminderKind.values), name="reminder_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} reminder {self.pk}"

    @property
    def address(self) -> str:
        return self.owner.email


# What a letter of each kind speaks of, and whether it goes to a user.
SPEAKS_OF = {
    LetterKind.RECEIPT: {"receipt"},
    LetterKind.ENDING: {"release", "days", "user"},
    LetterKind.EMERGENCY: {"emergency", "user"},
    LetterKind.ALERT: {"alert", "user"},
    LetterKind.NUDGE: {"nudge", "user"},
    LetterKind.NOTICE: {"notice", "user"},
    LetterKind.UNANSWERED: {"notice", "user"},
    LetterKind.NEWS: {"user"},
}


def _of_kind(kind: LetterKind, named: set[str]) -> Q:
    """A letter of this kind names exactly these."""
    every = sorted(set().union(*SPEAKS_OF.values()))
    days = Q(days__in=THRESHOLDS) if "days" in named else Q()
    nulls = {f"{name}__isnull": name not in named for name in every}
    return Q(kind=kind, **nulls) & days


class Letter(Outgoing):
    """Tell somebody of a receipt, a release that ends, an emergency, an alert, a notice, or a
    referral that waits: each person once. One of news is for all `news` that it carries.

    A receipt goes to its client, the others to `user`. `days` is the threshold that was passed.
    """

    kind = models.CharField(max_length=10, choices=LetterKind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    receipt = models.OneToOneField(Receipt, models.PROTECT, related_name="+", null=True)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", null=True)
    days = models.PositiveSmallIntegerField(null=True)
    emergency = models.ForeignKey(EmergencyAccess, models.PROTECT, related_name="+", null=True)
    alert = models.ForeignKey(SafetyAlert, models.PROTECT, related_name="+", null=True)
    nudge = models.ForeignKey(Nudge, models.PROTECT, related_name="+", null=True)
    notice = models.ForeignKey(EmergencyNotice, models.PROTECT, related_name="+", null=True)

    objects = LetterQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        constraints = [
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(
                fields=["release", "days", "user"], name="letter_of_ending_once"
            ),
            models.UniqueConstraint(fields=["emergency", "user"], name="letter_of_emergency_once"),
            models.UniqueConstraint(fields=["alert", "user"], name="letter_of_alert_once"),
            models.UniqueConstraint(fields=["nudge", "user"], name="letter_of_nudge_once"),
            models.UniqueConstraint(
                fields=["notice", "kind", "user"], name="letter_of_notice_once"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(kind=LetterKind.NEWS, state=ReminderState.PENDING),
                name="letter_of_news_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(*[_of_kind(*each) for each in SPEAKS_OF.items()], _connector=Q.OR),
                name="letter_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} letter {self.pk}"

    @property
    def address(self) -> str:
        return self.user.email if self.user else self.receipt.release.client.email  # type: ignore[union-attr]


class Attempt(models.Model):
    """One try to send, committed with its Message-ID before the mail server is spoken to."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="attempts", null=True)
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="attempts", null=True)
    number = models.PositiveSmallIntegerField()
    message_id = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.UNKNOWN)
    error = models.CharField(max_length=60, blank=True, help_text="The class, never the words")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reminder", "number"], name="attempt_once"),
            models.UniqueConstraint(fields=["letter", "number"], name="attempt_of_letter_once"),
            models.CheckConstraint(
                condition=Q(reminder=None) ^ Q(letter=None), name="attempt_of_one_message"
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.reminder or self.letter}"


class Heartbeat(models.Model):
    """When a job last ran."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
