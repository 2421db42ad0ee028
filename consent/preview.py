"""See it as the recipient: what one of them could read, by the same decision, before and after.

Nothing is disclosed. Only what this clinic wrote is looked at, and of that the category, the kind
and the date: no column that holds a text is loaded. What the recipient's own house wrote, and what
other clinics wrote, is not the clinic's to see here; what the release opens inwards is told by its
categories alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from consent.access import Access, Reader, provisions_of
from consent.clock import database_now
from consent.decision import Provision
from consent.enums import Category, ReleaseState
from consent.models import DisclosableItem, Release, ReleaseRecipient
from people.enums import Role

MOST = 200  # items of one kind
# All that the decision asks of an item, and nothing of what it says.
COLUMNS = ("client", "category", "sensitivities", "occurred_at", "author_organization")


@dataclass(frozen=True)
class Line:
    """One item: what kind of thing, of which day, and on which release it would be read."""

    item: tuple[str, int]
    category: str
    kind: str
    occurred_at: datetime
    release: int

    @property
    def number(self) -> str:
        return Release(pk=self.release).number


@dataclass(frozen=True)
class Preview:
    """What one recipient could read at the moment `at`, newest first in each category."""

    recipient: ReleaseRecipient
    reader: Reader | None  # None: they do not work there any more
    at: datetime
    lines: list[Line]
    capped: bool
    inward: list[str]

    @property
    def sections(self) -> list[tuple[str, list[Line]]]:
        """By category, in the order of a release."""
        return [
            (c.label, found)
            for c in Category
            if (found := [line for line in self.lines if line.category == c])
        ]


def preview(release: Release, recipient: ReleaseRecipient) -> Preview:
    """What `recipient` could read once `release` is signed as it stands, or can read now.

    Together with all other releases that name them; a release that this one renews has given way.
    One that begins later is looked at as of its beginning. Emergencies are left out.
    """
    now = database_now()
    at = max(now, release.starts_at or now)
    reader = reader_of(recipient)
    if reader is None:
        return Preview(recipient, None, at, [], False, [])
    access = _access(reader, release, now, at)
    lines, capped = _readable(access, release)
    return Preview(recipient, reader, at, lines, capped, _inward(release, recipient, now, at))


def reader_of(recipient: ReleaseRecipient) -> Reader | None:
    """The recipient as the decision sees them; a person counts with the place where they are."""
    if recipient.contact:
        return Reader.outside(recipient.contact)
    if recipient.user:
        place = recipient.user.membership
        stays = place is not None and place.organization_id == recipient.organization_id
        return Reader.of(recipient.user) if stays else None
    assert recipient.organization is not None
    return Reader.anybody(recipient.organization, recipient.role)


def _access(reader: Reader, release: Release, now: datetime, at: datetime) -> Access:
    own: list[Provision] = []
    if release.state(now) in (ReleaseState.DRAFT, ReleaseState.AWAITING):
        own = provisions_of(release, as_if_signed_at=now)
    others = Release.objects.naming(reader).signed().filter(client_id=release.client_id)
    found = [p for other in others.with_parts() for p in _given_way(other, release, now)]
    found.sort(key=lambda p: p.release != release.pk)  # what two open counts for this one
    provisions = own + found
    return Access(reader, frozenset({release.client_id}), tuple(provisions), at)


def _given_way(other: Release, release: Release, now: datetime) -> list[Provision]:
    """`other` as it will stand once `release` is signed."""
    renewed = other.pk == release.supersedes_id and release.signed_at is None
    if renewed and not (other.superseded_at or other.revoked_at):
        other.superseded_at = max(now, release.starts_at or now)
    return provisions_of(other)


def _readable(access: Access, release: Release) -> tuple[list[Line], bool]:
    found, capped = [], False
    for model in kinds():
        items = model.objects.readable_by(access).filter(author_organization=release.organization)
        rows = list(items.only(*COLUMNS)[: MOST + 1])
        capped = capped or len(rows) > MOST
        found += [_line(access, item) for item in rows[:MOST]]
    return sorted(found, key=lambda line: line.occurred_at, reverse=True), capped


def _line(access: Access, item: DisclosableItem) -> Line:
    """Raises if filter and decision differ, as disclosing does."""
    decision = access.decide(item)
    if not decision.permitted or decision.release is None:
        raise PermissionError(f"Filter and decision differ: {decision.reason}")
    kind = str(item._meta.verbose_name)
    key = (item._meta.label_lower, item.pk)
    return Line(key, item.category, kind, item.occurred_at, decision.release)


def _inward(
    release: Release, recipient: ReleaseRecipient, now: datetime, at: datetime
) -> list[str]:
    """The categories that the clinic's own staff could read of the recipient's house."""
    if recipient.organization_id is None:
        return []
    staff = Reader.anybody(release.organization, Role.PRESCRIBER)
    access = _access(staff, release, now, at)
    open_to_staff = access.categories(release.client_id, recipient.organization_id)
    return [c.label for c in Category if c in open_to_staff]


def kinds(root: type[DisclosableItem] = DisclosableItem) -> Iterator[type[DisclosableItem]]:
    """Every table that a release may open, whichever app it lives in."""
    for model in sorted(root.__subclasses__(), key=lambda each: each.__name__):
        if not model._meta.abstract:
            yield model
        yield from kinds(model)
