"""The referral, and who is on the case."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from people.models import Client, Organization
from referrals.enums import Agreement, Collaboration, ReferralState
from referrals.querysets import ReferralQuerySet


class Referral(models.Model):
    """A practice asks a clinic to take on a client (FHIR ServiceRequest with a Task's states)."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    practice = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    referrer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=20, choices=ReferralState.choices, default=ReferralState.DRAFT
    )
    state_since = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=0, help_text="Counts saves of the draft")
    reason = models.TextField(max_length=4000, blank=True)
    collaboration = models.CharField(max_length=20, choices=Collaboration.choices, blank=True)
    agreement = models.CharField(max_length=20, choices=Agreement.choices, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_case", "May open the case"),
            ("contribute_case", "May add to the case"),
            ("coordinate_case", "Answers for the case at the practice"),
        ]
        indexes = [
            models.Index(fields=["clinic", "state", "state_since"], name="referral_queue"),
            models.Index(fields=["client"], name="referral_by_client"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ReferralState.values), name="referral_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ReferralState.DRAFT, ReferralState.CANCELLED])
                | (
                    Q(submitted_at__isnull=False, collaboration__in=Collaboration.values)
                    & Q(agreement__in=Agreement.values, agreed_on__isnull=False)
                    & ~Q(reason="")
                ),
                name="referral_sent_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        return f"REF-{self.pk:06d}"

    @cached_property
    def reply_days(self) -> int:
        """Working days until the clinic answers; lists read it with their rows, by
        `with_reply_days`. A promise that was made does not move when the profile changes."""
        rows = Referral.objects.with_reply_days()
        return rows.values_list("reply_days", flat=True).get(pk=self.pk)

    @property
    def promised(self) -> list[date]:
        """The days by which the clinic said that it answers, the newest first."""
        return [message.answer_by for message in self.interims.all()]


class ReferralUserPermission(UserObjectPermissionBase):
    """Who is on a case: a direct table, so that a case's people are found by one index."""

    content_object = models.ForeignKey(Referral, models.CASCADE)


class ReferralGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Referral, models.CASCADE)
