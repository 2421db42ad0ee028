"""A release, locked, in the state that an act needs. Raises with a sentence that can be shown."""

from django.core.exceptions import ValidationError

from consent.models import PaperCopy, Release
from consent.permissions import check_user_can_administer
from people.models import User


def locked(release: Release) -> Release:
    return Release.objects.select_for_update().get(pk=release.pk)


def locked_draft(by: User, release: Release) -> Release:
    """For an administrator of its clinic, while the client has not answered."""
    check_user_can_administer(by, release.organization_id)
    release = locked(release)
    check_is_open(release)
    check_no_paper_waits(release)
    return release


def locked_awaiting(release: Release) -> Release:
    """Before the client, who has not answered."""
    release = locked(release)
    check_is_open(release)
    check_no_paper_waits(release)
    if not release.sent_at:
        raise ValidationError("This release is still a draft. Check it first.")
    return release


def check_is_open(release: Release) -> None:
    if release.signed_at or release.declined_at:
        raise ValidationError("The client has answered. Draft a new release instead.")
    if release.discarded_at:
        raise ValidationError("This draft was discarded. Draft a new release instead.")


def check_no_paper_waits(release: Release) -> None:
    """What was signed on paper must still be what the release says when it is verified."""
    if PaperCopy.objects.filter(release=release, verified_at=None).exists():
        raise ValidationError(
            "A signed paper waits to be verified. A second administrator accepts or rejects it."
        )
