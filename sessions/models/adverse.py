"""Adverse events: what happened, how they went on, and that a prescriber reviewed them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from sessions.enums.observing import Grade, Outcome
from sessions.models.dosing import DosingSession
from sessions.models.episodes import EpisodeOfCare
from sessions.models.observations import Observed

KNOWN = Q(severity__in=Grade.values, outcome__in=Outcome.values)
# Grade 5 is death, and nothing else is.
FATAL = Q(severity=Grade.DEATH, outcome=Outcome.FATAL) | (
    ~Q(severity=Grade.DEATH) & ~Q(outcome=Outcome.FATAL)
)


class Graded(models.Model):
    """How severe, and with what outcome, as it was known then."""

    severity = models.PositiveSmallIntegerField(choices=Grade.choices)
    outcome = models.CharField(max_length=14, choices=Outcome.choices)

    class Meta:
        abstract = True


class AdverseEvent(Graded, Observed):
    """Something untoward during or after treatment, whether or not the dose caused it."""

    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="adverse_events")
    dosing = models.ForeignKey(
        DosingSession, models.PROTECT, related_name="adverse_events", null=True, blank=True
    )
    what = models.TextField(max_length=2000)
    actions_taken = models.TextField(max_length=2000, blank=True)

    class Meta(Observed.Meta):
        verbose_name = "adverse event"
        constraints = [
            *Observed.Meta.constraints,
            models.CheckConstraint(condition=KNOWN & ~Q(what=""), name="adverse_event_whole"),
            models.CheckConstraint(condition=FATAL, name="adverse_event_death_is_fatal"),
        ]

    def __str__(self) -> str:
        return f"Adverse event of {self.episode}"

    @property
    def now(self) -> Graded:
        """Severity and outcome as they were last told: by the newest update, or by the event."""
        return max(self.updates.all(), key=lambda u: (u.at, u.pk), default=self)

    @property
    def is_reviewed(self) -> bool:
        """Whether a prescriber reviewed it since it was last told."""
        told = max((u.recorded_at for u in self.updates.all()), default=self.recorded_at)
        return any(review.reviewed_at >= told for review in self.reviews.all())

    @property
    def sentence(self) -> str:
        now = self.now
        ending = f"{now.get_severity_display()}, {now.get_outcome_display().lower()}"
        return f"{self.what.rstrip('.')}. {ending}."

    def facts(self) -> dict[str, str]:
        return {
            "What happened": self.what,
            "Severity": self.get_severity_display(),
            "Outcome": self.get_outcome_display(),
            "What was done": self.actions_taken,
            **super().facts(),
        }


class AdverseEventUpdate(Graded):
    """How an adverse event went on. Appended; the newest counts."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(AdverseEvent, models.PROTECT, related_name="updates")
    at = models.DateTimeField()
    note = models.TextField(max_length=2000, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=KNOWN, name="adverse_update_known"),
            models.CheckConstraint(condition=FATAL, name="adverse_update_death_is_fatal"),
        ]

    def __str__(self) -> str:
        return f"Update of {self.event}"


class AdverseEventReview(models.Model):
    """That a prescriber reviewed an event as it stood; told or corrected anew, so is its review."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(AdverseEvent, models.PROTECT, related_name="reviews")
    finding = models.CharField(max_length=500)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["reviewed_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(finding=""), name="adverse_review_in_words")
        ]

    def __str__(self) -> str:
        return f"Review of {self.event}"
