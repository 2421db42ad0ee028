"""What the row of one case at the clinic rests on, and one thing that waits in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple

from consent.models import TreatmentConsent, TreatmentPaper
from people.models import User
from referrals.models import Message, Referral
from referrals.permissions import TRIAGE_ROLES
from referrals.waiting import Waiting
from reminders.worklists.enums import Group
from sessions.facts import Facts
from sessions.gates import Missing
from sessions.models import Appointment, SafetyAlert
from sessions.windows import Window

Route = tuple[str, int]


@dataclass
class Case:
    """`facts` where an episode was opened."""

    referral: Referral
    waiting: Waiting
    unheard: bool = False  # the clinic asked what nobody at the practice may read
    facts: Facts | None = None
    windows: Sequence[Window] = ()  # open or to come, and served by nothing that is known
    booked: Sequence[Appointment] = ()
    knows_practice: bool = False  # whether the clinic would know of the practice's sessions
    alerts: Sequence[SafetyAlert] = ()
    messages: Sequence[Message] = ()  # that wait for the clinic, the urgent first
    consent_asked: TreatmentConsent | None = None  # waits for the client's answer
    paper: TreatmentPaper | None = None  # a signed one that waits for a second person
    consent_lost: str = ""  # that consent does not last until the next dose, in a few words
    blocked: list[Missing] = field(default_factory=list)  # what keeps the next dose back
    release_sent: datetime | None = None  # since when a release waits for the client
    questions_sent: datetime | None = None  # and questionnaires


class Rank(IntEnum):
    """What comes before what in one case."""

    ALERT = 0
    URGENT = 1
    IN_SESSION = 2
    AFTER_DOSE = 3
    WINDOW = 4
    BEFORE_DOSE = 5
    REFERRAL = 6
    MESSAGE = 7
    PAPERS = 8


class Step(NamedTuple):
    """Whose it is, what it is, the word on its link, where it is done, since when, until when."""

    rank: Rank
    group: Group
    who: str
    todo: str
    action: str
    at: Route
    since: datetime
    due: datetime | None = None
    late: bool = False


@dataclass(frozen=True)
class Desk:
    """A case as it lies before one person of the clinic at a moment."""

    case: Case
    reader: User
    now: datetime

    @property
    def home(self) -> Route:
        """The page of the case as this reader has it."""
        if self.case.facts:
            return ("care:case", self.case.facts.episode.pk)
        membership = self.reader.membership
        triages = membership is not None and membership.role in TRIAGE_ROLES
        return ("referrals:triage" if triages else "referrals:messages", self.case.referral.pk)

    def ours(
        self, rank: Rank, mine: bool, who: str, todo: str, action: str, at: Route, **when: Any
    ) -> Step:
        """A step of the clinic's: this reader's own, or that of `who` among their colleagues."""
        if mine:
            return Step(rank, Group.YOU, "You", todo, action, at, **when)
        return Step(rank, Group.CLINIC, who, todo, "View", self.home, **when)

    def theirs(self, rank: Rank, group: Group, who: str, todo: str, **when: Any) -> Step:
        """A step of the client's or of the practice's."""
        return Step(rank, group, who, todo, "View", self.home, **when)
