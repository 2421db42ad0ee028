"""What is recorded when an administrator looks ahead, or takes a list along."""

from django.db import transaction

from audit.record import record
from consent.models import Release, ReleaseRecipient
from consent.permissions import check_user_can_administer
from people.models import Organization, User


@transaction.atomic
def note_preview(*, by: User, release: Release, recipient: ReleaseRecipient) -> None:
    """That somebody looked at what a recipient could read. It discloses nothing itself."""
    check_user_can_administer(by, release.organization_id)
    record("release.previewed", by=by, on=release, recipient=recipient.pk)


@transaction.atomic
def note_export(*, by: User, clinic: Organization, show: str, rows: int) -> None:
    """That a list of releases left as a file: which group, how many rows."""
    check_user_can_administer(by, clinic.pk)
    record("releases.exported", by=by, on=clinic, show=show, rows=rows)
