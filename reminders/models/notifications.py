"""What somebody is told in the portal, and how mail tells them that something new waits there."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from people.validators import validate_timezone
from referrals.models import Referral
from reminders.enums import CHOSEN, Group, Told, Way
from reminders.models.outbox import Letter
from reminders.querysets import NotificationQuerySet

USUAL_HOUR = 8  # of the digest
USUAL = {
    Group.MESSAGES: Way.AT_ONCE,
    Group.REFERRALS: Way.AT_ONCE,
    Group.WINDOWS: Way.AT_ONCE,
}


PHONE = RegexValidator(
    r"^\+[1-9][0-9]{7,14}$", "Enter the number with its country, such as +1 555 010 0199."
)


class Notification(models.Model):
    """That something happened which concerns `user`, and where it stands.

    It holds no words, nobody's name, and no right to know: `source` is the id of the row that
    tells of it (of which table, `kind` says), and whether and what its reader may know of that is
    asked whenever they look (`reminders.notifications.reading`).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Told.choices)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="+", null=True)
    source = models.PositiveBigIntegerField()
    at = models.DateTimeField(help_text="When it happened")
    seen_at = models.DateTimeField(null=True, blank=True)
    letter = models.ForeignKey(
        Letter, models.PROTECT, related_name="news", null=True, help_text="Which mail told of it"
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notification_of_user"),
            models.Index(
                fields=["user", "-at"], condition=Q(seen_at=None), name="notification_unseen"
            ),
            models.Index(
                fields=["at"], condition=Q(seen_at=None, letter=None), name="notification_unmailed"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "source", "at"], name="notification_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Told.values), name="notification_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(seen_at=None) | Q(seen_at__gte=F("at")),
                name="notification_seen_after_it_happened",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} notification {self.pk}"


def _way(group: Group) -> models.CharField:
    usual = USUAL.get(group, Way.DIGEST)
    return models.CharField(max_length=8, choices=Way.choices, default=usual)


class Preferences(models.Model):
    """How mail tells one person that something new waits; without a row, as the defaults say.

    Hours are those of the clock in `timezone`, or else where they work. There is no column for
    safety: what is said of it goes at once, at any hour. `phone`: where text messages go too.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="preferences"
    )
    messages = _way(Group.MESSAGES)
    referrals = _way(Group.REFERRALS)
    coordination = _way(Group.COORDINATION)
    notes = _way(Group.NOTES)
    releases = _way(Group.RELEASES)
    windows = _way(Group.WINDOWS)
    digest_hour = models.PositiveSmallIntegerField(default=USUAL_HOUR, help_text="0 to 23")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    timezone = models.CharField(max_length=40, blank=True, validators=[validate_timezone])
    phone = models.CharField(max_length=16, blank=True, validators=[PHONE])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{group}__in": Way.values for group in CHOSEN}),
                name="preferences_ways_known",
            ),
            models.CheckConstraint(
                condition=~Q(windows=Way.PORTAL), name="preferences_windows_are_mailed"
            ),
            models.CheckConstraint(
                condition=Q(digest_hour__gte=0, digest_hour__lte=23), name="preferences_hour_of_day"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | (
                    Q(quiet_from__isnull=False, quiet_until__isnull=False)
                    & ~Q(quiet_from=F("quiet_until"))
                ),
                name="preferences_quiet_from_until",
            ),
        ]

    def __str__(self) -> str:
        return f"Preferences of {self.user_id}"

    @classmethod
    def of(cls, user: AbstractBaseUser) -> "Preferences":
        """As they were saved; as the defaults say where they never were."""
        return cls.objects.filter(user=user.pk).first() or cls(user_id=user.pk)

    def way(self, group: str) -> Way:
        """How mail tells of this group; of what is not chosen, at once."""
        return Way(getattr(self, group)) if group in CHOSEN else Way.AT_ONCE
