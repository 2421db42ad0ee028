"""Why a case needs the conference, from facts alone. Pure: no database, no clock.

Each need is a code with the moment of what it rests on, so that it can be kept, said in words, and
opened to others by the category of its kind.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from people.formats import day, moment
from reminders.enums import ReasonKind
from sessions.enums.observing import Grade
from sessions.enums.outcomes import AlertKind, Instrument
from sessions.instruments import RELIABLE_CHANGE
from sessions.windows import NAMES, WindowKind

K = ReasonKind
# From how many points on a rise is more than chance: NHS Talking Therapies manual (2024) for PHQ-9
# and GAD-7, National Center for PTSD for PCL-5.
RELIABLE_RISE = {Instrument.PHQ9: 6, Instrument.GAD7: 4, Instrument.PCL5: RELIABLE_CHANGE}
SEVERE = Grade.SEVERE


@dataclass(frozen=True)
class Event:
    """An adverse event as it was last told."""

    at: datetime
    told_at: datetime
    severity: int  # grade 1 to 5
    reviewed: bool


@dataclass(frozen=True)
class Score:
    instrument: str
    at: datetime
    score: int
    sensitivities: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Raised:
    """A safety alert."""

    kind: str
    at: datetime
    answered: bool


@dataclass(frozen=True)
class Facts:
    """What is known of one case, for the conference after the moment `since`."""

    missed: Collection[tuple[str, datetime]] = ()  # (kind of window, when it closed)
    events: Collection[Event] = ()
    scores: Collection[Score] = ()
    alerts: Collection[Raised] = ()
    submitted_at: datetime | None = None  # where the referral stands


@dataclass(frozen=True)
class Need:
    """One reason, in a code, and when it arose."""

    kind: ReasonKind
    at: datetime
    detail: str = ""
    sensitivities: frozenset[str] = frozenset()
    standing: bool = False  # nobody has answered or reviewed it

    @property
    def words(self) -> str:
        return in_words(self.kind, self.detail, self.at)


def needs(facts: Facts, since: datetime, until: datetime) -> list[Need]:
    """Why this case needs the conference, the most urgent first; nothing where it does not.

    What happened in [since, until) counts, and what nobody has answered from before: alerts
    and adverse events.
    """
    found = [
        *_alerts(facts.alerts, since, until),
        *_events(facts.events, since, until),
        *_worse(facts.scores, since, until),
        *(Need(K.MISSED, at, kind) for kind, at in facts.missed if since <= at < until),
    ]
    if facts.submitted_at and since <= facts.submitted_at < until:
        found.append(Need(K.REFERRAL, facts.submitted_at))
    return sorted(found, key=lambda need: (not need.standing, need.kind.rank, need.at))


def urgency(found: Iterable[Need]) -> tuple:
    """By which cases are put in order: what stands unanswered, then the kind, then the longest."""
    return min((not need.standing, need.kind.rank, need.at) for need in found)


def _alerts(alerts: Iterable[Raised], since: datetime, until: datetime) -> Iterable[Need]:
    for alert in alerts:
        if alert.at < until and (not alert.answered or alert.at >= since):
            yield Need(K.ALERT, alert.at, alert.kind, standing=not alert.answered)


def _events(events: Iterable[Event], since: datetime, until: datetime) -> Iterable[Need]:
    """Those that no prescriber reviewed, and severe ones that were told of since."""
    for event in events:
        severe = event.severity >= SEVERE and event.told_at >= since
        if event.at < until and (severe or not event.reviewed):
            yield Need(K.ADVERSE, event.at, str(event.severity), standing=not event.reviewed)


def _worse(scores: Iterable[Score], since: datetime, until: datetime) -> Iterable[Need]:
    """Of each instrument the newest score since, where it lies by a reliable change above the
    first one, or above the one before it."""
    by_instrument: dict[str, list[Score]] = {}
    for score in sorted(scores, key=lambda score: score.at):
        if score.at < until:
            by_instrument.setdefault(score.instrument, []).append(score)
    for instrument, found in by_instrument.items():
        *before, last = found
        if not before or last.at < since:
            continue
        compared = (before[0], before[-1])
        if (
            last.score - min(each.score for each in compared)
            >= RELIABLE_RISE[Instrument(instrument)]
        ):
            marked = last.sensitivities.union(*(each.sensitivities for each in compared))
            yield Need(K.WORSE, last.at, instrument, marked)


def in_words(kind: str, detail: str, at: datetime, text: str = "") -> str:
    """A reason as its reader sees it: A severe adverse event, 12-Jul-2026 09:20."""
    match kind:
        case K.ALERT:
            what = _ALERTS.get(detail, "A safety concern")
            return f"{what}, {moment(at)}"
        case K.ADVERSE:
            return f"Adverse event, {Grade(int(detail)).label.lower()}, {moment(at)}"
        case K.WORSE:
            return f"{Instrument(detail).label} clearly worse, {day(at)}"
        case K.MISSED:
            return f"{NAMES[WindowKind(detail)]}: nothing held, closed {moment(at)}"
        case K.REFERRAL:
            return f"New referral, {day(at)}"
    return text


_ALERTS: dict[str, str] = {
    AlertKind.ITEM_9: "Safety alert: item 9 of PHQ-9 above 0",
    AlertKind.AFTER_DOSE: "Safety alert: thoughts of death or self-harm after a dose",
    AlertKind.ADVERSE: "Safety alert: severe adverse event",
}
