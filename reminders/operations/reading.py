"""What the operations page tells: the last round, what waits, and what did not go out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from people.formats import moment, span
from people.models import Organization
from reminders.delivery import KINDS
from reminders.enums import LetterKind, Outcome, ReminderKind, ReminderState
from reminders.models import UNSENT, Attempt, Heartbeat, Letter, Reminder, TextMessage

SHOWN_FOR = timedelta(days=14)
PAGE = 25
QUEUE = 10  # of what waits, the longest wait first
S = ReminderState
WITH = {
    "reminder": ("owner",),
    "letter": ("user", "receipt__release", "release"),
    "text": ("user",),
}
# A dose may be recorded when its windows are over already: no mail could have gone out.
_WRITTEN_IN_TIME = {"reminder": (Q(told_together=False, written_at__lt=F("closes_at")),)}
BEFORE = (ReminderKind.CHECK_IN, ReminderKind.QUESTIONS)
# Of what it tells, as much as an administrator may know.
LABELS = {
    LetterKind.RECEIPT: "A receipt for a client",
    LetterKind.ENDING: "A release ends soon",
    LetterKind.EMERGENCY: "Emergency access waits for review",
    LetterKind.ALERT: "Something needs attention now",
    LetterKind.NUDGE: "A next step waits",
    LetterKind.NOTICE: "Something needs attention now",
    LetterKind.UNANSWERED: "Something urgent has had no answer",
    LetterKind.NEWS: "Something new waits in the portal",
    LetterKind.MISSED: "A time window has closed",
    LetterKind.CLEARANCE: "Something ends soon",
    LetterKind.LICENCE: "A licence ends soon",
}
# Of errors, in the words of whoever has to do something about them.
MEANINGS = {
    "SMTPRecipientsRefused": "the mail server refuses this address",
    "SMTPSenderRefused": "the mail server refuses the portal as sender",
    "SMTPAuthenticationError": "the mail server refuses the portal’s password",
    "SMTPServerDisconnected": "the mail server hung up",
    "ConnectionRefusedError": "no mail server answers",
    "TimeoutError": "the mail server took too long",
    "gaierror": "the mail server was not found",
}


@dataclass(frozen=True)
class Line:
    """One message, as the administrator may know of it."""

    kind: str  # reminder, letter or text
    message: Reminder | Letter | TextMessage
    now: datetime

    @property
    def what(self) -> str:
        if isinstance(self.message, Letter):
            return LABELS[LetterKind(self.message.kind)]
        if isinstance(self.message, TextMessage):
            return "A text message"
        return "Before an appointment" if self.message.kind in BEFORE else "A time window is open"

    @property
    def whom(self) -> str:
        if isinstance(self.message, Reminder):
            return str(self.message.owner)
        if isinstance(self.message, Letter) and self.message.receipt:
            return f"A client (release {self.message.receipt.release.number})"
        return str(self.message.user)

    @property
    def sign(self) -> str:
        return "stop" if self.message.state == S.FAILED else "attention"

    @property
    def state(self) -> str:
        return "Not sent" if self.message.state == S.FAILED else "Too late"

    @property
    def why(self) -> str:
        """What became of it, in one sentence."""
        message = self.message
        if message.state == S.MISSED:
            return "Its time passed before it went out."
        if message.state == S.PENDING:
            return self._next_try()
        if message.fault:
            return f"Set aside: it could not be prepared ({message.fault})."
        unknown = sum(row.outcome == Outcome.UNKNOWN for row in self._tried_now())
        if unknown >= 2:
            return "Given up: twice it is not known whether it went out."
        return f"Given up after {len(self._tried_now())} attempts."

    def _next_try(self) -> str:
        if (later := self.message.held_until) and later > self.now:
            return f"They want it later: {moment(later)}."
        until = self.message.leased_until
        tried = self.message.faults or self._tried_now()
        if until is None or until <= self.now:
            return "Goes out with the next round."
        return (
            f"Tried again in {span((until - self.now).total_seconds())}." if tried else "Sending."
        )

    def _tried_now(self) -> list[Attempt]:
        before = self.message.tried_before
        return [row for row in self.attempts if row.number > before]

    @property
    def attempts(self) -> list[Attempt]:
        return list(self.message.attempts.all())

    @property
    def can_be_resent(self) -> bool:
        return self.message.state == S.FAILED and self.message.closes_at > self.now

    @property
    def key(self) -> tuple:
        return (self.message.state_since, self.kind, self.message.pk)

    @property
    def after(self) -> str:
        """Names this row in an address: the page after it begins there."""
        return f"{self.kind}-{self.message.pk}"


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    following: str  # after which row the next page begins; empty where there is none


def round_is_late(last: datetime | None, now: datetime) -> bool:
    """Whether beat or the workers seem to have stopped."""
    return last is None or now - last > timedelta(seconds=3 * settings.SWEEP_SECONDS + 60)


def last_round() -> datetime | None:
    return Heartbeat.objects.filter(name="sweep").values_list("at", flat=True).first()


def waiting(clinic: Organization, now: datetime) -> dict[str, int]:
    """How many of the clinic's own wait at this moment, and how many of them are overdue."""
    counts = {"waiting": 0, "overdue": 0}
    for kind in KINDS.values():
        rows = kind.model.objects.of_clinic(clinic.pk)
        counts["waiting"] += rows.open_at(now).count()
        counts["overdue"] += rows.overdue(now).count()
    return counts


