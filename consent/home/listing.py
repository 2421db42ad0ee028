"""The administrator's home: what waits on the clinic's releases, group by group.

Soonest end or longest wait first. A group goes on by key, and nothing is counted beyond MOST.
`consent.home.search` narrows it, `consent.home.rows` puts it into words.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import attrgetter, or_

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models import prefetch_related_objects as prefetch
from django.db.models.functions import Coalesce

from consent.enums import ReleaseState as S
from consent.home.search import Search
from consent.models import (
    DisclosureQuestion,
    EmergencyAccess,
    PaperCopy,
    Release,
    ReleaseRecipient,
)

EXPIRING = timedelta(days=30)
RECENT = timedelta(days=30)  # how long a withdrawal stands among what is to be seen
SHORT, PAGE, MOST = 8, 25, 100  # rows of a group on the home page, on its own, in a count
OVER = (S.EXPIRED, S.SUPERSEDED, S.DECLINED, S.DISCARDED)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
NOT_NEEDED = ("text", "drawn")  # what was signed, and how: never loaded for a list


@dataclass(frozen=True)
class Group:
    """One tile and one heading; `order` is the column by which its releases wait."""

    label: str
    note: str
    order: str = ""


GROUPS = {
    "review": Group("To review", "Emergencies, questions"),
    "verify": Group("To verify", "Signed on paper"),
    "expiring": Group("Ending", "Within 30 days", "ends"),
    "awaiting": Group("Awaiting", "Not signed yet", "sent_at"),
    "incomplete": Group("Incomplete", "Drafts", "created_at"),
    "revoked": Group("Withdrawn", "In the last 30 days", "-revoked_at"),
    "active": Group("In force", "Nothing is due", "ends"),
    "ended": Group("Over", "Ended, replaced, declined", "-pk"),
}
HOME = list(GROUPS)[:6]  # what somebody has to see; the others are looked up


@dataclass
class Found:
    """What there is, up to a limit. Releases to verify carry their `open_paper`."""

    releases: dict[str, list[Release]]
    emergencies: list[EmergencyAccess] = field(default_factory=list)
    questions: list[DisclosureQuestion] = field(default_factory=list)

    def count(self, group: str) -> int:
        if group == "review":
            return len(self.emergencies) + len(self.questions)
        return len(self.releases[group])


def group_of(release: Release, at: datetime) -> str:
    """The one group in which a release stands. One that waits on paper is found by its paper."""
    state = release.state(at)
    if state == S.DRAFT:
        return "incomplete"
    if state == S.AWAITING:
        return "awaiting"
    if state == S.ACTIVE and release.until and release.until <= at + EXPIRING:
        return "expiring"
    if state in (S.ACTIVE, S.FUTURE):
        return "active"
    if state == S.REVOKED and release.revoked_at and release.revoked_at > at - RECENT:
        return "revoked"
    return "ended"


def releases_in(group: str, clinic: int, at: datetime) -> QuerySet[Release]:
    """The same in the database, in the order of the group."""
    found = Release.objects.of_clinic(clinic)
    soon, recent = Q(until__lte=at + EXPIRING), Q(revoked_at__gt=at - RECENT)
    match group:
        case "incomplete":
            found = found.in_state(S.DRAFT, at)
        case "awaiting":
            on_paper = PaperCopy.objects.filter(release=OuterRef("pk"), verified_at=None)
            found = found.in_state(S.AWAITING, at).exclude(Exists(on_paper))
        case "expiring":
            found = found.in_force(at).filter(soon)
        case "revoked":
            found = found.in_state(S.REVOKED, at).filter(recent)
        case "active":
            found = found.in_force(at).exclude(soon) | found.in_state(S.FUTURE, at)
        case _:
            long_ago = found.in_state(S.REVOKED, at).exclude(recent)
            found = reduce(or_, (found.in_state(state, at) for state in OVER), long_ago)
    order = GROUPS[group].order
    return _annotated(found).order_by(order, "-pk" if order.startswith("-") else "pk")


def find(clinic: int, at: datetime, search: Search, groups: Iterable[str], most: int) -> Found:
    """Up to `most` of each of `groups`, in four queries."""
    ordered = [group for group in groups if GROUPS[group].order]
    wanted = Q(pk__in=[])
    for group in ordered:
        part = search.releases(releases_in(group, clinic, at), at)
        wanted |= Q(pk__in=part.values("pk")[:most])
    buckets: dict[str, list[Release]] = {group: [] for group in GROUPS}
    rows = _annotated(Release.objects.filter(wanted)).defer(*NOT_NEEDED).select_related("client")
    for release in rows:
        buckets[group_of(release, at)].append(release)
    for group in ordered:
        buckets[group] = _in_order(group, buckets[group])
    for paper in search.papers(_papers(clinic), at)[:most]:
        paper.release.open_paper = paper  # type: ignore[attr-defined]
        buckets["verify"].append(paper.release)
    return Found(
        buckets,
        emergencies=list(search.emergencies(_emergencies(clinic))[:most]),
        questions=list(search.questions(_questions(clinic))[:most]),
    )


def _in_order(group: str, releases: list[Release]) -> list[Release]:
    order = GROUPS[group].order
    return sorted(releases, key=attrgetter(order.lstrip("-"), "pk"), reverse=order.startswith("-"))


def after(
    clinic: int, at: datetime, search: Search, group: str, last: int, most: int
) -> list[Release]:
    """Up to `most` of a group that come after the release `last`, by key."""
    order = GROUPS[group].order
    column, way = order.lstrip("-"), "lt" if order.startswith("-") else "gt"
    anchor = _annotated(Release.objects.of_clinic(clinic)).filter(pk=last).first()
    value = getattr(anchor, column, None)
    found = search.releases(releases_in(group, clinic, at), at)
    if value is not None:
        later = Q(**{f"{column}__{way}": value})
        found = found.filter(later | Q(**{column: value, f"pk__{way}": last}))
    return list(found.defer(*NOT_NEEDED).select_related("client")[:most])


def load_parts(releases: Iterable[Release]) -> None:
    """Who receives them, in one query."""
    named = ReleaseRecipient.objects.select_related("user", "organization", "contact")
    prefetch(list(releases), Prefetch("recipients", named.order_by("pk")))


def _annotated(found: QuerySet[Release]) -> QuerySet[Release]:
    """`ends`: its last date, or never. `renewal`: the draft that will take its place."""
    waiting = Release.objects.open().filter(supersedes=OuterRef("pk"))
    return found.annotate(
        ends=Coalesce("until", Value(NEVER)), renewal=Subquery(waiting.values("pk")[:1])
    )


def _papers(clinic: int) -> QuerySet[PaperCopy]:
    found = PaperCopy.objects.filter(release__organization=clinic, verified_at=None)
    heavy = ("pdf", *(f"release__{name}" for name in NOT_NEEDED))
    found = found.select_related("release__client", "transcribed_by").defer(*heavy)
    return found.order_by("transcribed_at", "pk")


def _emergencies(clinic: int) -> QuerySet[EmergencyAccess]:
    found = EmergencyAccess.objects.filter(clinic=clinic).to_review()
    return found.select_related("client", "reader", "organization")


def _questions(clinic: int) -> QuerySet[DisclosureQuestion]:
    found = DisclosureQuestion.objects.filter(organization=clinic, answered_at=None)
    return found.select_related("client").order_by("asked_at", "pk")
