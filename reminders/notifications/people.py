"""Whom something concerns. Whether they may know of it is asked when they look, not here."""

from datetime import datetime

from django.db.models import Q, QuerySet

from consent.enums import RecipientKind
from consent.models import Release, ReleaseRecipient
from people.enums import CLINICAL_ROLES, PRACTICE_ROLES
from people.models import User
from referrals.models import Cover, Referral, ReferralUserPermission
from referrals.permissions import TRIAGE_ROLES
from sessions.models import EpisodeOfCare


def _members(who: Q) -> QuerySet[User]:
    return User.objects.filter(who, memberships__ended_at=None, is_active=True).distinct()


def triage(referral: Referral) -> QuerySet[User]:
    """Those who answer referrals at the clinic."""
    there = Q(memberships__organization=referral.clinic_id)
    return _members(there & Q(memberships__role__in=TRIAGE_ROLES))


def at_clinic(referral: Referral) -> QuerySet[User]:
    """Those of the clinic who have to do with this case: whoever answers referrals, holds its
    sessions, or opened it."""
    there = Q(memberships__organization=referral.clinic_id)
    staff = CLINICAL_ROLES - PRACTICE_ROLES
    episode = EpisodeOfCare.objects.filter(referral=referral).first()
    theirs = (
        {episode.preparation_owner_id, episode.integration_owner_id, episode.opened_by_id}
        if episode
        else set()
    )
    concerned = Q(pk__in=theirs) | Q(memberships__role__in=TRIAGE_ROLES)
    return _members(there & Q(memberships__role__in=staff) & concerned)


def outside(referral: Referral, at: datetime) -> QuerySet[User]:
    """Those on the case who are not of the clinic: by name, by covering for somebody who answers
    for it, or because a release names their role."""
    grants = ReferralUserPermission.objects.filter(content_object=referral)
    answering = grants.filter(permission__codename="coordinate_case").values("user")
    covers = Cover.objects.in_force(at).filter(practice=referral.practice_id)
    covering = covers.filter(covered__in=answering).values("colleague")
    on_case = Q(pk__in=grants.values("user")) | Q(pk__in=covering)
    released = Release.objects.in_force(at).filter(
        client=referral.client_id, organization=referral.clinic_id
    )
    named = ReleaseRecipient.objects.filter(
        release__in=released, kind=RecipientKind.ROLE, revoked_at=None
    )
    for recipient in named:
        on_case |= Q(
            memberships__organization=recipient.organization_id, memberships__role=recipient.role
        )
    return _members(on_case & Q(memberships__role__in=PRACTICE_ROLES))


def of_practice(referral: Referral, at: datetime) -> QuerySet[User]:
    """Those on the case at the practice that referred."""
    return outside(referral, at).filter(
        memberships__organization=referral.practice_id, memberships__ended_at=None
    )


def named_in(release: Release) -> QuerySet[User]:
    """Those with an account whom a release names, by name or by role."""
    who = Q(pk__in=[])
    for recipient in release.recipients.exclude(kind=RecipientKind.CONTACT):
        role = Q(memberships__role=recipient.role)
        person = Q(pk=recipient.user_id) if recipient.user_id else role
        who |= person & Q(memberships__organization=recipient.organization_id)
    return _members(who)


def case_of(release: Release) -> Referral | None:
    """The newest referral of whom a release is about to the clinic that it is of."""
    cases = Referral.objects.sent().filter(client=release.client_id, clinic=release.organization_id)
    return cases.order_by("-pk").first()
