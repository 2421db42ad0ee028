"""The decision turned into one filter. No rule stands here: every permitted tuple asks `decide`."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from django.db.models import Q

from consent.decision import READING_ROLES, Decision, Provision, Reason, Request, decide
from consent.enums import Direction, Effect, Purpose, Sensitivity
from consent.fields import as_text, subsets
from consent.models import DisclosableItem, Release

ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Reader:
    """Somebody as the decision sees them."""

    person: int
    name: str
    role: str
    organization: int
    organization_name: str
    organization_address: str

    @classmethod
    def of(cls, user) -> "Reader":
        """The reader that `user` is by their membership; ValueError without one."""
        membership = user.membership
        if membership is None:
            raise ValueError("Somebody without a membership reads nothing.")
        organization = membership.organization
        return cls(
            user.pk,
            str(user),
            membership.role,
            organization.pk,
            organization.name,
            organization.address,
        )


def provisions_of(release: Release) -> list[Provision]:
    """What a release says, recipient by recipient, in both directions.

    Before it is signed the provisions have no beginning, so that they permit nothing.
    """
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
        valid_from=release.valid_from,
        valid_until=release.until,
        revoked_at=release.revoked_at,
        service_from=release.service_from,
        service_until=release.service_until,
    )
    listed: dict[tuple[str, str], set[str]] = {}
    for row in release.categories.all():
        listed.setdefault((row.direction, row.effect), set()).add(row.category)
    recipients = list(release.recipients.all())
    found = []
    for (direction, effect), categories in listed.items():
        part = replace(common, permits=effect == Effect.PERMIT, categories=frozenset(categories))
        if direction == Direction.OUT:
            found += [
                replace(part, organization=r.organization_id, person=r.user_id) for r in recipients
            ]
        else:
            found += [
                replace(part, discloser=sender, organization=release.organization_id)
                for sender in {r.organization_id for r in recipients}
            ]
    return found


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
        """Load the few releases that name this reader, whatever their state."""
        releases = (
            Release.objects.naming(reader.person, reader.organization)
            .signed()
            .filter(client_id__in=clients)
            .with_parts()
        )
        provisions = tuple(p for release in releases for p in provisions_of(release))
        return cls(reader, frozenset(clients), provisions, at)

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
        )

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
                        author_organization=provision.discloser,
                        purpose=self.purpose,
                    )
                    decision = decide(request, [provision, *denials], self.at)
                    if decision.reason is Reason.RELEASED:  # one's own record needs no release
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
                author_organization_id=provision.discloser,
                category__in=sorted(categories),
                sensitivities=stored,
            )
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
            and author_organization in (None, provision.discloser)
            and not (whole and (provision.service_from or provision.service_until))
        }


def _before(moment: datetime | None) -> datetime:
    return moment - timedelta(microseconds=1) if moment else ANY_TIME
