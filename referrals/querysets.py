"""Which referrals a person may open."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone

from consent.models import EmergencyAccess, Release, ReleaseRecipient
from people.enums import CLINIC_ROLES
from people.models import ClinicProfile
from referrals.enums import ReferralState

if TYPE_CHECKING:
    from people.models import User

USUAL_REPLY_DAYS = 5  # working days, where a clinic has not said how soon it answers


LENT = ("view_case", "contribute_case")  # what somebody who covers may do
SENT = Q(submitted_at__isnull=False)  # has left the practice
STANDING = ~Q(state=ReferralState.IN_ERROR)  # an erroneous one opens nothing outside the practice


def _grants(permission: str) -> models.QuerySet:
    """Of the case `pk`: what guardian keeps of this permission, row by row and user by user."""
    return apps.get_model("referrals", "ReferralUserPermission").objects.filter(
        content_object=OuterRef("pk"), permission__codename=permission
    )


def _lent(colleague: int, practice: int, at: datetime) -> models.QuerySet:
    """Of the case `pk`: that somebody who answers for it is covered by `colleague` at `at`."""
    covers = apps.get_model("referrals", "Cover").objects.in_force(at)
    covers = covers.filter(colleague=colleague, practice=practice)
    return _grants("coordinate_case").filter(user__in=covers.values("covered"))


class CoverQuerySet(models.QuerySet):
    def in_force(self, at: datetime) -> "CoverQuerySet":
        """Begun, neither over nor ended at the moment `at`, and both work at the practice now."""
        rows = self.filter(starts_at__lte=at, until__gt=at)
        rows = rows.filter(Q(ended_at=None) | Q(ended_at__gt=at))
        for person in ("covered", "colleague"):
            place = f"{person}__memberships"
            rows = rows.filter(
                **{f"{place}__ended_at": None, f"{place}__organization": F("practice")}
            )
        return rows

    def ahead(self, at: datetime) -> "CoverQuerySet":
        """Neither over nor ended at the moment `at`, begun or not."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=at), until__gt=at)


class ReferralQuerySet(models.QuerySet):
    def open_to(self, user: "User", permission: str = "view_case") -> "ReferralQuerySet":
        """The cases `user` is on: by membership at the clinic, by guardian elsewhere.

        To view, a release that names their role does too, and an emergency they declared. To view
        and to contribute, covering for a colleague does, while that lasts. Being a superuser opens
        nothing, and a grant given at one organisation ends with leaving it.
        """
        membership = user.membership
        if membership is None:
            return self.none()
        if membership.role in CLINIC_ROLES:
            return self.filter(clinic=membership.organization_id).sent().standing()
        at_home, now = Q(practice=membership.organization_id), timezone.now()
        named = ReleaseRecipient.objects.filter(
            organization=membership.organization_id,
            release__client=OuterRef("client"),
            release__organization=OuterRef("clinic"),
            release__signed_at__isnull=False,
        )
        here = at_home | Exists(named.filter(user=user)) & STANDING
        opened: Q | Combinable = Exists(_grants(permission).filter(user=user)) & here
        if permission in LENT:
            opened |= SENT & at_home & Exists(_lent(user.pk, membership.organization_id, now))
        if permission == "view_case":
            by_role = named.filter(
                user=None,
                role=membership.role,
                revoked_at=None,
                release__in=Release.objects.in_force(now),
            )
            declared = EmergencyAccess.objects.of_reader(user.pk, membership.organization_id)
            in_emergency = declared.open_at(now).filter(
                client=OuterRef("client"), clinic=OuterRef("clinic")
            )
            opened |= SENT & STANDING & (Exists(by_role) | Exists(in_emergency))
        return self.filter(opened)

    def sent(self) -> "ReferralQuerySet":
        """What has left the practice."""
        return self.filter(SENT)

    def standing(self) -> "ReferralQuerySet":
        """Not entered in error: such a one opens nothing outside the practice."""
        return self.filter(STANDING)

    def in_error_at(self, user: "User") -> "ReferralQuerySet":
        """Of which the clinic of `user` may know only that they were entered in error."""
        clinic_id = user.membership.organization_id if user.membership else None
        return self.sent().filter(clinic=clinic_id, state=ReferralState.IN_ERROR)

    def of_practice(self, organization_id: int) -> "ReferralQuerySet":
        return self.filter(practice=organization_id)

    def drafts(self) -> "ReferralQuerySet":
        return self.filter(state=ReferralState.DRAFT)

    def to_triage(self) -> "ReferralQuerySet":
        """Waiting for the clinic's answer, the longest wait first."""
        states = [
            ReferralState.REQUESTED,
            ReferralState.RECEIVED,
            ReferralState.INFORMATION_ASKED,
        ]
        return self.filter(state__in=states).order_by("submitted_at", "pk")

    def with_reply_days(self) -> "ReferralQuerySet":
        """With `reply_days` of each, for a list: working days until the clinic answers, as its
        profile said when the referral was sent; of a draft, as it says now."""
        sent = Coalesce(OuterRef("submitted_at"), Value(timezone.now()))
        said = ClinicProfile.objects.filter(
            organization=OuterRef("clinic"), published_at__lte=sent
        ).order_by("-version")
        days = Coalesce(Subquery(said.values("reply_days")[:1]), USUAL_REPLY_DAYS)
        return self.annotate(reply_days=days)
