"""How a release ends: withdrawn whole or for one recipient, by its event, or by its date."""

import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from audit.record import record
from consent.actions.locking import locked
from consent.actions.receipts import give_receipt
from consent.clock import database_now
from consent.enums import AskedHow, Ending, ReceiptKind, RevokedBy
from consent.ledger.chain import lock_heads
from consent.models import ClientLink, Release, ReleaseRecipient
from consent.permissions import check_user_can_administer
from consent.signals import release_ended
from people.models import User

logger = logging.getLogger("consent")


@transaction.atomic
def revoke_release(
    *,
    by: User,
    release: Release,
    asked_by: str,
    asked_how: str,
    reason: str,
    recipient: ReleaseRecipient | None = None,
) -> Release:
    """End a signed release, or one `recipient` of it, from this moment on.

    What was disclosed stays in the ledger. Repeating it changes nothing. Raises ValidationError
    when it was never signed, or no reason is given.
    """
    check_user_can_administer(by, release.organization_id)
    if not reason.strip():
        raise ValidationError({"reason": "Say in a few words why it ends."})
    if asked_how == AskedHow.OWN_PAGE:
        raise ValidationError({"asked_how": "Choose how the request reached you."})
    return _end(release, recipient, by, asked_by, asked_how, reason.strip())


@transaction.atomic
def withdraw_on_own_page(
    *, link: ClientLink, release: Release, recipient: ReleaseRecipient | None = None
) -> Release:
    """The client withdraws on their page, without giving a reason."""
    if (release.client_id, release.organization_id) != (link.client_id, link.organization_id):
        raise ValidationError("This release is not on this page.")
    if not ClientLink.objects.get(pk=link.pk).is_open(database_now()):
        raise ValidationError("This page was closed. Ask the clinic for a new link.")
    return _end(release, recipient, None, RevokedBy.CLIENT, AskedHow.OWN_PAGE, "")


def _end(
    release: Release,
    recipient: ReleaseRecipient | None,
    by: User | None,
    asked_by: str,
    asked_how: str,
    reason: str,
) -> Release:
    lock_heads([release.client_id])
    release = locked(release)
    if not release.signed_at:
        raise ValidationError("This release is not signed, so there is nothing to withdraw.")
    remaining = release.recipients.filter(revoked_at=None)
    row: Release | ReleaseRecipient = release
    if recipient is not None:
        row = release.recipients.select_for_update().get(pk=recipient.pk)
        if row.revoked_at is None and remaining.count() == 1:
            row = release  # the last one: then it is withdrawn whole
    if row.revoked_at or release.revoked_at:
        return release
    row.revoked_at, row.revoked_by = database_now(), by
    row.revocation_asked_by, row.revocation_asked_how = asked_by, asked_how
    row.revocation_reason = reason
    row.save()
    partly = row is not release
    detail = {"recipient": row.pk} if partly else {}
    record("release.revoked", by=by, on=release, asked_by=asked_by, asked_how=asked_how, **detail)
    about = str(row) if partly else ""
    give_receipt(release, ReceiptKind.WITHDRAWN, at=row.revoked_at, about=about)
    release_ended.send(Release, release=release, by=by)
    return release


@transaction.atomic
def end_treatment(*, by: User, client_id: int, organization_id: int, at: datetime) -> int:
    """Treatment at the clinic has ended: releases that end with it are over; how many."""
    lock_heads([client_id])
    releases = Release.objects.select_for_update().filter(
        client_id=client_id,
        organization_id=organization_id,
        ending=Ending.END_OF_TREATMENT,
        signed_at__isnull=False,
        event_at=None,
    )
    ended = list(releases)
    for release in ended:
        release.event_at = max(at, database_now())
        release.save(update_fields=["event_at"])
        record("release.event_came", by=by, on=release)
        release_ended.send(Release, release=release, by=by)
    return len(ended)


def note_expired(at: datetime) -> int:
    """Write the receipt of every release whose end has come; how many. Run once a minute.

    One that cannot be noted is logged, and stops no other.
    """
    over = Q(until__lte=at) | Q(event_at__lte=at)
    lasted = Q(superseded_at=None) | Q(superseded_at__gt=at)
    releases = Release.objects.signed().filter(over, lasted, revoked_at=None)
    unnoted = releases.exclude(receipts__kind=ReceiptKind.EXPIRED)
    noted = 0
    for pk in list(unnoted.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                release = unnoted.select_for_update().filter(pk=pk).first()
                noted += _note(release, at) if release else 0
        except Exception as error:
            logger.error("release %s: its end is not noted, %s", pk, type(error).__name__)
    return noted


def _note(release: Release, at: datetime) -> int:
    give_receipt(release, ReceiptKind.EXPIRED, at=at)
    record("release.expired", by=None, on=release)
    release_ended.send(Release, release=release, by=None)
    return 1
