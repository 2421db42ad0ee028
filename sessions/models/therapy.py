"""The clinic's own record of preparation and integration. Nothing of it leaves the clinic."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sessions.enums.therapy import Challenge, DelayedEffect
from sessions.models.clinical import Recorded
from sessions.models.dosing import DosingSession
from sessions.models.events import IntegrationSession


class PreparationSession(Recorded):
    """Preparation held by the clinic, usually 24–72 h before a dose."""

    dosing = models.ForeignKey(
        DosingSession, models.PROTECT, related_name="preparations", null=True, blank=True
    )
    held_at = models.DateTimeField()
    intentions = models.TextField(max_length=4000)
    coping_tools = models.TextField(max_length=4000, blank=True)
    change_language = models.TextField(
        max_length=2000, blank=True, help_text="What the client says about changing"
    )
    themes = models.TextField(max_length=4000, blank=True)
    continuity = models.TextField(
        max_length=2000, blank=True, help_text="How it goes together with ongoing therapy"
    )
    trust = models.TextField(max_length=2000, blank=True, help_text="Trust in the setting")
    expectations_discussed = models.BooleanField(default=False)
    note = models.TextField(max_length=4000, blank=True)

    def __str__(self) -> str:
        return f"Preparation of {self.episode_id}"


class IntegrationRecord(Recorded):
    """What an integration session was about. That it was held is an item of its own."""

    session = models.OneToOneField(IntegrationSession, models.PROTECT, related_name="+")
    dosing = models.ForeignKey(
        DosingSession, models.PROTECT, related_name="integrations", null=True, blank=True
    )
    held_at = models.DateTimeField()
    narrative = models.TextField(max_length=8000)
    meaning = models.TextField(max_length=4000, blank=True)
    goals = models.TextField(max_length=4000, blank=True, help_text="How it touches the goals")
    action_steps = models.TextField(max_length=4000, blank=True)
    challenge = models.CharField(max_length=12, choices=Challenge.choices)
    handling = models.TextField(max_length=4000, blank=True)
    follow_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    follow_up_due = models.DateField(null=True, blank=True)
    next_preparation = models.TextField(max_length=4000, blank=True)

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(challenge__in=Challenge.values), name="integration_challenge_known"
            ),
            models.CheckConstraint(
                condition=Q(challenge=Challenge.NONE, follow_up_by=None, follow_up_due=None)
                | (
                    ~Q(challenge=Challenge.NONE)
                    & ~Q(handling="")
                    & Q(follow_up_by__isnull=False, follow_up_due__isnull=False)
                ),
                name="integration_challenge_followed_up",
            ),
        ]

    def __str__(self) -> str:
        return f"Integration of {self.episode_id}"


class FollowUp(Recorded):
    """How somebody came back to a challenging experience."""

    integration = models.OneToOneField(IntegrationRecord, models.PROTECT, related_name="follow_up")
    text = models.TextField(max_length=2000)

    class Meta(Recorded.Meta):
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="followup_says_what")]

    def __str__(self) -> str:
        return f"Follow-up of {self.integration_id}"


_ASKED, _UNASKED = (
    Q(**{f"{effect}__isnull": empty for effect in DelayedEffect.values}) for empty in (False, True)
)
_NO_EFFECT = Q(other="", **dict.fromkeys(DelayedEffect.values, False))


class DelayedCheck(Recorded):
    """How the client was some days after a dose; or that nobody answered, and what comes next."""

    dosing = models.ForeignKey(DosingSession, models.PROTECT, related_name="delayed_checks")
    at = models.DateTimeField()
    reached = models.BooleanField()
    headache = models.BooleanField(null=True, blank=True)
    nausea = models.BooleanField(null=True, blank=True)
    sleep = models.BooleanField(null=True, blank=True)
    self_harm = models.BooleanField(null=True, blank=True)
    mood_worse = models.BooleanField(null=True, blank=True)
    urinary = models.BooleanField(null=True, blank=True)
    dissociation = models.BooleanField(null=True, blank=True)
    other = models.CharField(max_length=300, blank=True)
    action = models.TextField(max_length=2000, blank=True)

    class Meta(Recorded.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(_ASKED, reached=True) | Q(_UNASKED, reached=False, other=""),
                name="delayedcheck_asks_whom_it_reached",
            ),
            models.CheckConstraint(
                condition=Q(_NO_EFFECT, reached=True) | ~Q(action=""),
                name="delayedcheck_says_what_is_done",
            ),
        ]

    def __str__(self) -> str:
        return f"Check after {self.dosing_id}"

    @property
    def found(self) -> list[str]:
        """What the client told, in words."""
        told = [effect.label for effect in DelayedEffect if getattr(self, effect.value)]
        return [*told, self.other] if self.other else told
