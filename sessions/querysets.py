"""Which rows of the clinical record a person may work with."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from people.enums import CLINIC_ROLES, CLINICAL_ROLES, TREATING_ROLES
from referrals.models import Referral
from sessions.enums.stock import EntryKind

if TYPE_CHECKING:
    from people.models import User


class EpisodeQuerySet(models.QuerySet):
    def at_clinic_of(self, user: "User") -> QuerySet:
        """The episodes of the clinic where `user` has a clinical role; nothing for anybody else."""
        membership = user.membership
        if membership is None or membership.role not in CLINICAL_ROLES:
            return self.none()
        return self.filter(clinic=membership.organization_id)


class AlertQuerySet(models.QuerySet):
    def standing(self) -> "AlertQuerySet":
        """Acknowledged by nobody yet, the oldest first."""
        return self.filter(acknowledged_at=None)


class NoticeQuerySet(models.QuerySet):
    def open_to(self, user: "User") -> "NoticeQuerySet":
        """The notices that `user` may open: clinical staff those of their clinic; outside it, on
        the case, those of one's own house, and those by which one is called. No release is asked.
        """
        membership = user.membership
        if membership is None or membership.role not in CLINICAL_ROLES:
            return self.none()
        here = membership.organization_id
        if membership.role in CLINIC_ROLES:
            return self.filter(referral__clinic=here)
        ours = Q(organization=here, referral__in=Referral.objects.open_to(user))
        called = Q(pk__in=self.filter(calls__user=user).values("pk"), referral__practice=here)
        return self.filter(ours | called)

    def standing(self) -> "NoticeQuerySet":
        """Acknowledged by nobody yet, the oldest first."""
        return self.filter(acknowledged_at=None)


def _clinic_where_they_treat(user: "User") -> int | None:
    """The drug log is read by those beside the client, and by nobody else."""
    membership = user.membership
    if membership is None or membership.role not in TREATING_ROLES:
        return None
    return membership.organization_id


class VialQuerySet(models.QuerySet):
    def at_clinic_of(self, user: "User") -> "VialQuerySet":
        """The vials of the clinic where `user` treats clients; nothing for anybody else."""
        clinic = _clinic_where_they_treat(user)
        return self.filter(clinic=clinic) if clinic else self.none()

    def with_balance(self) -> "VialQuerySet":
        """Each with `balance_mg`, that of its last entry, and `counted_at`, None if never."""
        of_vial = _entries().filter(vial=OuterRef("pk")).order_by("-sequence")
        counts = of_vial.filter(kind=EntryKind.COUNTED)
        return self.annotate(
            balance_mg=Subquery(of_vial.values("balance_mg")[:1]),
            counted_at=Subquery(counts.values("at")[:1]),
        )

    def in_stock(self) -> "VialQuerySet":
        """Those that hold something, with their balance."""
        return self.with_balance().filter(balance_mg__gt=0)


class StockQuerySet(models.QuerySet):
    def at_clinic_of(self, user: "User") -> "StockQuerySet":
        """The drug log of the clinic where `user` treats clients; nothing for anybody else."""
        clinic = _clinic_where_they_treat(user)
        return self.filter(vial__clinic=clinic) if clinic else self.none()

    def standing(self) -> "StockQuerySet":
        """Those that were not taken back."""
        return self.filter(~_answered(EntryKind.CORRECTED))

    def waiting(self) -> "StockQuerySet":
        """Wastes, and corrections asked for, to which no second person has said anything."""
        wastes = Q(kind=EntryKind.WASTED) & ~_answered(EntryKind.CORRECTED)
        done = _entries().filter(
            about=OuterRef("about"), kind=EntryKind.CORRECTED, sequence__gt=OuterRef("sequence")
        )
        asked = Q(kind=EntryKind.CORRECTION_ASKED) & ~Exists(done)
        silent = ~_answered(EntryKind.WITNESSED, EntryKind.DISPUTED)
        return self.filter(silent).filter(wastes | asked)


def _entries() -> StockQuerySet:
    from sessions.models import StockEntry

    return StockEntry.objects.all()


def _answered(*kinds: EntryKind) -> Exists:
    return Exists(_entries().filter(about=OuterRef("pk"), kind__in=kinds))
