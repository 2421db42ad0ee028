"""Psychotherapy notes as 45 CFR 164.501 defines them: kept apart from the rest of the record.

They document or analyse what was said in a session. They are their author's alone: no release
opens them, no colleague, administrator or emergency reads them, and no list, count, export or
search holds them. What the law excludes from them (medicines, times, results, summaries) belongs
in the continuity note. Somebody who is no longer at the clinic reads theirs no more.
"""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from people.enums import Role
from sessions.models.episodes import EpisodeOfCare

if TYPE_CHECKING:
    from people.models import User

KEPT_BY = frozenset({Role.PRESCRIBER, Role.KAP_THERAPIST})


class OwnNotesManager(models.Manager):
    """Offers one way to rows: `of_author`."""

    def get_queryset(self) -> QuerySet:
        raise TypeError("Psychotherapy notes are read by of_author(user) and in no other way.")

    def of_author(self, user: "User") -> QuerySet:
        """What `user` wrote about clients of the clinic where they hold sessions now, the newest
        first; nothing for anybody else, whatever rights their account has."""
        rows = super().get_queryset()
        membership = user.membership
        if membership is None or membership.role not in KEPT_BY:
            return rows.none()
        own = rows.filter(author=user, episode__clinic=membership.organization_id)
        return own.order_by("-begun_at", "-pk")


class PsychotherapyNote(models.Model):
    """One note about one episode: changed by its author until it is closed, and never after."""

    form_key = models.UUIDField(
        unique=True,
        default=uuid.uuid4,
        editable=False,
        error_messages={"unique": "This form was used already. Open the page again."},
    )
    # No accessor leads back from the episode or its people.
    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0, help_text="Counts saves")
    text = models.TextField(max_length=8000)
    begun_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True)

    objects = OwnNotesManager()
    unscoped = models.Manager()  # for Django's own needs; a test finds nobody else who says it

    class Meta:
        default_manager_name = base_manager_name = "unscoped"
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="psychotherapynote_has_words")
        ]

    def __str__(self) -> str:
        return f"Psychotherapy note {self.pk}"
