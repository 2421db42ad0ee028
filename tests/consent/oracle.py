"""Who may read what, told once more from the words of the domain and not from the code.

A paper is a release as it lies on the desk. `may_read` follows the sentences: an organisation
reads what it wrote, by role · administrators read nothing · what crosses needs a signed release,
in force, that names the reader (from the clinic) or their organisation (to the clinic), for this
client, this category, these sensitivities, this period and this purpose · a denial beats a permit.
"""

from dataclasses import dataclass, field
from datetime import datetime

NEVER_READS = "administrator"


@dataclass(frozen=True)
class Someone:
    person: int
    role: str
    organization: int


@dataclass(frozen=True)
class Thing:
    client: int
    category: str
    sensitivities: frozenset
    author: int
    when: datetime


@dataclass
class Paper:
    client: int
    clinic: int
    recipients: list  # (person, organization)
    out: dict = field(default_factory=dict)  # category: shared?
    back: dict = field(default_factory=dict)  # category: shared?, from the recipients to the clinic
    sensitivities: frozenset = frozenset()
    purposes: frozenset = frozenset()
    signed: datetime | None = None
    starts: datetime | None = None
    until: datetime | None = None
    revoked: datetime | None = None
    since: datetime | None = None  # service period
    to: datetime | None = None


def may_read(who: Someone, thing: Thing, papers: list[Paper], now: datetime) -> bool:
    if who.role == NEVER_READS:
        return False
    if thing.author == who.organization:
        return True
    said = [(p, answer(p, who, thing)) for p in papers if in_force(p, now)]
    if any(shared is False for _, shared in said):
        return False
    return any(shared and covers(paper, thing) for paper, shared in said)


def answer(paper: Paper, who: Someone, thing: Thing) -> bool | None:
    """What the paper says to this person about this category: yes, no, or nothing (None)."""
    if paper.client != thing.client:
        return None
    if thing.author == paper.clinic and (who.person, who.organization) in paper.recipients:
        return paper.out.get(thing.category)
    places = {organization for _, organization in paper.recipients}
    if who.organization == paper.clinic and thing.author in places:
        return paper.back.get(thing.category)
    return None


def in_force(paper: Paper, now: datetime) -> bool:
    if paper.signed is None or paper.until is None:
        return False
    begun = paper.signed <= now and (paper.starts is None or paper.starts <= now)
    over = paper.until <= now or (paper.revoked is not None and paper.revoked <= now)
    return begun and not over


def covers(paper: Paper, thing: Thing) -> bool:
    early = paper.since is not None and thing.when < paper.since
    late = paper.to is not None and paper.to <= thing.when
    named = thing.sensitivities <= paper.sensitivities
    return (
        named and not early and not late and bool(paper.purposes & {"coordination", "at_request"})
    )


def paper_of(release) -> Paper:
    """A release as it stands in the database."""
    listed = {"out": {}, "in": {}}
    for row in release.categories.all():
        listed[row.direction][row.category] = row.effect == "permit"
    return Paper(
        client=release.client_id,
        clinic=release.organization_id,
        recipients=[(r.user_id, r.organization_id) for r in release.recipients.all()],
        out=listed["out"],
        back=listed["in"],
        sensitivities=frozenset(release.sensitivities),
        purposes=frozenset(p.purpose for p in release.purposes.all()),
        signed=release.signed_at,
        starts=release.starts_at,
        until=release.until,
        revoked=release.revoked_at,
        since=release.service_from,
        to=release.service_until,
    )
