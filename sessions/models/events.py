"""What others may see of the journey: dates and readiness, and the sessions that were held."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.enums import Category
from consent.models import DisclosableItem
from sessions.enums import CATEGORY_OF_EVENT, EventKind, SessionState
from sessions.models.dosing import DosingSession
from sessions.models.episodes import EpisodeOfCare


class CareEvent(DisclosableItem):
    """A date or a result of the clinic's. It follows the record that it speaks of."""

    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    dosing = models.OneToOneField(
        DosingSession, models.PROTECT, related_name="event", null=True, blank=True
    )
    # Repeated here so that a reader of dates never loads the dose itself.
    dose_number = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.CharField(max_length=300, blank=True)

    class Meta(DisclosableItem.Meta):
        verbose_name = "date or result"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    *[Q(kind=k, category=category) for k, category in CATEGORY_OF_EVENT.items()],
                    _connector=Q.OR,
                ),
                name="careevent_category_of_kind",
            ),
            models.CheckConstraint(
                condition=~Q(kind__startswith="dose_")
                | Q(dosing__isnull=False, dose_number__isnull=False),
                name="careevent_dose_has_dosing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.episode_id}"


class IntegrationSession(DisclosableItem):
    """That an integration session was held, or missed: its date, and nothing of what was said."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=SessionState.choices, default=SessionState.HELD)

    read_with: ClassVar = (*DisclosableItem.read_with, "error")

    class Meta(DisclosableItem.Meta):
        verbose_name = "integration session"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(category=Category.SCHEDULE, state__in=SessionState.values),
                name="integrationsession_is_schedule",
            ),
        ]

    def __str__(self) -> str:
        return f"Session {self.state} of {self.episode_id}"

    @property
    def in_error(self) -> bool:
        """Whether it was logged by mistake."""
        return hasattr(self, "error")

    @property
    def was_held(self) -> bool:
        """Whether it counts: held, and not logged by mistake."""
        return self.state == SessionState.HELD and not self.in_error

    def cross(self) -> None:
        """Why it was a mistake stays with those who made it."""
        if self.in_error:
            self.error.reason = ""


class SessionThemes(DisclosableItem):
    """What was worked on in a session, for the clinic before the next dose. Never a transcript."""

    session = models.OneToOneField(IntegrationSession, models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)

    read_with: ClassVar = (*DisclosableItem.read_with, "session__error")

    class Meta(DisclosableItem.Meta):
        verbose_name = "themes of a session"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(category=Category.THEMES) & ~Q(text=""), name="sessionthemes_in_words"
            ),
        ]

    def __str__(self) -> str:
        return f"Themes of {self.session_id}"

    def cross(self) -> None:
        """Of a session that was logged by mistake the words stay at home."""
        if self.session.in_error:
            self.text = ""


class SessionError(models.Model):
    """That a session was logged by mistake. The session stays, and answers no window any more."""

    session = models.OneToOneField(IntegrationSession, models.PROTECT, related_name="error")
    reason = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="sessionerror_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"Error in {self.session_id}"
