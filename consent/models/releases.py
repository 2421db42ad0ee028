"""A release of information (FHIR Consent).

Once signed, nothing of it changes but how it ends: triggers of the last migration hold that, and
that no release is signed without a recipient, a category and a purpose.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent.enums import Ending, LegalForm, ReleaseState
from consent.fields import ALL_STORED, SensitivitiesField
from consent.models.signed import Signed
from consent.models.withdrawal import Withdrawable
from consent.querysets import ReleaseQuerySet
from people.models import Client, Organization


class Release(Signed, Withdrawable):
    """Permission, signed by the client, for those it names to read named categories."""

    noun, title, letter = "release", "Release of information", "R"
    yes = (
        "I have read all of this, or it was read to me. I agree that what I chose is shared as it "
        "says here."
    )
    no = "I do not agree. Nothing is shared."

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", help_text="The clinic that discloses"
    )
    legal_form = models.CharField(
        max_length=20, choices=LegalForm.choices, default=LegalForm.AUTHORIZATION
    )
    wording = models.ForeignKey(
        "consent.Wording", models.PROTECT, related_name="+", null=True, help_text="Empty: kapcare's"
    )
    supersedes = models.ForeignKey("self", models.PROTECT, related_name="renewals", null=True)
    sensitivities = SensitivitiesField()
    starts_at = models.DateTimeField(null=True, blank=True, help_text="Empty: when it is signed")
    until = models.DateTimeField(null=True, blank=True, help_text="The first moment it is over")
    ending = models.CharField(max_length=20, choices=Ending.choices, blank=True)
    service_from = models.DateTimeField(null=True, blank=True)
    service_until = models.DateTimeField(null=True, blank=True)
    revocation_how = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="Ready for the client to sign")
    discarded_at = models.DateTimeField(null=True, blank=True)

    event_at = models.DateTimeField(null=True, blank=True, help_text="When `ending` came about")
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["client"],
                include=["until"],
                condition=Q(signed_at__isnull=False, revoked_at=None),
                name="release_in_force",
            ),
            models.Index(fields=["organization", "until"], name="release_by_clinic"),
            models.Index(
                fields=["organization", "sent_at"],
                condition=Q(signed_at=None, declined_at=None, discarded_at=None),
                name="release_unanswered",
            ),
            models.Index(
                fields=["until"],
                condition=Q(signed_at__isnull=False, revoked_at=None),
                name="release_by_end",
            ),
        ]
        constraints = [
            # 45 CFR 164.508(c)(1) and 42 CFR 2.31(a): nothing is signed with one of these missing.
            *Signed.signed_whole(
                "release",
                also=Q(sent_at__isnull=False, discarded_at=None)
                & (Q(until__isnull=False) | ~Q(ending=Ending.ON_DATE))
                & ~Q(revocation_how=""),
            ),
            # 45 CFR 164.508(c)(1)(v): "none" is not enough for an authorization;
            # 42 CFR 2.31(a)(7): it is for treatment, payment and health care operations.
            models.CheckConstraint(
                condition=Q(ending__in=[Ending.ON_DATE, Ending.END_OF_TREATMENT])
                | Q(ending=Ending.NONE, legal_form=LegalForm.PART2_CARE),
                name="release_ending_allowed",
            ),
            models.CheckConstraint(
                condition=Q(legal_form=LegalForm.AUTHORIZATION)
                | (Q(legal_form=LegalForm.PART2_CARE) & ~Q(sensitivities="")),
                name="release_part2_form_for_part2_records",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(starts_at=None) | Q(until__gt=F("starts_at")),
                name="release_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(until=None) | Q(until__gt=F("signed_at")),
                name="release_ends_after_signing",
            ),
            models.CheckConstraint(
                condition=Q(service_from=None)
                | Q(service_until=None)
                | Q(service_until__gt=F("service_from")),
                name="release_service_period_ordered",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=False)
                | Q(revoked_at=None, event_at=None, superseded_at=None),
                name="release_ends_once_signed",
            ),
            models.CheckConstraint(
                condition=Q(event_at=None) | Q(ending=Ending.END_OF_TREATMENT),
                name="release_event_of_its_ending",
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=Q(declined_at=None, discarded_at=None),
                name="release_one_renewal",
            ),
            models.CheckConstraint(
                condition=Q(sensitivities__in=ALL_STORED), name="release_sensitivities_known"
            ),
            Withdrawable.whole("release"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def valid_from(self) -> datetime | None:
        """The moment from which it holds; None until it is signed."""
        if self.signed_at is None:
            return None
        return max(self.signed_at, self.starts_at or self.signed_at)

    @property
    def over_at(self) -> datetime | None:
        """The first moment at which its date or its event has come; None while neither is known."""
        return min(filter(None, [self.until, self.event_at]), default=None)

    def state(self, at: datetime) -> ReleaseState:
        """Where it stands at the moment `at`, derived from what is recorded."""
        if self.discarded_at:
            return ReleaseState.DISCARDED
        if self.declined_at:
            return ReleaseState.DECLINED
        if self.signed_at is None or self.valid_from is None:
            return ReleaseState.AWAITING if self.sent_at else ReleaseState.DRAFT
        if self.revoked_at and self.revoked_at <= at:
            return ReleaseState.REVOKED
        if self.over_at and self.over_at <= at:
            return ReleaseState.EXPIRED
        if self.superseded_at and self.superseded_at <= at:
            return ReleaseState.SUPERSEDED
        return ReleaseState.FUTURE if at < self.valid_from else ReleaseState.ACTIVE
