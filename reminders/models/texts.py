"""Messages to a mobile phone, for those who asked for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reminders.models.outbox import Letter, Outgoing, Reminder
from reminders.querysets import TextQuerySet


class TextMessage(Outgoing):
    """Tell `user` on their phone too what a reminder or a letter tells them: each once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reminder = models.OneToOneField(Reminder, models.CASCADE, related_name="text", null=True)
    letter = models.OneToOneField(Letter, models.CASCADE, related_name="text", null=True)

    objects = TextQuerySet.as_manager()

    class Meta(Outgoing.Meta):
        constraints = [
            *Outgoing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(reminder=None) ^ Q(letter=None), name="textmessage_of_one_message"
            ),
        ]

    def __str__(self) -> str:
        return f"text message {self.pk}"

    @property
    def message(self) -> Reminder | Letter:
        """What it tells of."""
        found = self.reminder or self.letter
        assert found
        return found

    @property
    def address(self) -> str:
        """The number as it is set at this moment; empty where none is any more."""
        preferences = getattr(self.user, "preferences", None)
        return preferences.phone if preferences else ""
