"""The client's answer to a release: choosing category by category, signing, or saying no."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from consent.actions.locking import locked, locked_awaiting
from consent.actions.receipts import give_receipt
from consent.actions.signatures import (
    Signature,
    check_is_open,
    check_shown,
    check_signature,
    use_up,
    write_signature,
)
from consent.clock import database_now
from consent.documents.elements import missing_elements
from consent.documents.text import as_text
from consent.enums import Effect, Method, ReceiptKind
from consent.ledger.chain import lock_heads
from consent.models import Release, ReleaseCategory, SigningLink
from consent.signals import release_ended, release_signed
from people.models import User

Pairs = Collection[tuple[str, str]]


@transaction.atomic
def choose_categories(*, link: SigningLink, shared: Pairs) -> Release:
    """Keep what the client ticks: `shared` holds (direction, category); the rest is declined.

    Raises ValidationError where nothing is ticked: then the client says "don't share" instead.
    """
    release = _through(link)
    keep_choices(release, shared)
    record("release.chosen", by=None, on=release)
    return release


def keep_choices(release: Release, shared: Pairs) -> None:
    """Inside the caller's transaction, on a locked release."""
    rows = list(release.categories.all())
    if not any((row.direction, row.category) in shared for row in rows):
        raise ValidationError("Tick at least one thing to share, or choose “Don’t share”.")
    for row in rows:
        kept = (row.direction, row.category) in shared
        row.effect = Effect.PERMIT if kept else Effect.DENY
    ReleaseCategory.objects.bulk_update(rows, ["effect"])


@transaction.atomic
def sign_release(*, link: SigningLink, signature: Signature, shown_sha256: str) -> Release:
    """The client, or their representative, signs through `link`, which is used up by it.

    `shown_sha256` is the hash of the text that was on the screen: if the release reads otherwise
    by now, nothing is signed. Sent again by the same link it gives the one release that was
    signed. Raises ValidationError with the field to mend.
    """
    lock_heads([link.release.client_id])
    used = SigningLink.objects.filter(pk=link.pk, used_at__isnull=False).first()
    if used:
        return Release.objects.get(pk=used.release_id)
    release = _through(link)
    text = as_text(release)
    check_signature(release, signature)
    check_shown(text, shown_sha256)
    now = database_now()
    method = use_up(link, now)
    return put_in_force(release, signature, method=method, by=link.created_by, text=text, now=now)


def put_in_force(
    release: Release, signature: Signature, *, method: Method, by: User, text: str, now: datetime
) -> Release:
    """Write the signature, seal the release, and let it take the place of the one it renews.

    Inside the caller's transaction, which holds the client's ledger and the release.
    """
    if missing := missing_elements(release):
        raise ValidationError([f"{m.sentence}." for m in missing])
    write_signature(release, signature, method=method, by=by, text=text, now=now)
    _replace_older(release)
    kind = ReceiptKind.AMENDED if release.supersedes_id else ReceiptKind.SIGNED
    give_receipt(release, kind, at=now)
    release_signed.send(Release, release=release, by=by)
    return release


def _replace_older(release: Release) -> None:
    """The release that this one renews ends at the moment this one begins."""
    if not release.supersedes_id:
        return
    older = Release.objects.select_for_update().get(pk=release.supersedes_id)
    if older.superseded_at or older.revoked_at:
        return
    older.superseded_at = release.valid_from
    older.save(update_fields=["superseded_at"])
    record("release.superseded", by=release.presented_by, on=older, release=release.pk)
    release_ended.send(Release, release=older, by=release.presented_by)


@transaction.atomic
def decline_release(*, link: SigningLink) -> Release:
    """The client says no. It weighs the same as yes and needs no signature; repeated, it stands."""
    release = locked(link.release)
    if release.declined_at:
        return release
    release = _through(link)
    release.declined_at = database_now()
    release.save(update_fields=["declined_at"])
    use_up(link, release.declined_at)
    record("release.declined", by=None, on=release)
    return release


def _through(link: SigningLink) -> Release:
    """The release that an open link leads to, locked; the link must still be open."""
    release = locked_awaiting(link.release)
    check_is_open(link, database_now())
    return release
