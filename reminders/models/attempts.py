"""How sending went."""

from django.db import models
from django.db.models import Q

from reminders.enums import Outcome
from reminders.models.outbox import Letter, Reminder
from reminders.models.texts import TextMessage


class Attempt(models.Model):
    """One try to send, committed with its Message-ID before the mail server is spoken to."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="attempts", null=True)
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="attempts", null=True)
    text = models.ForeignKey(TextMessage, models.CASCADE, related_name="attempts", null=True)
    number = models.PositiveSmallIntegerField()
    message_id = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.UNKNOWN)
    error = models.CharField(max_length=60, blank=True, help_text="The class, never the words")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reminder", "number"], name="attempt_once"),
            models.UniqueConstraint(fields=["letter", "number"], name="attempt_of_letter_once"),
            models.UniqueConstraint(fields=["text", "number"], name="attempt_of_text_once"),
            models.CheckConstraint(
                condition=Q(reminder__isnull=False, letter=None, text=None)
                | Q(reminder=None, letter__isnull=False, text=None)
                | Q(reminder=None, letter=None, text__isnull=False),
                name="attempt_of_one_message",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.reminder or self.letter or self.text}"


class Heartbeat(models.Model):
    """When a job last ran."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
