"""The client's answer: choosing category by category, signing, or saying no."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from consent.actions.locking import locked, locked_awaiting
from consent.actions.receipts import give_receipt
from consent.clock import database_now
from consent.documents.elements import missing_elements
from consent.documents.kept import keep_document
from consent.documents.sealing import record_signature
from consent.documents.strokes import check_strokes
from consent.documents.text import as_text, sha256
from consent.enums import Effect, Method, ReceiptKind, Signer
from consent.ledger.chain import lock_heads
from consent.models import Release, ReleaseCategory, SigningLink
from consent.signals import release_ended, release_signed
from people.models import User

Pairs = Collection[tuple[str, str]]


@dataclass(frozen=True)
class Signature:
    """Who signed, as they wrote it. `drawn` holds strokes, see consent.strokes; typed: none."""

    signer: str
    signer_name: str
    signer_authority: str = ""
    electronic_agreed: bool = False
    drawn: list = field(default_factory=list)
    witness_name: str = ""
    paper_signed_on: date | None = None


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
    if sha256(text) != shown_sha256:
        raise ValidationError("The text has changed. Read it again before you sign.")
    now = database_now()
    if SigningLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now) != 1:
        raise ValidationError("This link was used.")
    method = Method.SCREEN if link.on_screen else Method.LINK
    return put_in_force(release, signature, method=method, by=link.created_by, text=text, now=now)


def put_in_force(
    release: Release, signature: Signature, *, method: Method, by: User, text: str, now: datetime
) -> Release:
    """Write the signature, seal the release, and let it take the place of the one it renews.

    Inside the caller's transaction, which holds the client's ledger and the release.
    """
    if missing := missing_elements(release):
        raise ValidationError([f"{m.sentence}." for m in missing])
    release.signed_at, release.method, release.presented_by = now, method, by
    release.signer, release.signer_name = signature.signer, signature.signer_name.strip()
    release.signer_authority = signature.signer_authority.strip()
    release.electronic_agreed = signature.electronic_agreed
    release.drawn, release.witness_name = signature.drawn, signature.witness_name.strip()
    release.paper_signed_on = signature.paper_signed_on
    release.text, release.text_sha256 = text, sha256(text)
    release.save()
    record_signature(release, by=by)
    transaction.on_commit(partial(keep_document, release), robust=True)
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
    SigningLink.objects.filter(pk=link.pk).update(used_at=release.declined_at)
    record("release.declined", by=None, on=release)
    return release


def _through(link: SigningLink) -> Release:
    """The release that an open link leads to, locked; the link must still be open."""
    release = locked_awaiting(link.release)
    if not SigningLink.objects.get(pk=link.pk).is_open(database_now()):
        raise ValidationError("This can no longer be signed here. Ask the clinic for a new link.")
    return release


def check_signature(release: Release, signature: Signature) -> None:
    """Raises ValidationError with every field to mend."""
    errors: dict[str, str] = {}
    name, client = signature.signer_name, release.client.full_name
    if signature.signer == Signer.CLIENT and _plain(name) != _plain(client):
        errors["signer_name"] = f"Type the name as it is written above: {client}."
    if signature.signer == Signer.REPRESENTATIVE and not signature.signer_authority.strip():
        errors["signer_authority"] = "Say what gives you the right to sign, such as guardian."
    if not name.strip():
        errors["signer_name"] = "Type the full name."
    if release.witness_required and not signature.witness_name.strip():
        errors["witness_name"] = "A witness is asked for: type the name of the witness."
    if problem := check_strokes(signature.drawn):
        errors["drawn"] = problem
    if signature.paper_signed_on is None and not signature.electronic_agreed:
        errors["electronic_agreed"] = "Tick the box to sign on this screen, or ask for paper."
    if errors:
        raise ValidationError(errors)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
