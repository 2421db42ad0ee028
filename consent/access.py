"""The decision turned into one filter. No rule stands here: every permitted tuple asks `decide`."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from django.db.models import Q

from consent.decision import READING_ROLES, Decision, Provision, Reason, Request, decide
from consent.enums import Category, Direction, Effect, EmergencyBasis, Purpose, Sensitivity
from consent.fields import as_text, subsets
from consent.models import (
    DisclosableItem,
    EmergencyAccess,
    OutsideContact,
    Release,
    ReleaseRecipient,
)
from people.enums import Role
from people.models import Organization

ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
ELSEWHERE = -1  # stands for whichever other organisation wrote it
CROSSING = (Reason.RELEASED, Reason.EMERGENCY)


@dataclass(frozen=True)
class Reader:
    """Somebody as the decision sees them."""

    person: int
    name: str
    role: str
    organization: int
    organization_name: str
    organization_address: str
    contact: int | None = None

    @classmethod
    def of(cls, user) -> "Reader":
        """The reader that `user` is by their membership; ValueError without one."""
        membership = user.membership
        if membership is None:
            raise ValueError("Somebody without a membership reads nothing.")
        place = membership.organization
        return cls(user.pk, str(user), membership.role, place.pk, place.name, place.address)

    @classmethod
    def outside(cls, contact: OutsideContact) -> "Reader":
        """Somebody without an account, for whom the clinic prints a copy."""
        name = f"{contact.name} ({contact.relation})"
        return cls(0, name, "contact", 0, contact.workplace, contact.address, contact.pk)

    @classmethod
    def anybody(cls, organization: Organization, role: str) -> "Reader":
        """Whoever has this role there: to look ahead at what they could read, never to read."""
        name = f"Any {Role(role).label.lower()}"
        return cls(0, name, role, organization.pk, organization.name, organization.address)


def provisions_of(release: Release, as_if_signed_at: datetime | None = None) -> list[Provision]:
    """What a release says, recipient by recipient, in both directions.

    Before it is signed the provisions have no beginning, so that they permit nothing; a preview
    gives the moment at which it looks ahead.
    """
    signed_at = release.signed_at or as_if_signed_at
    common = Provision(
        release=release.pk,
        permits=True,
        client=release.client_id,
        discloser=release.organization_id,
        organization=0,
        person=None,
        categories=frozenset(),
        sensitivities=release.sensitivities,
        purposes=frozenset(p.purpose for p in release.purposes.all()),
        signed_at=signed_at,
        valid_from=max(signed_at, release.starts_at or signed_at) if signed_at else None,
        valid_until=release.over_at,
        superseded_at=release.superseded_at,
        service_from=release.service_from,
        service_until=release.service_until,
    )
    listed: dict[tuple[str, str], set[str]] = {}
    for row in release.categories.all():
        listed.setdefault((row.direction, row.effect), set()).add(row.category)
    found = []
    for (direction, effect), categories in listed.items():
        part = replace(common, permits=effect == Effect.PERMIT, categories=frozenset(categories))
        for recipient in release.recipients.all():
            ends = [m for m in (release.revoked_at, recipient.revoked_at) if m]
            part = replace(part, revoked_at=min(ends, default=None))
            found += _towards(part, direction, release, recipient)
    return found


def _towards(
    part: Provision, direction: str, release: Release, recipient: ReleaseRecipient
) -> list[Provision]:
    """`part` made out to one recipient; inwards, to the clinic from the recipient's house."""
    house = recipient.organization_id
    if direction == Direction.OUT:
        return [
            replace(
                part,
                organization=house or 0,
                person=0 if recipient.contact_id else recipient.user_id,
                role=recipient.role or None,
                contact=recipient.contact_id,
            )
        ]
    return [replace(part, discloser=house, organization=release.organization_id)] if house else []


# Who declares which emergency, by role: medical staff, and for a threat not the nurse.
DECLARED_BY = {
    EmergencyBasis.MEDICAL: frozenset({Role.PRESCRIBER, Role.NURSE, Role.PHYSICIAN}),
    EmergencyBasis.THREAT: frozenset({Role.PRESCRIBER, Role.PHYSICIAN}),
}
# What an emergency opens. Part 2 records: for a medical emergency only, 42 CFR 2.51.
OPENED_BY = {
    EmergencyBasis.MEDICAL: frozenset(Category.values) - {Category.THEMES, Category.INTEGRATION},
    EmergencyBasis.THREAT: frozenset({Category.RISK, Category.SAFETY, Category.SCHEDULE}),
}