def queue(clinic: Organization, now: datetime) -> list[Line]:
    """Of what should have gone out by now, what waits longest."""
    found = []
    for name in KINDS:
        rows = _rows(name, clinic).open_at(now).order_by("opens_at", "pk")
        found += [Line(name, row, now) for row in rows[:QUEUE]]
    return sorted(found, key=lambda line: (line.message.opens_at, line.key))[:QUEUE]


def unsent(clinic: Organization, now: datetime, after: str = "") -> Page:
    """What failed, was set aside or passed by in the last 14 days, the newest first.

    `after`: a `Line.after`; the page begins behind that row, wherever the list moved meanwhile.
    What is not one of the clinic's rows counts as the beginning.
    """
    begin, found = _line(clinic, after, now), []
    for name in KINDS:
        sent = Attempt.objects.filter(**{name: OuterRef("pk")}, outcome=Outcome.SENT)
        rows = _rows(name, clinic).filter(
            Q(state=S.FAILED) | ~Exists(sent),
            *_WRITTEN_IN_TIME.get(name, ()),
            state__in=UNSENT,
            state_since__gt=now - SHOWN_FOR,
        )
        rows = rows.filter(_behind(name, begin)).order_by("-state_since", "-pk")
        found += [Line(name, row, now) for row in rows[: PAGE + 1]]
    lines = sorted(found, key=lambda line: line.key, reverse=True)
    shown = lines[:PAGE]
    return Page(shown, shown[-1].after if len(lines) > PAGE else "")


def _behind(name: str, begin: Line | None) -> Q:
    if begin is None:
        return Q()
    at, kind, pk = begin.key
    same_moment = Q(pk__lt=pk) if name == kind else Q(pk__isnull=name > kind)
    return Q(state_since__lt=at) | Q(state_since=at) & same_moment


def _line(clinic: Organization, named: str, now: datetime) -> Line | None:
    name, _, pk = named.partition("-")
    if name not in KINDS or not pk.isdecimal() or len(pk) > 18:
        return None
    row = _rows(name, clinic).filter(pk=int(pk)).first()
    return Line(name, row, now) if row else None


def _rows(name: str, clinic: Organization) -> Any:
    attempts = Prefetch("attempts", Attempt.objects.order_by("number"))
    rows = KINDS[name].model.objects.of_clinic(clinic.pk)
    return rows.select_related(*WITH[name]).prefetch_related(attempts)
