"""Drafting: what a release will say, until it is put before the client."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from consent.actions.links import close_links
from consent.actions.locking import locked, locked_draft
from consent.clock import database_now
from consent.documents.elements import missing_elements
from consent.enums import (
    IN_CATEGORIES,
    OUT_CATEGORIES,
    Direction,
    Ending,
    LegalForm,
    RecipientKind,
    ReleaseState,
)
from consent.models import (
    OutsideContact,
    Release,
    ReleaseCategory,
    ReleasePurpose,
    ReleaseRecipient,
    Wording,
)
from consent.permissions import check_user_can_administer
from people.enums import PRACTICE_ROLES, OrganizationKind
from people.models import Client, Membership, Organization, Registration, User

OFFERED = {Direction.OUT: OUT_CATEGORIES, Direction.IN: IN_CATEGORIES}
RENEWABLE = (ReleaseState.ACTIVE, ReleaseState.FUTURE, ReleaseState.EXPIRED, ReleaseState.REVOKED)


@dataclass(frozen=True)
class Terms:
    """What a draft says. Times are aware; `until` is the first moment at which it is over."""

    recipients: Collection[User] = ()
    roles: Collection[tuple[Organization, str]] = ()
    contacts: Collection[OutsideContact] = ()
    out_categories: Collection[str] = ()
    in_categories: Collection[str] = ()
    sensitivities: Collection[str] = ()
    purposes: dict[str, str] | None = None  # Purpose -> the client's own words, or ""
    until: datetime | None = None
    ending: str = Ending.ON_DATE
    starts_at: datetime | None = None
    service_from: datetime | None = None
    service_until: datetime | None = None
    revocation_how: str = ""
    legal_form: str = LegalForm.AUTHORIZATION
    witness_required: bool = False


COLUMNS = [
    "until",
    "ending",
    "starts_at",
    "service_from",
    "service_until",
    "revocation_how",
    "legal_form",
    "witness_required",
]


def terms_of(release: Release) -> Terms:
    """What a release says now, to be changed in part with `dataclasses.replace`.

    Without those it was withdrawn for: renewing it does not bring them back.
    """
    recipients = [r for r in release.recipients.all() if r.revoked_at is None]
    chosen: dict[str, list[str]] = {Direction.OUT: [], Direction.IN: []}
    for row in release.categories.all():
        chosen[row.direction].append(row.category)
    return Terms(
        recipients=[r.user for r in recipients if r.user],
        roles=[(r.organization, r.role) for r in recipients if r.role and r.organization],
        contacts=[r.contact for r in recipients if r.contact],
        out_categories=chosen[Direction.OUT],
        in_categories=chosen[Direction.IN],
        sensitivities=sorted(release.sensitivities),
        purposes={p.purpose: p.in_their_words for p in release.purposes.all()},
        **{name: getattr(release, name) for name in COLUMNS},
    )


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
            "wording": Wording.objects.newest(organization),
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
    """Replace what a draft says, with the clinic's newest wording; links to the old text close.

    Raises ValidationError for impossible terms, or once the client has answered.
    """
    release = locked_draft(by, release)
    _check_terms(terms)
    memberships = _memberships(terms.recipients)
    _check_roles_and_contacts(release, terms)
    for name in COLUMNS:
        setattr(release, name, getattr(terms, name))
    release.sensitivities = frozenset(terms.sensitivities)
    release.wording = Wording.objects.newest(release.organization)
    release.sent_at = None
    release.save()
    close_links(release)
    for parts in (release.recipients, release.categories, release.purposes):
        parts.all().delete()
    ReleaseRecipient.objects.bulk_create(_recipients(release, terms, memberships))
    chosen = [(Direction.OUT, terms.out_categories), (Direction.IN, terms.in_categories)]
    ReleaseCategory.objects.bulk_create(
        ReleaseCategory(release=release, direction=direction, category=category)
        for direction, categories in chosen
        for category in sorted(set(categories))
    )
    ReleasePurpose.objects.bulk_create(
        ReleasePurpose(release=release, purpose=purpose, in_their_words=words)
        for purpose, words in (terms.purposes or {}).items()
    )
    record("release.edited", by=by, on=release)
    return release


@transaction.atomic
def send_for_signature(*, by: User, release: Release) -> Release:
    """Put a draft before the client. Raises ValidationError that names every missing element."""
    release = locked_draft(by, release)
    if missing := missing_elements(release):
        raise ValidationError([f"{m.sentence}." for m in missing])
    if release.sent_at:
        return release
    release.sent_at = database_now()
    release.save(update_fields=["sent_at"])
    record("release.sent", by=by, on=release)
    return release


@transaction.atomic
def discard_release(*, by: User, release: Release) -> Release:
    """Put away a draft that nobody signed. Repeating it changes nothing."""
    check_user_can_administer(by, release.organization_id)
    release = locked(release)
    if release.discarded_at:
        return release
    release = locked_draft(by, release)
    release.discarded_at = database_now()
    release.save(update_fields=["discarded_at"])
    close_links(release)
    record("release.discarded", by=by, on=release)
    return release


@transaction.atomic
def renew_release(*, by: User, release: Release) -> Release:
    """A draft that says the same and, once signed, takes the place of `release`.

    What the client declined is offered again, unticked, as on any new release. Its last day must
    be chosen anew. Renewing twice gives the one draft that waits.
    """
    check_user_can_administer(by, release.organization_id)
    release = locked(release)
    waiting = release.renewals.filter(declined_at=None, discarded_at=None).first()
    if waiting:
        return waiting
    if release.state(database_now()) not in RENEWABLE:
        raise ValidationError("Only a signed release that was not replaced yet can be renewed.")
    draft = draft_release(by=by, client=release.client, form_key=uuid4())
    draft.supersedes = release
    draft.save(update_fields=["supersedes"])
    terms = replace(still_possible(terms_of(release)), until=None, starts_at=None)
    record("release.renewed", by=by, on=release, draft=draft.pk)
    return edit_release(by=by, release=draft, terms=terms)


def still_possible(terms: Terms) -> Terms:
    """Without people who have left the practice meanwhile, and without a last day that is over."""
    staying = Membership.objects.filter(
        user__in=terms.recipients, ended_at=None, organization__kind=OrganizationKind.PRACTICE
    )
    over = terms.until is not None and terms.until <= database_now()
    return replace(
        terms,
        recipients=[m.user for m in staying.select_related("user")],
        until=None if over else terms.until,
    )


def _recipients(
    release: Release, terms: Terms, memberships: list[Membership]
) -> list[ReleaseRecipient]:
    people = [
        ReleaseRecipient(
            release=release,
            kind=RecipientKind.PERSON,
            user_id=m.user_id,
            organization_id=m.organization_id,
        )
        for m in memberships
    ]
    roles = [
        ReleaseRecipient(
            release=release, kind=RecipientKind.ROLE, organization=organization, role=role
        )
        for organization, role in terms.roles
    ]
    contacts = [
        ReleaseRecipient(release=release, kind=RecipientKind.CONTACT, contact=contact)
        for contact in terms.contacts
    ]
    return people + roles + contacts


def _check_terms(terms: Terms) -> None:
    errors: dict[str, str] = {}
    now = database_now()
    if terms.until and terms.until <= now:
        errors["until"] = "This day is over. Choose a later last day."
    elif terms.until and terms.starts_at and terms.until <= terms.starts_at:
        errors["until"] = "It ends before it begins. Choose a later last day."
    if terms.service_from and terms.service_until and terms.service_until <= terms.service_from:
        errors["service_until"] = "The period ends before it begins. Choose a later date."
    if terms.ending == Ending.NONE and terms.legal_form != LegalForm.PART2_CARE:
        errors["ending"] = (
            "An authorization needs a date or an event on which it ends (45 CFR 164.508(c)(1)(v))."
        )
    if terms.legal_form == LegalForm.PART2_CARE and not terms.sensitivities:
        errors["legal_form"] = (
            "This form is for substance-use records. Include them, or choose the authorization."
        )
    for field, direction in (("out_categories", Direction.OUT), ("in_categories", Direction.IN)):
        if set(getattr(terms, field)) - set(OFFERED[direction]):
            errors[field] = "Choose from the list."
    if errors:
        raise ValidationError(errors)


def _check_roles_and_contacts(release: Release, terms: Terms) -> None:
    for organization, role in terms.roles:
        if organization.kind != OrganizationKind.PRACTICE or role not in PRACTICE_ROLES:
            raise ValidationError({"recipients": "Choose a role at an outside practice."})
    for contact in terms.contacts:
        if (contact.client_id, contact.clinic_id) != (release.client_id, release.organization_id):
            raise ValidationError({"recipients": "Choose a contact of this client."})


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
