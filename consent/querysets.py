"""Which releases and consents there are for whom."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Prefetch, Q
from django.db.models.functions import Coalesce

from consent.enums import ReleaseState

if TYPE_CHECKING:
    from consent.access import Reader
    from consent.models import Release


class ReleaseQuerySet(models.QuerySet):
    def of_clinic(self, organization_id: int) -> "ReleaseQuerySet":
        """The releases that a clinic answers for."""
        return self.filter(organization_id=organization_id)

    def signed(self) -> "ReleaseQuerySet":
        return self.filter(signed_at__isnull=False)

    def open(self) -> "ReleaseQuerySet":
        """Not yet answered by the client, and not put away."""
        return self.filter(signed_at=None, declined_at=None, discarded_at=None)

    def in_force(self, at: datetime) -> "ReleaseQuerySet":
        """Signed, begun, and at the moment `at` neither over, nor replaced, nor withdrawn whole."""
        begun = Q(starts_at=None) | Q(starts_at__lte=at)
        ends = ("until", "event_at", "superseded_at", "revoked_at")
        lasting = [Q(**{end: None}) | Q(**{f"{end}__gt": at}) for end in ends]
        return self.signed().filter(begun, *lasting, signed_at__lte=at)

    def in_state(self, state: str, at: datetime) -> "ReleaseQuerySet":
        """Those of which `Release.state(at)` says `state`."""
        standing = Q(revoked_at=None) | Q(revoked_at__gt=at)
        over = Q(until__lte=at) | Q(event_at__lte=at)
        lasting = self.signed().filter(standing).exclude(over)
        match state:
            case ReleaseState.DRAFT:
                return self.open().filter(sent_at=None)
            case ReleaseState.AWAITING:
                return self.open().filter(sent_at__isnull=False)
            case ReleaseState.DISCARDED:
                return self.filter(discarded_at__isnull=False)
            case ReleaseState.DECLINED:
                return self.filter(declined_at__isnull=False, discarded_at=None)
            case ReleaseState.REVOKED:
                return self.signed().filter(revoked_at__lte=at)
            case ReleaseState.EXPIRED:
                return self.signed().filter(standing).filter(over)
            case ReleaseState.SUPERSEDED:
                return lasting.filter(superseded_at__lte=at)
            case ReleaseState.FUTURE:
                later = Q(starts_at__gt=at) | Q(signed_at__gt=at)
                return lasting.filter(later).exclude(superseded_at__lte=at)
            case ReleaseState.ACTIVE:
                return self.in_force(at)
        raise ValueError(f"There is no state {state!r}.")

    def naming(self, reader: "Reader") -> "ReleaseQuerySet":
        """Releases from which this reader may receive something, in either direction."""
        if reader.contact is not None:
            return self.filter(recipients__contact=reader.contact)
        there = Q(recipients__organization=reader.organization)
        named = there & (
            Q(recipients__user=reader.person)
            | Q(recipients__user=None, recipients__role=reader.role)
        )
        return self.filter(named | Q(organization=reader.organization)).distinct()

    def beside(self, release: "Release", at: datetime) -> "ReleaseQuerySet":
        """Other releases in force by which a recipient of `release` may still read."""
        same = Q()
        for recipient in release.recipients.all():
            same |= Q(
                recipients__user=recipient.user_id,
                recipients__organization=recipient.organization_id,
                recipients__role=recipient.role,
                recipients__contact=recipient.contact_id,
                recipients__revoked_at=None,
            )
        found = self.in_force(at).filter(same, client=release.client_id)
        return found.exclude(pk=release.pk).distinct()

    def with_parts(self) -> "ReleaseQuerySet":
        recipients = apps.get_model("consent", "ReleaseRecipient").objects
        named = recipients.select_related("user", "organization", "contact").order_by("pk")
        return self.prefetch_related("categories", "purposes", Prefetch("recipients", named))


class TreatmentConsentQuerySet(models.QuerySet):
    def of(self, client_id: int, clinic_id: int) -> "TreatmentConsentQuerySet":
        """What was put to one client by one clinic."""
        return self.filter(client_id=client_id, organization_id=clinic_id)

    def signed(self) -> "TreatmentConsentQuerySet":
        return self.filter(signed_at__isnull=False)

    def waiting(self) -> "TreatmentConsentQuerySet":
        """Neither answered nor put away."""
        return self.filter(signed_at=None, declined_at=None, discarded_at=None)

    def answered(self, at: datetime) -> "TreatmentConsentQuerySet":
        """Signed or declined by the moment `at`, the latest answer first."""
        given = self.filter(Q(signed_at__lte=at) | Q(declined_at__lte=at))
        return given.order_by(Coalesce("signed_at", "declined_at").desc(), "-pk")


class EmergencyQuerySet(models.QuerySet):
    def of_reader(self, person_id: int, organization_id: int) -> "EmergencyQuerySet":
        """What this person declared, at the place where they are now."""
        return self.filter(reader=person_id, organization=organization_id)

    def open_at(self, at: datetime) -> "EmergencyQuerySet":
        """Opened less than an hour before `at`, and not given back."""
        still = Q(closed_at=None) | Q(closed_at__gt=at)
        return self.filter(still, opened_at__lte=at, opened_at__gt=at - timedelta(hours=1))

    def to_review(self) -> "EmergencyQuerySet":
        return self.filter(reviewed_at=None).order_by("opened_at")
