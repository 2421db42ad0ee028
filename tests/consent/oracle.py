"""Who may read what, told once more from the words of the domain and not from the code.

A paper is a release as it lies on the desk, a call an emergency that somebody declared. `may_read`
follows the sentences: an organisation reads what it wrote, by role · administrators read nothing ·
what crosses needs a signed release, in force, that names the reader, their role or, to the clinic,
their organisation, for this client, category, sensitivities, period and purpose · a no in force
beats every yes, and a no that was signed later closes what was open before, for good · or an
emergency of the last hour.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

NEVER_READS = "administrator"
IN_A_MEDICAL_EMERGENCY = [
    *("schedule", "readiness", "treatment", "response", "safety"),
    *("outcomes", "history", "risk", "contraindications"),
]
UNDER_THREAT = ["risk", "safety", "schedule"]


@dataclass(frozen=True)
class Someone:
    person: int
    role: str
    organization: int
    contact: int | None = None


@dataclass(frozen=True)
class Thing:
    client: int
    category: str
    sensitivities: frozenset
    author: int
    when: datetime


@dataclass(frozen=True)
class Named:
    """One whom a paper names, until they are taken off it."""

    organization: int = 0
    person: int | None = None
    role: str | None = None
    contact: int | None = None
    withdrawn: datetime | None = None


@dataclass
class Paper:
    client: int
    clinic: int
    recipients: list  # Named
    out: dict = field(default_factory=dict)  # category: shared?
    back: dict = field(default_factory=dict)  # category: shared?, from the recipients to the clinic
    sensitivities: frozenset = frozenset()
    purposes: frozenset = frozenset()
    signed: datetime | None = None
    starts: datetime | None = None
    until: datetime | None = None
    event: datetime | None = None
    replaced: datetime | None = None
    revoked: datetime | None = None
    since: datetime | None = None  # service period
    to: datetime | None = None


@dataclass(frozen=True)
class Call:
    person: int
    organization: int
    clinic: int
    client: int
    medical: bool
    opened: datetime
    closed: datetime | None = None


def may_read(
    who: Someone, thing: Thing, papers: list[Paper], now: datetime, calls: tuple = ()
) -> bool:
    if who.role == NEVER_READS:
        return False
    if thing.author == who.organization:
        return True
    if any(answers(call, who, thing, now) for call in calls):
        return True
    said = [
        (paper, named, shared)
        for paper in papers
        for named in paper.recipients
        if (shared := answer(paper, named, who, thing)) is not None
    ]
    refused = [(paper, named) for paper, named, shared in said if not shared]
    if any(in_force(paper, named, now) for paper, named in refused):
        return False
    return any(
        shared
        and in_force(paper, named, now)
        and covers(paper, thing)
        and not any(no.signed and paper.signed < no.signed <= now for no, _ in refused)
        for paper, named, shared in said
    )


def answer(paper: Paper, named: Named, who: Someone, thing: Thing) -> bool | None:
    """What the paper says to this person about this category: yes, no, or nothing (None)."""
    if paper.client != thing.client:
        return None
    if thing.author == paper.clinic and is_named(named, who):
        return paper.out.get(thing.category)
    if who.organization == paper.clinic and thing.author == named.organization:
        return paper.back.get(thing.category)
    return None


def is_named(named: Named, who: Someone) -> bool:
    if named.contact or who.contact:
        return named.contact == who.contact
    there = named.organization == who.organization
    return there and (named.person == who.person or named.role == who.role)


def in_force(paper: Paper, named: Named, now: datetime) -> bool:
    if paper.signed is None:
        return False
    begun = paper.signed <= now and (paper.starts is None or paper.starts <= now)
    ends = [paper.until, paper.event, paper.replaced, paper.revoked, named.withdrawn]
    return begun and not any(end is not None and end <= now for end in ends)


def covers(paper: Paper, thing: Thing) -> bool:
    early = paper.since is not None and thing.when < paper.since
    late = paper.to is not None and paper.to <= thing.when
    named = thing.sensitivities <= paper.sensitivities
    return (
        named and not early and not late and bool(paper.purposes & {"coordination", "at_request"})
    )


def answers(call: Call, who: Someone, thing: Thing, now: datetime) -> bool:
    mine = (call.person, call.organization) == (who.person, who.organization)
    lasting = call.opened <= now < call.opened + timedelta(hours=1)
    given_back = call.closed is not None and call.closed <= now
    opened = IN_A_MEDICAL_EMERGENCY if call.medical else UNDER_THREAT
    return (
        mine
        and not who.contact
        and call.client == thing.client
        and lasting
        and not given_back
        and thing.category in opened
        and (call.medical or not thing.sensitivities)
        and call.clinic in (thing.author, who.organization)
    )


def paper_of(release) -> Paper:
    """A release as it stands in the database."""
    listed = {"out": {}, "in": {}}
    for row in release.categories.all():
        listed[row.direction][row.category] = row.effect == "permit"
    return Paper(
        client=release.client_id,
        clinic=release.organization_id,
        recipients=[
            Named(r.organization_id or 0, r.user_id, r.role or None, r.contact_id, r.revoked_at)
            for r in release.recipients.all()
        ],
        out=listed["out"],
        back=listed["in"],
        sensitivities=frozenset(release.sensitivities),
        purposes=frozenset(p.purpose for p in release.purposes.all()),
        signed=release.signed_at,
        starts=release.starts_at,
        until=release.until,
        event=release.event_at,
        replaced=release.superseded_at,
        revoked=release.revoked_at,
        since=release.service_from,
        to=release.service_until,
    )


def call_of(emergency) -> Call:
    """An emergency as it stands in the database."""
    return Call(
        person=emergency.reader_id,
        organization=emergency.organization_id,
        clinic=emergency.clinic_id,
        client=emergency.client_id,
        medical=emergency.basis == "medical",
        opened=emergency.opened_at,
        closed=emergency.closed_at,
    )
