"""Reading a conference through the one door.

Staff of the clinic read all of theirs by role. Somebody outside reads of their own cases what a
release opens now, and learns of a conference by nothing else: not of another case on its agenda,
not of how many there are, not of who joined for one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q

from consent.access import Reader
from consent.disclosure import Disclosed, disclose
from consent.enums import Channel
from consent.models import DisclosableItem
from consent.scope import Scope, scopes_of
from people.models import Client, Membership, User
from referrals.models import Referral
from reminders.conferences.needs import in_words
from reminders.conferences.people import may_read, missing, there
from reminders.enums import ReasonKind
from reminders.models import (
    Conference,
    ConferenceAttendance,
    ConferenceCase,
    ConferenceDecision,
    ConferenceInvitation,
    ConferenceReason,
)

RECENT = timedelta(days=365)  # how far back the list of somebody outside goes
# What concerns the practice that referred, and no other reader: whose referral it was, and whether
# its people held a session.
OF_THE_REFERRER = (ReasonKind.REFERRAL, ReasonKind.MISSED)
ELSEWHERE = "Somebody outside the clinic"


@dataclass(frozen=True)
class Decided:
    """One decision as its reader sees it."""

    row: ConferenceDecision
    owner: str  # whom the reader may not meet is not named
    replaced: bool
    overdue: bool
    mine: bool  # to be done by the reader


@dataclass(frozen=True)
class Line:
    """One case of a conference, with all of it that its reader may know."""

    case: ConferenceCase
    reasons: list[str]
    decisions: list[Decided]  # the newest first
    invited: list[User]
    joined: list[ConferenceAttendance]
    missing: list[str]  # what is missing where prescriber and therapist are both there
    rank: tuple

    @property
    def client(self) -> Client:
        return self.case.referral.client

    @property
    def open_decisions(self) -> list[Decided]:
        return [each for each in self.decisions if not (each.row.done_at or each.replaced)]


@dataclass(frozen=True)
class Agenda:
    """One conference: who was there of those whom the reader may meet, and its cases."""

    conference: Conference
    there: list[ConferenceAttendance]
    lines: list[Line]
    taken_off: list[ConferenceCase] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)  # the releases by which it is read

    def line_of(self, case: int) -> Line | None:
        return next((line for line in self.lines if line.case.pk == case), None)


# ---------------------------------------------------------------- the clinic
def read_agenda(user: User, conference: Conference) -> Agenda:
    """All of it, for staff of the clinic whose conference it is."""
    on_it = Q(conference=conference)
    found = disclose(
        to=Reader.of(user),
        about=_clients(on_it),
        kinds={
            ConferenceCase: on_it,
            ConferenceReason: Q(case__conference=conference),
            ConferenceDecision: Q(case__conference=conference),
        },
        channel=Channel.PAGE,
    )
    standing = [case for case in found.of(ConferenceCase) if not case.taken_off_at]
    off = [case for case in found.of(ConferenceCase) if case.taken_off_at]
    attendance = list(_attendance(Q(conference=conference)))
    lines = _lines(found, standing, attendance, conference.series.clinic.day_of(found.at))
    at_conference = there(row for row in attendance if row.case_id is None)
    return Agenda(conference, at_conference, lines, off)


def open_decisions(user: User, now: datetime) -> list[ConferenceDecision]:
    """What is not done yet of all that was decided at the clinic of `user`, the earliest due
    first."""
    reader = Reader.of(user)
    waiting = Q(author_organization=reader.organization, done_at=None) & ~replaced()
    about = set(ConferenceDecision.unscoped.filter(waiting).values_list("client_id", flat=True))
    if not about:
        return []
    kinds: dict[type[DisclosableItem], Q] = {ConferenceDecision: waiting}
    found = disclose(to=reader, about=about, kinds=kinds, channel=Channel.WORKLIST)
    return sorted(found.of(ConferenceDecision), key=lambda row: (row.due_on, row.pk))


def _clients(on: Q) -> set[int]:
    """Whom the door is asked about: who stands on an agenda at all."""
    return set(ConferenceCase.unscoped.filter(on).values_list("client_id", flat=True))


def replaced() -> Q:
    """Decisions of which a later one took the place."""
    later = ConferenceDecision.unscoped.filter(replaces__isnull=False)
    return Q(pk__in=later.values("replaces"))


# ---------------------------------------------------------------- outside it
def read_outside(
    user: User, now: datetime, *, conference: int | None = None, channel: Channel = Channel.PAGE
) -> list[Agenda]:
    """The conferences at which a case of the reader's own is talked over, the latest first, each
    with these cases alone; of the last year, or the one asked for. Empty where no release in
    force opens anything of one."""
    reader = Reader.of(user)
    mine = {pk: client for pk, client in _open_cases(user, conference)}
    if not mine:
        return []
    found = disclose(
        to=reader,
        about=set(mine.values()),
        kinds=_kinds_outside(reader, mine, conference, now),
        channel=channel,
    )
    cases = _cases_of(found)
    attendance = list(_attendance(Q(conference__in={case.conference_id for case in cases})))
    rows = [row for row in attendance if _may_meet(row, reader, cases)]
    agendas = []
    for each in sorted({case.conference for case in cases}, key=lambda c: c.at, reverse=True):
        its = [case for case in cases if case.conference_id == each.pk]
        at_it = [row for row in rows if row.conference_id == each.pk]
        lines = _lines(found, its, at_it, each.series.clinic.day_of(now), reader)
        scopes = _scopes(found, its) if conference else []
        whole = there(row for row in at_it if row.case_id is None)
        agendas.append(Agenda(each, whole, lines, scopes=scopes))
    return agendas


def own_decision(user: User, conference: int, decision: int) -> ConferenceDecision | None:
    """One that `user`, outside the clinic, is to carry out and may read now. It shows nothing, and
    so no disclosure is made."""
    rows = ConferenceDecision.unscoped.filter(~replaced(), case__conference=conference)
    row = rows.filter(pk=decision, owner=user).select_related("case").first()
    return row if row and may_read(user, row) else None


def _scopes(found: Disclosed, cases: Iterable[ConferenceCase]) -> list[Scope]:
    return scopes_of(found.access, *{case.client_id for case in cases})


def _open_cases(user: User, conference: int | None) -> Iterable[tuple[int, int]]:
    """(referral, client) of the cases that the reader is on and that stand on an agenda."""
    on = Q(taken_off_at=None) & (Q(conference=conference) if conference else Q())
    stand = ConferenceCase.unscoped.filter(on).values("referral")
    rows = Referral.objects.open_to(user).filter(pk__in=stand)
    return rows.values_list("pk", "client_id")


def _kinds_outside(
    reader: Reader, mine: Collection[int], conference: int | None, now: datetime
) -> dict[type[DisclosableItem], Q]:
    line = Q(taken_off_at=None, referral__in=list(mine), conference__at__gte=now - RECENT)
    if conference:
        line = Q(taken_off_at=None, referral__in=list(mine), conference=conference)
    of_line = Q(case__in=ConferenceCase.unscoped.filter(line).values("pk"))
    own = Q(case__referral__practice=reader.organization)
    return {
        ConferenceCase: line,
        ConferenceReason: of_line & (~Q(kind__in=OF_THE_REFERRER) | own),
        ConferenceDecision: of_line & ~replaced(),
    }


def _cases_of(found: Disclosed) -> list[ConferenceCase]:
    """Each case of which anything was disclosed: that it is talked over, why, or a decision."""
    by_pk = {case.pk: case for case in found.of(ConferenceCase)}
    of_reasons = {row.case_id: row.case for row in found.of(ConferenceReason)}
    of_decisions = {row.case_id: row.case for row in found.of(ConferenceDecision)}
    return list({**of_reasons, **of_decisions, **by_pk}.values())


def _may_meet(row: ConferenceAttendance, reader: Reader, cases: Collection[ConferenceCase]) -> bool:
    """The clinic's people, and those of the reader's own practice at a case they see."""
    if row.case_id is None:
        return True
    seen = row.case_id in {case.pk for case in cases}
    return seen and row.organization_id == reader.organization


# ---------------------------------------------------------------- what both are made of
def _attendance(which: Q):
    rows = ConferenceAttendance.objects.filter(which)
    return rows.select_related("person", "organization").order_by("pk")


def _lines(
    found: Disclosed,
    cases: Iterable[ConferenceCase],
    attendance: Collection[ConferenceAttendance],
    today: date,
    outside: Reader | None = None,
) -> list[Line]:
    """The most urgent first. One query more, for who was invited."""
    cases = list(cases)
    at_conference = there(row for row in attendance if row.case_id is None)
    invitations = ConferenceInvitation.objects.filter(case__in=[case.pk for case in cases])
    invited: dict[int, list[User]] = {}
    for each in invitations.select_related("person"):
        invited.setdefault(each.case_id, []).append(each.person)
    replaced = {row.replaces_id for row in found.of(ConferenceDecision)}
    reader = found.access.reader
    staffed = _staffed(cases) if outside else frozenset()

    def decided(row: ConferenceDecision) -> Decided:
        over = row.due_on < today and not row.done_at
        mine = row.owner_id == reader.person
        met = mine or outside is None or row.owner_id in staffed or _is_of(outside, row.case)
        owner = str(row.owner) if met else ELSEWHERE
        return Decided(row, owner, row.pk in replaced, over, mine)

    def line(case: ConferenceCase) -> Line:
        reasons = [row for row in found.of(ConferenceReason) if row.case_id == case.pk]
        reasons.sort(key=lambda row: (ReasonKind(row.kind).rank, row.occurred_at))
        joined = there(row for row in attendance if row.case_id == case.pk)
        practice = case.referral.practice_id
        theirs = outside is None or _is_of(outside, case)
        return Line(
            case=case,
            reasons=[in_words(r.kind, r.detail, r.occurred_at, r.text) for r in reasons],
            decisions=[decided(d) for d in found.of(ConferenceDecision) if d.case_id == case.pk],
            invited=_known(invited.get(case.pk, []), reader, theirs),
            joined=joined,
            missing=missing(at_conference, joined, practice) if theirs else [],
            rank=min((_rank(row) for row in reasons), default=(len(ReasonKind),)),
        )

    return sorted(map(line, cases), key=lambda each: (each.rank, each.case.pk))


def _is_of(reader: Reader, case: ConferenceCase) -> bool:
    """Whether the reader's practice is the one that referred."""
    return reader.organization == case.referral.practice_id


def _staffed(cases: Iterable[ConferenceCase]) -> frozenset[int]:
    """Who works, or has worked, at the clinics of these cases."""
    clinics = {case.author_organization_id for case in cases}
    rows = Membership.objects.filter(organization__in=clinics)
    return frozenset(rows.values_list("user_id", flat=True))


def _rank(row: ConferenceReason) -> tuple:
    return ReasonKind(row.kind).rank, row.occurred_at


def _known(invited: list[User], reader: Reader, theirs: bool) -> list[User]:
    """Whom the reader may know to be invited: all of them at the clinic and the practice."""
    return invited if theirs else [user for user in invited if user.pk == reader.person]
