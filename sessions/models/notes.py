"""The continuity note: what was done and seen, in sections by category. Never a psychotherapy note.

It may hold prescribing and monitoring, start and stop times, results and summaries, which is
exactly what 45 CFR 164.501 excludes from psychotherapy notes.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.models import DisclosableItem
from sessions.enums import NOTE_CATEGORIES
from sessions.models.dosing import DosingSession
from sessions.models.episodes import EpisodeOfCare


class ContinuityNote(models.Model):
    """A note about one dose: a draft that is the clinic's own, then signed and immutable.

    What is missing is added by an addition, a note of its own that `adds_to` the signed one; what
    is wrong is marked as entered in error. Nothing signed is ever changed or deleted.
    """

    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="notes")
    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="notes")
    adds_to = models.ForeignKey("self", models.PROTECT, related_name="additions", null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why something is added")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0, help_text="Counts saves of the draft")
    draft = models.JSONField(default=dict, help_text="category: text; emptied by signing")
    begun_with = models.JSONField(
        default=dict, help_text="category: what the record said then; emptied by signing"
    )
    draft_substance_use = models.JSONField(default=list, help_text="categories so marked")
    saved_at = models.DateTimeField(auto_now=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    in_error_at = models.DateTimeField(null=True, help_text="When it was marked as a mistake")
    in_error_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    in_error_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="note_signed_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["dosing"],
                condition=Q(adds_to=None, in_error_at=None),
                name="note_current_once",
            ),
            models.UniqueConstraint(
                fields=["adds_to"], condition=Q(signed_at=None), name="note_one_addition_drafted"
            ),
            models.CheckConstraint(
                condition=Q(adds_to=None, reason="")
                | Q(adds_to__isnull=False, signed_at=None)
                | (Q(adds_to__isnull=False) & ~Q(reason="")),
                name="note_addition_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(in_error_at=None, in_error_by=None, in_error_reason="")
                | (
                    Q(in_error_at__isnull=False, in_error_by__isnull=False)
                    & Q(signed_at__isnull=False)
                    & ~Q(in_error_reason="")
                ),
                name="note_in_error_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Note on {self.dosing}"

    @property
    def first(self) -> int:
        """The id of the note that this one is, or adds to."""
        return self.adds_to_id or self.pk


class NoteSection(DisclosableItem):
    """One signed section. It is opened by a release that covers its category."""

    note = models.ForeignKey(ContinuityNote, models.PROTECT, related_name="+")
    text = models.TextField(max_length=8000)

    passes: ClassVar[Q] = Q(note__signed_at__isnull=False)
    read_with: ClassVar = (*DisclosableItem.read_with, "note__in_error_by")

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

    def cross(self) -> None:
        """Why something was added or was wrong is the clinic's own, and so are the words of what
        was entered in error: whoever may read the category learns that it was, and when."""
        if self.note.in_error_at:
            self.text = ""
        self.note.reason = self.note.in_error_reason = ""