def provisions_in(emergency: EmergencyAccess) -> list[Provision]:
    """What a declared emergency opens to the one who declared it, while they hold a role that may.

    Staff of the clinic read what others wrote; others read what the clinic wrote.
    """
    at_the_clinic = emergency.organization_id == emergency.clinic_id
    basis = EmergencyBasis(emergency.basis)
    part = Provision(
        release=None,
        permits=True,
        client=emergency.client_id,
        discloser=None if at_the_clinic else emergency.clinic_id,
        organization=emergency.organization_id,
        person=emergency.reader_id,
        categories=frozenset(OPENED_BY[basis]),
        emergency=emergency.pk,
        sensitivities=frozenset(Sensitivity.values if basis == EmergencyBasis.MEDICAL else ()),
        purposes=frozenset({Purpose.COORDINATION}),
        valid_from=emergency.opened_at,
        valid_until=emergency.until,
    )
    return [replace(part, role=role) for role in sorted(DECLARED_BY[basis])]


@dataclass(frozen=True)
class Access:
    """What one reader may read about some clients at one moment."""

    reader: Reader
    clients: frozenset[int]
    provisions: tuple[Provision, ...]
    at: datetime
    purpose: str = Purpose.COORDINATION

    @classmethod
    def load(cls, reader: Reader, clients: Collection[int], at: datetime) -> "Access":
        """Load the few releases and emergencies that name this reader."""
        releases = (
            Release.objects.naming(reader).signed().filter(client_id__in=clients).with_parts()
        )
        provisions = [p for release in releases for p in provisions_of(release)]
        declared = EmergencyAccess.objects.of_reader(reader.person, reader.organization)
        for emergency in declared.open_at(at).filter(client_id__in=clients):
            provisions += provisions_in(emergency)
        return cls(reader, frozenset(clients), tuple(provisions), at)

    def decide(self, item: DisclosableItem) -> Decision:
        """The decision for one item, in Python."""
        return decide(self._request(item), self.provisions, self.at)

    def _request(self, item: DisclosableItem) -> Request:
        return Request(
            person=self.reader.person,
            role=self.reader.role,
            organization=self.reader.organization,
            client=item.client_id,
            category=item.category,
            sensitivities=frozenset(item.sensitivities),
            occurred_at=item.occurred_at,
            author_organization=item.author_organization_id,
            purpose=self.purpose,
            contact=self.reader.contact,
        )

    def basis_of(self, emergency: int | None) -> str:
        """Why something crosses, as the ledger keeps it: the purpose, or the emergency's basis."""
        if emergency is None:
            return self.purpose
        return EmergencyAccess.objects.values_list("basis", flat=True).get(pk=emergency)

    @cached_property
    def permitted(self) -> list[tuple[Provision, str, frozenset[str]]]:
        """(provision, category, sensitivities) that `decide` permits by that provision.

        What the reader's own organisation wrote rests on no release and is not among them.
        """
        denials = [p for p in self.provisions if not p.permits]
        found = []
        for provision in self.provisions:
            if not provision.permits or provision.client not in self.clients:
                continue
            for category in provision.categories:
                for stored in subsets(Sensitivity.values):
                    named = frozenset(stored.split(",")) - {""}
                    request = Request(
                        person=self.reader.person,
                        role=self.reader.role,
                        organization=self.reader.organization,
                        client=provision.client,
                        category=category,
                        sensitivities=named,
                        occurred_at=provision.service_from or _before(provision.service_until),
                        author_organization=provision.discloser or ELSEWHERE,
                        purpose=self.purpose,
                        contact=self.reader.contact,
                    )
                    decision = decide(request, [provision, *denials], self.at)
                    if decision.reason in CROSSING:  # one's own record needs no release
                        found.append((provision, category, named))
        return found

    def filter(self) -> Q:
        """One condition on items: what the reader's organisation wrote, and what is released."""
        condition = Q(pk__in=[])
        if self.reader.role in READING_ROLES:
            condition |= Q(author_organization_id=self.reader.organization)
        grouped: dict[tuple, set[str]] = {}
        for provision, category, named in self.permitted:
            grouped.setdefault((provision, as_text(named)), set()).add(category)
        for (provision, stored), categories in grouped.items():
            part = Q(
                client_id=provision.client,
                category__in=sorted(categories),
                sensitivities=stored,
            )
            if provision.discloser is not None:
                part &= Q(author_organization_id=provision.discloser)
            if provision.service_from:
                part &= Q(occurred_at__gte=provision.service_from)
            if provision.service_until:
                part &= Q(occurred_at__lt=provision.service_until)
            condition |= part
        return Q(client_id__in=self.clients) & condition

    def categories(
        self, client: int, author_organization: int | None = None, *, whole: bool = False
    ) -> set[str]:
        """The categories that releases open about a client, by author or from anybody.

        `whole`: only those that no service period narrows, for whoever concludes something from
        what is absent.
        """
        return {
            category
            for provision, category, _ in self.permitted
            if provision.client == client
            and (provision.discloser is None or author_organization in (None, provision.discloser))
            and not (whole and (provision.service_from or provision.service_until))
        }


def _before(moment: datetime | None) -> datetime:
    return moment - timedelta(microseconds=1) if moment else ANY_TIME
