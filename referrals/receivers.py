"""A signed release puts the people it names on the case; one that ends takes them off, and so does
leaving the practice."""

from django.dispatch import receiver
from django.utils import timezone

from consent.models import Release
from consent.signals import release_ended, release_signed
from people.enums import PRACTICE_ROLES, OrganizationKind
from people.joining.actions.inviting import begin_partnership
from people.models import Membership, Organization, User
from people.signals import membership_ended
from referrals.actions.handover import take_off_all
from referrals.actions.team import add_to_case, remove_from_case
from referrals.models import Referral


def _cases(release: Release):
    return Referral.objects.sent().filter(
        client_id=release.client_id, clinic_id=release.organization_id
    )


def _people(release: Release):
    """The people with an account whom it names; a role needs no place on a case."""
    return User.objects.filter(pk__in=release.recipients.values("user_id"))


@receiver(release_signed)
def work_together(sender, release: Release, **kwargs) -> None:
    """The clinic works with the practices that a release of its names."""
    for practice in Organization.objects.filter(
        pk__in=release.recipients.values("organization_id"), kind=OrganizationKind.PRACTICE
    ):
        begin_partnership(clinic=release.organization, practice=practice)


@receiver(release_signed)
def join_case(sender, release: Release, by: User, **kwargs) -> None:
    for referral in _cases(release):
        for person in _people(release):
            if person.pk != referral.referrer_id:
                add_to_case(by=by, referral=referral, user=person)


@receiver(release_ended)
def leave_case(sender, release: Release, by: User | None, **kwargs) -> None:
    """Whom no release in force names any more."""
    in_force = Release.objects.in_force(timezone.now()).filter(
        client_id=release.client_id, organization_id=release.organization_id
    )
    for person in _people(release):
        named = in_force.filter(recipients__user_id=person.pk, recipients__revoked_at=None)
        if not named.exists():
            for referral in _cases(release):
                remove_from_case(by=by, referral=referral, user=person)


@receiver(membership_ended)
def leave_practice(
    sender, membership: Membership, by: User, successor: Membership | None, **kwargs
) -> None:
    """What a membership at a practice gave ends with it; a clinic's staff hold no grants."""
    if membership.role in PRACTICE_ROLES:
        take_off_all(by=by, membership=membership, successor=successor)
