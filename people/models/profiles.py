"""What a clinic says of itself: published versions, which never change, and the draft of the next.

Every version is a row of its own; the newest counts. What a clinic promised on a day can therefore
be read as it stood then.
"""

import uuid

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from people.models.accounts import Organization, User
from people.profiles.questions import (
    EVERY_DAY,
    LONGEST,
    LONGEST_PHONE,
    MOST_REPLY_DAYS,
    MOST_WEEKS,
    QUESTIONS,
)
from people.querysets import ProfileQuerySet


def _answer(name: str) -> models.TextField:
    return models.TextField(QUESTIONS[name].label, validators=[MaxLengthValidator(LONGEST)])


def _number(least: int, most: int, **options) -> models.PositiveSmallIntegerField:
    limits = [MinValueValidator(least), MaxValueValidator(most)]
    return models.PositiveSmallIntegerField(validators=limits, **options)


def _given(name: str) -> Q:
    return ~Q(**{name: ""}) & Q(LessThanOrEqual(Length(name), LONGEST))


class ClinicProfile(models.Model):
    """One published version."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(help_text="1 for a clinic's first")
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)
    takes_referrals = models.BooleanField()
    wait_weeks = _number(
        0, MOST_WEEKS, null=True, blank=True, help_text="0: less than one; null: takes none now"
    )
    reply_days = _number(1, MOST_REPLY_DAYS, help_text="Working days until a referral is answered")
    answer_days = _number(1, EVERY_DAY, help_text="Seven bits; Monday is the lowest")
    answers_from = models.TimeField(help_text="By the clock of the clinic")
    answers_until = models.TimeField()
    phone = models.CharField(max_length=LONGEST_PHONE, help_text="For questions of therapists")
    dosing = _answer("dosing")
    staff_training = _answer("staff_training")
    safety = _answer("safety")
    integration = _answer("integration")
    collaboration = _answer("collaboration")
    candidates = _answer("candidates")
    session = _answer("session")
    aftercare = _answer("aftercare")

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "version"], name="clinicprofile_version_once"
            ),
            *(
                models.CheckConstraint(condition=_given(name), name=f"clinicprofile_{name}_given")
                for name in QUESTIONS
            ),
            models.CheckConstraint(condition=~Q(phone=""), name="clinicprofile_has_phone"),
            models.CheckConstraint(
                condition=Q(reply_days__gte=1, reply_days__lte=MOST_REPLY_DAYS),
                name="clinicprofile_replies_in_days",
            ),
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=EVERY_DAY)
                & Q(answers_until__gt=F("answers_from")),
                name="clinicprofile_somebody_answers",
            ),
            models.CheckConstraint(
                condition=Q(takes_referrals=False, wait_weeks=None)
                | Q(takes_referrals=True, wait_weeks__isnull=False, wait_weeks__lte=MOST_WEEKS),
                name="clinicprofile_wait_if_open",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class ProfileDraft(models.Model):
    """The next version while it is written: one for a clinic, shared by those who write it.

    `content` has as many of `questions.NAMES` as were filled in: texts, numbers, times as HH:MM.
    """

    organization = models.OneToOneField(Organization, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0, help_text="Counts saves")
    content = models.JSONField(default=dict)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"draft, saved {self.version} times"
