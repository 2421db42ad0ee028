"""Every write to a release. Each locks, checks, writes and records in one transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from consent.clock import database_now
from consent.elements import missing_elements
from consent.enums import (
    IN_CATEGORIES,
    OUT_CATEGORIES,
    Direction,
    Effect,
    RevokedBy,
    Signer,
)
from consent.ledger import lock_heads
from consent.models import Release, ReleaseCategory, ReleasePurpose, ReleaseRecipient
from consent.permissions import check_user_can_administer
from consent.signals import release_revoked, release_signed
from consent.text import as_text, sha256
from people.enums import OrganizationKind
from people.models import Client, Membership, Registration, User

OFFERED = {Direction.OUT: OUT_CATEGORIES, Direction.IN: IN_CATEGORIES}


@dataclass(frozen=True)
class Terms:
    """What a draft says. Times are aware; `until` is the first moment at which it is over."""

    recipients: Collection[User]
    out_categories: Collection[str]
    in_categories: Collection[str]
    sensitivities: Collection[str]
    purposes: dict[str, str]  # Purpose -> the client's own words, or ""
    until: datetime | None
    starts_at: datetime | None = None
    service_from: datetime | None = None
    service_until: datetime | None = None
    revocation_how: str = ""


@transaction.atomic
def draft_release(*, by: User, client: Client, form_key: UUID) -> Release:
    """Begin a release of `by`'s clinic about `client`. The same form sent twice gives one release.

    Raises PermissionDenied unless `by` administers a clinic with which the client is registered.
    """
    organization = by.membership.organization if by.membership else None
    check_user_can_administer(by, organization.pk if organization else 0)
    assert organization is not None
    if not Registration.objects.filter(client=client, organization=organization).exists():
        raise ValidationError("This client has not been referred to your clinic.")
    release, created = Release.objects.get_or_create(
        form_key=form_key,
        defaults={
            "client": client,
            "organization": organization,
            "created_by": by,
            "revocation_how": f"write to {organization}, {organization.address}, or tell us.",
        },
    )
    if (release.client_id, release.organization_id) != (client.pk, organization.pk):
        raise ValidationError("This form was already used. Open it again.")
    if created:
        record("release.drafted", by=by, on=release)
    return release


@transaction.atomic
def edit_release(*, by: User, release: Release, terms: Terms) -> Release:
    """Replace what a draft says. Raises ValidationError for impossible terms, or once signed."""
    release = _locked_draft(by, release)
    _check_terms(terms)
    memberships = _memberships(terms.recipients)
    for name in ("until", "starts_at", "service_from", "service_until", "revocation_how"):
        setattr(release, name, getattr(terms, name))
    release.sensitivities = frozenset(terms.sensitivities)
    release.sent_at = None
    release.save()
    for parts in (release.recipients, release.categories, release.purposes):
        parts.all().delete()
    ReleaseRecipient.objects.bulk_create(
        ReleaseRecipient(release=release, user_id=m.user_id, organization_id=m.organization_id)
        for m in memberships
    )
    chosen = [(Direction.OUT, terms.out_categories), (Direction.IN, terms.in_categories)]
    ReleaseCategory.objects.bulk_create(
        ReleaseCategory(release=release, direction=direction, category=category)
        for direction, categories in chosen
        for category in sorted(set(categories))
    )
    ReleasePurpose.objects.bulk_create(
        ReleasePurpose(release=release, purpose=purpose, in_their_words=words)
        for purpose, words in terms.purposes.items()
    )
    record("release.edited", by=by, on=release)
    return release


@transaction.atomic
def send_for_signature(*, by: User, release: Release) -> Release:
    """Put a draft before the client. Raises ValidationError that names every missing element."""
    release = _locked_draft(by, release)
    if missing := missing_elements(release):
        raise ValidationError([f"{m.sentence}." for m in missing])
    release.sent_at = database_now()
    release.save(update_fields=["sent_at"])
    record("release.sent", by=by, on=release)
    return release


@transaction.atomic
def choose_categories(
    *, by: User, release: Release, shared: Collection[tuple[str, str]]
) -> Release:
    """Keep what the client ticks: `shared` holds (direction, category); the rest is declined.

    Raises ValidationError where nothing is ticked: then the client says "don't share" instead.
    """
    release = _locked_awaiting(by, release)
    rows = list(release.categories.all())
    if not any((row.direction, row.category) in shared for row in rows):
        raise ValidationError("Tick at least one thing to share, or choose “Don’t share”.")
    for row in rows:
        kept = (row.direction, row.category) in shared
        row.effect = Effect.PERMIT if kept else Effect.DENY
    ReleaseCategory.objects.bulk_update(rows, ["effect"])
    record("release.chosen", by=by, on=release)
    return release


@transaction.atomic
def sign_release(
    *,
    by: User,
    release: Release,
    signer: Signer,
    signer_name: str,
    signer_authority: str = "",
    electronic_agreed: bool,
    shown_sha256: str,
) -> Release:
    """The client, or their representative, signs on the screen of `by`.

    `shown_sha256` is the hash of the text that was on the screen: if the release reads otherwise
    by now, nothing is signed. Raises ValidationError with the field to mend.
    """
    lock_heads([release.client_id])
    release = _locked_awaiting(by, release)
    text = as_text(release)
    _check_signature(release, signer, signer_name, signer_authority, electronic_agreed)
    if sha256(text) != shown_sha256:
        raise ValidationError("The text has changed. Read it again before you sign.")
    now = database_now()
    if release.until is None or release.until <= now:
        raise ValidationError("This release would already be over. Choose a later end date.")
    release.signed_at, release.signer, release.witnessed_by = now, signer, by
    release.signer_name, release.signer_authority = signer_name.strip(), signer_authority.strip()
    release.electronic_agreed = electronic_agreed
    release.text, release.text_sha256 = text, sha256(text)
    release.save()
    record("release.signed", by=by, on=release, text_sha256=release.text_sha256)
    release_signed.send(Release, release=release, by=by)
    return release


@transaction.atomic
def decline_release(*, by: User, release: Release) -> Release:
    """The client says no. It weighs the same as yes and needs no signature."""
    release = _locked_awaiting(by, release)
    release.declined_at = database_now()
    release.save(update_fields=["declined_at"])
    record("release.declined", by=by, on=release)
    return release


@transaction.atomic
def revoke_release(*, by: User, release: Release, asked_by: RevokedBy, reason: str) -> Release:
    """End a signed release from this moment on; what was disclosed stays in the ledger.

    Repeating it changes nothing. Raises ValidationError when it was never signed.
    """
    check_user_can_administer(by, release.organization_id)
    lock_heads([release.client_id])
    release = Release.objects.select_for_update().get(pk=release.pk)
    if release.revoked_at:
        return release
    if not release.signed_at:
        raise ValidationError("This release is not signed, so there is nothing to withdraw.")
    if not reason.strip():
        raise ValidationError({"reason": "Say in a few words why it ends."})
    release.revoked_at, release.revoked_by = database_now(), by
    release.revocation_asked_by, release.revocation_reason = asked_by, reason.strip()
    release.save(
        update_fields=["revoked_at", "revoked_by", "revocation_asked_by", "revocation_reason"]
    )
    record("release.revoked", by=by, on=release, asked_by=asked_by)
    release_revoked.send(Release, release=release, by=by)
    return release


def _locked_draft(by: User, release: Release) -> Release:
    check_user_can_administer(by, release.organization_id)
    release = Release.objects.select_for_update().get(pk=release.pk)
    if release.signed_at or release.declined_at:
        raise ValidationError("The client has answered. Draft a new release instead.")
    return release


def _locked_awaiting(by: User, release: Release) -> Release:
    release = _locked_draft(by, release)
    if not release.sent_at:
        raise ValidationError("This release is still a draft. Check it first.")
    return release


def _check_terms(terms: Terms) -> None:
    errors: dict[str, str] = {}
    if terms.until and terms.until <= (terms.starts_at or database_now()):
        errors["until"] = "It ends before it begins. Choose a later end date."
    if terms.service_from and terms.service_until and terms.service_until <= terms.service_from:
        errors["service_until"] = "The period ends before it begins. Choose a later date."
    for field, direction in (("out_categories", Direction.OUT), ("in_categories", Direction.IN)):
        if set(getattr(terms, field)) - set(OFFERED[direction]):
            errors[field] = "Choose from the list."
    if errors:
        raise ValidationError(errors)


def _memberships(users: Collection[User]) -> list[Membership]:
    """The practice memberships by which `users` receive; ValidationError for anybody else."""
    found = list(
        Membership.objects.filter(
            user__in=users, ended_at=None, organization__kind=OrganizationKind.PRACTICE
        )
    )
    if len(found) != len(set(users)):
        raise ValidationError({"recipients": "Choose people of an outside practice."})
    return found


def _check_signature(
    release: Release, signer: str, name: str, authority: str, agreed: bool
) -> None:
    errors = {}
    if signer == Signer.CLIENT and _plain(name) != _plain(release.client.full_name):
        errors["signer_name"] = f"Type the name as it is written above: {release.client.full_name}."
    if signer == Signer.REPRESENTATIVE and not authority.strip():
        errors["signer_authority"] = "Say what gives you the right to sign, such as guardian."
    if not name.strip():
        errors["signer_name"] = "Type the full name."
    if not agreed:
        errors["electronic_agreed"] = "Tick the box to sign on this screen, or ask for paper."
    if errors:
        raise ValidationError(errors)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
