"""Emergency notices: one house tells the other that something happens, and whom it calls.

No release opens or blocks one. What it says is told for treatment or to lessen a threat; the rules
of both stand in `consent.disclosure.Told`. Whoever needs more of the record than the notice says
opens emergency access, which is declared, limited and reviewed by itself.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent.disclosure import Told
from consent.enums import EmergencyBasis
from people.models import Organization
from referrals.models import Referral
from sessions.enums.notices import Called, NextInLine
from sessions.querysets import NoticeQuerySet


class EmergencyNotice(models.Model):
    """One notice about one case. It stands until somebody else says what was done."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="+")
    basis = models.CharField(max_length=10, choices=EmergencyBasis.choices)
    what = models.CharField(max_length=300, help_text="What happened, in one line")
    substance_use = models.BooleanField(default=False, help_text="Part 2 records: 42 CFR 2.51")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", help_text="The house that raised it"
    )
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Goes to the next in line, unless acknowledged")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    done = models.TextField(max_length=2000, blank=True, help_text="What was done")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(acknowledged_at=None), name="notice_open"),
            models.Index(fields=["referral", "-raised_at"], name="notice_of_case"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=EmergencyBasis.values) & ~Q(what=""), name="notice_says_what"
            ),
            models.CheckConstraint(
                condition=Q(substance_use=False) | Q(basis=EmergencyBasis.MEDICAL),
                name="notice_part2_in_a_medical_emergency",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("raised_at")), name="notice_due_later"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None, done="")
                | (
                    Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False)
                    & ~Q(done="")
                    & ~Q(acknowledged_by=F("raised_by"))
                ),
                name="notice_acknowledged_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"Emergency notice {self.pk}"

    @property
    def told(self) -> Told:
        """What it tells, as the law looks at it."""
        return Told(
            item=self,
            client=self.referral.client_id,
            clinic=self.referral.clinic_id,
            author_organization=self.organization_id,
            basis=EmergencyBasis(self.basis),
            at=self.raised_at,
            part2=self.substance_use,
        )


class NoticeCall(models.Model):
    """Who is called, with name and phone as they were recorded then."""

    notice = models.ForeignKey(EmergencyNotice, models.PROTECT, related_name="calls")
    whom = models.CharField(max_length=12, choices=Called.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    name = models.CharField(max_length=170)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "whom", "user"], name="noticecall_once"),
            models.CheckConstraint(
                condition=Q(whom__in=Called.values) & ~Q(name=""), name="noticecall_names_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whom} of {self.notice_id}"


class NoticeEscalation(models.Model):
    """That nobody had acknowledged it in time, and to whom it went."""

    notice = models.ForeignKey(EmergencyNotice, models.PROTECT, related_name="escalations")
    to = models.CharField(max_length=15, choices=NextInLine.choices)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "to"], name="noticeescalation_once"),
            models.CheckConstraint(
                condition=Q(to__in=NextInLine.values), name="noticeescalation_line_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} to {self.to}"
