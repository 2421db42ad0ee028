"""The episode of care: everything the clinic does for a client after accepting a referral."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from people.models import Client, Organization, User
from referrals.enums import Collaboration
from referrals.models import Referral
from sessions.enums import Phase, TreatmentModel
from sessions.querysets import EpisodeQuerySet
from sessions.windows import Hours


class Plan(models.Model):
    """Two independent choices, how many doses, and who prepares and who integrates."""

    treatment_model = models.CharField(max_length=10, choices=TreatmentModel.choices)
    collaboration = models.CharField(max_length=20, choices=Collaboration.choices)
    expected_doses = models.PositiveSmallIntegerField()
    preparation_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    integration_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


class EpisodeOfCare(Plan):
    """From the opening until discharge, with the plan that counts now."""

    referral = models.OneToOneField(Referral, models.PROTECT, related_name="episode")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.INDUCTION)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    ended_reason = models.CharField(max_length=200, blank=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expected_doses__gte=1, expected_doses__lte=60),
                name="episode_expected_doses_1_to_60",
            ),
            models.CheckConstraint(
                condition=Q(collaboration__in=Collaboration.values)
                & Q(treatment_model__in=TreatmentModel.values),
                name="episode_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason="")),
                name="episode_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Episode {self.pk}"

    @property
    def is_shared(self) -> bool:
        return self.collaboration == Collaboration.SHARED

    @cached_property
    def hours(self) -> Hours:
        """Of the windows, as its clinic has set them."""
        from sessions.hours import hours_at

        return hours_at(self.clinic_id)

    @cached_property
    def dose_owners(self) -> dict[tuple[int, str], User]:
        """By number of the dose and duty, whom the coordination plan in force names."""
        from sessions.coordination import owners_by_dose

        return owners_by_dose([self])[self.pk]
