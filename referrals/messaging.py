"""Reading messages through the one door: the thread, who can read it, what was opened, what waits.

Receipts are no table: the ledger of disclosures knows who of the other house opened which message,
and when. Lists ask through the door too, but on the channel of lists, so that only opening the
thread counts as opening.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from consent.access import Access, Reader
from consent.clock import database_now
from consent.disclosure import Disclosed, disclose
from consent.enums import Category, Channel
from consent.models import Disclosure, ReleaseRecipient
from people.enums import CLINIC_ROLES, CLINICAL_ROLES, PRACTICE_ROLES, Role
from people.models import Membership, Organization, User
from referrals.enums import MessageKind, Side
from referrals.messages import unsent
from referrals.models import Message, MessagePdf, Referral, ReferralUserPermission

RECENT = timedelta(days=30)  # how long a message may wait in a list


# ---------------------------------------------------------------- the thread
def read_thread(user: User, referral: Referral) -> Disclosed:
    """What `user` may read now of this thread: opening it, as the ledger keeps it."""
    return disclose(
        to=Reader.of(user),
        about={referral.client_id},
        kinds={Message: Q(referral=referral)},
        channel=Channel.PAGE,
    )


def read_message(user: User, referral: Referral, message: int) -> Message | None:
    """One message of this thread, to answer it, or None where `user` may not read it."""
    found = disclose(
        to=Reader.of(user),
        about={referral.client_id},
        kinds={Message: Q(pk=message, referral=referral)},
        channel=Channel.PAGE,
    )
    return next(iter(found.of(Message)), None)


def read_pdf(user: User, referral: Referral, message: int) -> MessagePdf | None:
    """The attachment of one message of this thread, or None where `user` may not have it."""
    found = disclose(
        to=Reader.of(user),
        about={referral.client_id},
        kinds={MessagePdf: Q(message=message, message__referral=referral)},
        channel=Channel.PDF,
    )
    return next(iter(found.of(MessagePdf)), None)


# ---------------------------------------------------------------- who can read it
@dataclass(frozen=True)
class OtherSide:
    """The people to whom one side writes, each with what releases open to them at a moment."""

    referral: Referral
    author: Side
    at: datetime

    @property
    def house(self) -> Organization:
        return self.referral.clinic if self.author == Side.PRACTICE else self.referral.practice

    @cached_property
    def _readers(self) -> list[tuple[Membership, Access]]:
        at_clinic = self.author == Side.PRACTICE
        return self._at_clinic() if at_clinic else self._at_practice()

    def _members(self, roles) -> list[Membership]:
        rows = Membership.objects.filter(
            organization=self.house, ended_at=None, role__in=roles, user__is_active=True
        )
        return list(rows.select_related("user").order_by("user__name", "user__pk"))

    def _at_clinic(self) -> list[tuple[Membership, Access]]:
        """Whoever works there with clients: a release opens it to all of them or to none."""
        anybody = Reader.anybody(self.house, Role.PRESCRIBER)
        access = Access.load(anybody, {self.referral.client_id}, self.at)
        return [
            (member, replace(access, reader=Reader.anybody(self.house, member.role)))
            for member in self._members(CLINICAL_ROLES & CLINIC_ROLES)
        ]

    def _at_practice(self) -> list[tuple[Membership, Access]]:
        """Whoever is on the case there, by name or because a release names their role."""
        on_case = ReferralUserPermission.objects.filter(
            content_object=self.referral.pk, permission__codename="view_case"
        )
        named = ReleaseRecipient.objects.filter(
            organization=self.house, user=None, release__client=self.referral.client_id
        )
        people = set(on_case.values_list("user_id", flat=True))
        roles = set(named.values_list("role", flat=True))
        case = Referral.objects.filter(pk=self.referral.pk)
        return [
            (member, Access.load(Reader.of(member.user), {self.referral.client_id}, self.at))
            for member in self._members(PRACTICE_ROLES)
            if (member.user_id in people or member.role in roles)
            and case.open_to(member.user).exists()
        ]

    def readers_of(self, message: Message) -> list[User]:
        """Who of the other side may read this message at the moment, by name."""
        return [member.user for member, access in self._readers if access.decide(message).permitted]

    def open_categories(self, choices: Iterable[Category]) -> list[Category]:
        """Those of which a message written now would be read by somebody of the other side."""
        return [c for c in choices if self.readers_of(self._plain(c))]

    def _plain(self, category: Category) -> Message:
        facts = {"kind": MessageKind.QUESTION, "category": category}
        return unsent(self.referral, self.author, facts, self.at)


def other_side(referral: Referral, author: Side) -> OtherSide:
    """To whom `author` writes in this thread, as releases stand now."""
    return OtherSide(referral, author, database_now())


# ---------------------------------------------------------------- what was opened
@dataclass(frozen=True)
class Opening:
    """That somebody opened a message of the other house: one row of the ledger."""

    message: int
    reader: int
    name: str
    house: int
    at: datetime


LABEL = Message._meta.label_lower


def openings(clients: Collection[int], before: datetime) -> list[Opening]:
    """Who opened which message about these clients before the moment `before`, oldest first."""
    rows = Disclosure.objects.filter(client_id__in=clients, channel=Channel.PAGE, at__lt=before)
    rows = rows.annotate(words=Cast("items", TextField())).filter(words__contains=f'"{LABEL}"')
    columns = ("reader_id", "reader_name", "organization_id", "at", "items")
    return [
        Opening(item[1], reader, name, house, at)
        for reader, name, house, at, items in rows.order_by("at", "pk").values_list(*columns)
        for item in items
        if item[0] == LABEL
    ]


def receipts(messages: Iterable[Message], opened: Iterable[Opening]) -> dict[int, Opening]:
    """By message, who of the other house opened it first."""
    authors = {message.pk: message.author_organization_id for message in messages}
    found: dict[int, Opening] = {}
    for opening in opened:
        if authors.get(opening.message, opening.house) != opening.house:
            found.setdefault(opening.message, opening)
    return found


# ---------------------------------------------------------------- what waits
def waiting(
    messages: Collection[Message],
    house: int,
    now: datetime,
    *,
    answering: Collection[int] | None = None,
) -> list[Message]:
    """What waits for the people of `house` among messages that one of them was given, the urgent
    first, then the oldest: what nobody of the house has opened, and questions that it has not
    answered. `answering`: the referrals in whose threads this one writes; None for all."""
    theirs = [m for m in messages if m.author_organization_id != house and _is_recent(m, now)]
    if not theirs:
        return []
    opened = receipts(theirs, openings({m.client_id for m in theirs}, now))
    answered = {m.answers_id for m in messages if m.author_organization_id == house}
    found = [
        m
        for m in theirs
        if m.pk not in opened
        or (
            m.kind == MessageKind.QUESTION
            and m.pk not in answered
            and (answering is None or m.referral_id in answering)
        )
    ]
    return sorted(found, key=lambda m: (not m.urgent, m.occurred_at))


def _is_recent(message: Message, now: datetime) -> bool:
    return message.occurred_at >= now - RECENT


def written_about(clinic_id: int, now: datetime) -> set[int]:
    """The clients about whom practices wrote to this clinic lately, read or not."""
    recent = Message.unscoped.filter(referral__clinic=clinic_id, occurred_at__gte=now - RECENT)
    theirs = recent.exclude(author_organization=clinic_id)
    return set(theirs.values_list("client_id", flat=True))


def waiting_at_clinic(user: User, now: datetime) -> list[Message]:
    """What practices wrote to the clinic of `user`, is open to them, and waits; with its client."""
    reader = Reader.of(user)
    about = written_about(reader.organization, now)
    if not about:
        return []
    recent = Q(referral__clinic=reader.organization, occurred_at__gte=now - RECENT)
    found = disclose(to=reader, about=about, kinds={Message: recent}, channel=Channel.WORKLIST)
    return waiting(found.of(Message), reader.organization, now)


# ---------------------------------------------------------------- the page
@dataclass(frozen=True)
class Line:
    """One message as its page shows it."""

    message: Message
    own: bool
    new: bool  # of the other house, and this reader has not opened it before
    answered: Message | None  # what it answers, if that is open to the reader too
    opened: Opening | None  # who of the other house did so first
    waits_for_release: bool  # nobody of the other house can read it at present


def lines(user: User, referral: Referral, found: Disclosed, side: Side) -> list[Line]:
    """The thread in the order of writing, with receipts as they stood before this reading."""
    messages = sorted(found.of(Message), key=lambda m: (m.occurred_at, m.pk))
    opened = openings({referral.client_id}, found.at) if messages else []
    first, by_me = receipts(messages, opened), {o.message for o in opened if o.reader == user.pk}
    known = {message.pk: message for message in messages}
    own = found.access.reader.organization
    others = OtherSide(referral, side, found.at)

    def line(message: Message) -> Line:
        mine = message.author_organization_id == own
        receipt = first.get(message.pk) if mine else None
        return Line(
            message=message,
            own=mine,
            new=not mine and message.pk not in by_me,
            answered=known.get(message.answers_id or 0),
            opened=receipt,
            waits_for_release=mine and receipt is None and not others.readers_of(message),
        )

    return [line(message) for message in messages]
