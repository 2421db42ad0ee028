"""The continuity note: what was done and seen, in sections by category. Never a psychotherapy note.

It may hold prescribing and monitoring, start and stop times, results and summaries, which is
exactly what 45 CFR 164.501 excludes from psychotherapy notes.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.models import DisclosableItem
from sessions.enums import NOTE_CATEGORIES
from sessions.models.dosing import DosingSession
from sessions.models.episodes import EpisodeOfCare


class ContinuityNote(models.Model):
    """A note about one dose: a draft that is the clinic's own, then signed and immutable."""

    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="notes")
    dosing = models.OneToOneField(DosingSession, models.PROTECT, related_name="note")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0, help_text="Counts saves of the draft")
    draft = models.JSONField(default=dict, help_text="category: text; emptied by signing")
    draft_substance_use = models.JSONField(default=list, help_text="categories so marked")
    saved_at = models.DateTimeField(auto_now=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="note_signed_at_and_by",
            )
        ]

    def __str__(self) -> str:
        return f"Note on {self.dosing}"


class NoteSection(DisclosableItem):
    """One signed section. It is opened by a release that covers its category."""

    note = models.ForeignKey(ContinuityNote, models.PROTECT, related_name="+")
    text = models.TextField(max_length=8000)

    class Meta(DisclosableItem.Meta):
        verbose_name = "part of a continuity note"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.UniqueConstraint(fields=["note", "category"], name="notesection_category_once"),
            models.CheckConstraint(
                condition=Q(category__in=NOTE_CATEGORIES), name="notesection_category_of_note"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} of {self.note_id}"
