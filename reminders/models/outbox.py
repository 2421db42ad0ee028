"""The outbox: what is to be sent, to whom and when. The database is the truth, not the broker."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from consent.models import EmergencyAccess, Receipt, Release
from people.models import Licence
from referrals.models import Nudge
from reminders.enums import WINDOWS, CancelReason, LetterKind, ReminderKind, ReminderState, Stage
from reminders.querysets import LetterQuerySet, ReminderQuerySet
from sessions.models import Clearance, DosingSession, EmergencyNotice, EpisodeOfCare, SafetyAlert

THRESHOLDS = (30, 14, 7)  # days before a release ends
UNANSWERED = (ReminderState.PENDING, ReminderState.SENT, ReminderState.FAILED)
UNSENT = (ReminderState.FAILED, ReminderState.MISSED)


class Outgoing(models.Model):
    """One message, sent once while opens_at <= now < closes_at, and only then.

    `lease` is handed out to whoever claims it, and used up by sending. Each kind has an `address`:
    where it goes, as recorded at this moment, for no message keeps an address. `faults`: how often
    it could not even be prepared; `fault`: the class of the last error, never its words, which may
    name somebody. Attempts up to the number `tried_before` are history: it was sent again by hand.
    `held_until`: whoever is told wants it later.
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
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(
                fields=["opens_at", "closes_at"],
                include=["leased_until", "held_until"],
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
    """Tell `owner` that a window is open, or that something waits before a dose.

    The one of the first stage stands for the window itself: whether it was answered or missed, and
    whether its owner has said that they see to it.
    """

    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="reminders")
    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=12, choices=ReminderKind.choices)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.OPENING)
    seen_to_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField(default=timezone.now)  # as it is now
    told_together = models.BooleanField(default=False)  # with another window, by one mail
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ReminderQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        indexes = [
            *Outgoing.Meta.indexes,
            models.Index(
                fields=["closes_at"],
                condition=Q(stage=Stage.OPENING, kind__in=WINDOWS, state__in=UNANSWERED),
                name="reminder_unanswered",
            ),
        ]
        constraints = [
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(
                fields=["episode", "kind", "dosing", "stage"], name="reminder_window_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReminderKind.values) & Q(stage__in=Stage.values),
                name="reminder_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(seen_to_at=None) | Q(stage=Stage.OPENING),
                name="reminder_seen_to_as_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} reminder {self.pk}, {self.stage}"

    @property
    def whole(self) -> "Reminder":
        """The one that stands for the same window."""
        if self.stage == Stage.OPENING:
            return self
        return Reminder.objects.get(dosing=self.dosing_id, kind=self.kind, stage=Stage.OPENING)

    def others(self) -> ReminderQuerySet:
        """What else is said of the same window."""
        same = Reminder.objects.filter(dosing=self.dosing_id, kind=self.kind)
        return same.exclude(pk=self.pk)

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
    LetterKind.MISSED: {"reminder", "user"},
    LetterKind.CLEARANCE: {"clearance", "days", "user"},
    LetterKind.LICENCE: {"licence", "days", "user"},
}


def _of_kind(kind: LetterKind, named: set[str]) -> Q:
    """A letter of this kind names exactly these."""
    every = sorted(set().union(*SPEAKS_OF.values()))
    days = Q(days__in=THRESHOLDS) if "days" in named else Q()
    nulls = {f"{name}__isnull": name not in named for name in every}
    return Q(kind=kind, **nulls) & days


class Letter(Outgoing):
    """Tell somebody of a receipt, of what ends soon, an emergency, an alert, a notice, a window
    that was missed, or a referral that waits: each person once. One of news is for all `news` that
    it carries.

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
    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="+", null=True)
    clearance = models.ForeignKey(Clearance, models.PROTECT, related_name="+", null=True)
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="+", null=True)

    objects = LetterQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        constraints = [
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(
                fields=["release", "days", "user"], name="letter_of_ending_once"
            ),
            models.UniqueConstraint(
                fields=["clearance", "days", "user"], name="letter_of_clearance_once"
            ),
            models.UniqueConstraint(
                fields=["licence", "days", "user"], name="letter_of_licence_once"
            ),
            models.UniqueConstraint(fields=["reminder", "user"], name="letter_of_missed_once"),
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
