"""A signed release puts the people it names on the case; a revoked one takes them off."""

from django.dispatch import receiver
from django.utils import timezone

from consent.models import Release
from consent.signals import release_revoked, release_signed
from people.models import User
from referrals.actions.team import add_to_case, remove_from_case
from referrals.models import Referral


def _cases(release: Release):
    return Referral.objects.sent().filter(
        client_id=release.client_id, clinic_id=release.organization_id
    )


@receiver(release_signed)
def join_case(sender, release: Release, by: User, **kwargs) -> None:
    for referral in _cases(release):
        for recipient in release.recipients.select_related("user"):
            if recipient.user_id != referral.referrer_id:
                add_to_case(by=by, referral=referral, user=recipient.user)


@receiver(release_revoked)
def leave_case(sender, release: Release, by: User, **kwargs) -> None:
    """Unless another release in force still names them."""
    others = Release.objects.in_force(timezone.now()).exclude(pk=release.pk)
    for recipient in release.recipients.select_related("user"):
        named = others.filter(client_id=release.client_id, recipients__user_id=recipient.user_id)
        if not named.exists():
            for referral in _cases(release):
                remove_from_case(by=by, referral=referral, user=recipient.user)
