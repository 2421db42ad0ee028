"""Questionnaires: the link by which a client is asked, what was answered, and the score of it."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from consent.enums import Category
from consent.models import DisclosableItem, SecretLink
from consent.models.items import DoorManager
from people.models import Organization
from sessions.enums.outcomes import SCORED, Instrument
from sessions.instruments import DIFFICULTY, ITEM_9, QUESTIONNAIRES
from sessions.models.clinical import Recorded
from sessions.models.digits import is_whole, total
from sessions.models.episodes import EpisodeOfCare


class QuestionLink(SecretLink):
    """One way for a client to answer what they are asked, once. `asked` lists instruments."""

    LASTS = timedelta(days=7)
    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="question_links")
    asked = models.JSONField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(closed_at=None, used_at=None),
                name="questionlink_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"questions of {self.episode_id}"

    def is_open(self, at) -> bool:
        return self.used_at is None and super().is_open(at)

    @property
    def client_id(self) -> int:
        return self.episode.client_id

    @property
    def clinic(self) -> Organization:
        return self.episode.clinic

    @property
    def asked_labels(self) -> list[str]:
        return [Instrument(each).label for each in self.asked]


class ScoreManager(DoorManager):
    """Through the door go scores and dates. What was answered to each item stays behind it: only
    a page of the clinic's own asks a row for that, and it is then loaded."""

    def readable_by(self, access) -> models.QuerySet:
        in_error = Exists(OutcomeError.objects.filter(response=OuterRef("pk")))
        rows = super().readable_by(access).annotate(in_error=in_error)
        return rows.defer("answers", "difficulty")


class OutcomeResponse(DisclosableItem):
    """One questionnaire, answered. The database computes the score: nothing can write it.

    Without a `link` the author entered what the client answered in their presence or on paper;
    with one the client answered, and the author is who asked them.
    """

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=12, choices=Instrument.choices)
    answers = models.CharField(max_length=20, help_text="One digit an item")
    score = models.GeneratedField(
        expression=total("answers"),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    difficulty = models.PositiveSmallIntegerField(null=True, blank=True)
    link = models.ForeignKey(QuestionLink, models.PROTECT, related_name="+", null=True, blank=True)

    in_error: bool  # of rows read through the door
    objects: ClassVar[DoorManager] = ScoreManager()

    class Meta(DisclosableItem.Meta):
        verbose_name = "questionnaire score"
        constraints = [
            *DisclosableItem.Meta.constraints,
            models.CheckConstraint(
                condition=Q(category=Category.OUTCOMES), name="outcomeresponse_is_outcome"
            ),
            models.CheckConstraint(
                condition=Q(
                    *[
                        Q(instrument=each) & is_whole("answers", QUESTIONNAIRES[each])
                        for each in SCORED
                    ],
                    _connector=Q.OR,
                ),
                name="outcomeresponse_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(difficulty=None)
                | Q(instrument=Instrument.PHQ9, difficulty__lt=len(DIFFICULTY[1])),
                name="outcomeresponse_difficulty_known",
            ),
            models.UniqueConstraint(
                fields=["link", "instrument"], name="outcomeresponse_once_a_link"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} of {self.episode_id}"

    @property
    def raises_alert(self) -> bool:
        """Whether item 9 of PHQ-9 is above 0."""
        return self.instrument == Instrument.PHQ9 and self.answers[ITEM_9] != "0"


class OutcomeError(models.Model):
    """That a response was entered in error. The response stays, and counts no more."""

    response = models.OneToOneField(OutcomeResponse, models.PROTECT, related_name="error")
    reason = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="outcomeerror_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"error in {self.response_id}"


class Satisfaction(Recorded):
    """What the client thinks of the clinic: its own record, which no release opens."""

    instrument = Instrument.SATISFACTION
    answered_at = models.DateTimeField()
    answers = models.CharField(max_length=3)
    comment = models.TextField(max_length=2000, blank=True)
    link = models.OneToOneField(
        QuestionLink, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta(Recorded.Meta):
        ordering = ["-answered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=is_whole("answers", QUESTIONNAIRES[Instrument.SATISFACTION]),
                name="satisfaction_answered_whole",
            )
        ]

    def __str__(self) -> str:
        return f"Satisfaction of {self.episode_id}"
