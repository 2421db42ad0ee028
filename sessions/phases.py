"""The phases of a session and its timer. Pure functions.

Usual lengths in minutes: the KAP model. What surrounds the dose is a phase there alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sessions.enums import TreatmentModel
from sessions.enums.observing import SessionPhase as P
from sessions.models import DosingSession, PhaseMark

USUAL = {
    P.BEFORE: (30, 60),
    P.ONSET: (15, 20),
    P.PEAK: (20, 40),
    P.RESOLUTION: (30, 60),
    P.AFTER: (15, 30),
}


@dataclass(frozen=True)
class Step:
    """One stretch of the bar; `short` fits below it on a phone."""

    label: str
    short: str
    minutes: int
    state: str
    done: int = 0  # per cent, in steps of five


@dataclass(frozen=True)
class Clock:
    """Where the client is in the session. Estimated from the dose until somebody marks a phase."""

    phases: list[Step]
    label: str
    usual: str
    begun: datetime
    in_phase: int
    since: int | None  # minutes since the dose
    is_marked: bool
    usuals: str  # of all phases, for the script that counts on

    @property
    def is_about(self) -> bool:
        """Whether the beginning is a guess; that of the onset is the dose."""
        return not self.is_marked and self.label != P.ONSET.label


def phases_of(model: str) -> list[P]:
    """What may be marked after the dose."""
    found = [P.ONSET, P.PEAK, P.RESOLUTION]
    return [*found, P.AFTER] if model == TreatmentModel.KAP else found


def clock_of(
    dosing: DosingSession, marks: Iterable[PhaseMark], now: datetime, model: str = ""
) -> Clock | None:
    """The phase the client is in; None before the session and after the discharge.

    `marks`: those that count. The last one tells the phase, however long it lasts.
    """
    given = dosing.given_at
    if dosing.discharged_at or (given and now < given):
        return None
    ordered = sorted(marks, key=lambda mark: (mark.at, mark.pk or 0))
    last = next((m for m in reversed(ordered) if (m.phase != P.BEFORE) == bool(given)), None)
    if given is None:
        return _clock([P.BEFORE], P.BEFORE, last.at, None, now, marked=True) if last else None
    phases = phases_of(model)
    if last:
        return _clock(phases, P(last.phase), last.at, given, now, marked=True)
    phase, begun = _estimate(phases, given, now)
    return _clock(phases, phase, begun, given, now, marked=False)


def _estimate(phases: list[P], given: datetime, now: datetime) -> tuple[P, datetime]:
    begun = given
    for phase in phases[:-1]:
        if _minutes(begun, now) < USUAL[phase][1]:
            return phase, begun
        begun += timedelta(minutes=USUAL[phase][1])
    return phases[-1], begun


def _minutes(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds() // 60))


def _clock(phases, phase, begun, given, now, *, marked: bool) -> Clock:
    shown = phases if phase in phases else [*phases, phase]
    place, inside = shown.index(phase), _minutes(begun, now)
    most = USUAL[phase][1]
    steps = [
        Step(p.label, _short(p), USUAL[p][1], "past" if i < place else "later")
        for i, p in enumerate(shown)
    ]
    done = min(100, inside * 100 // most // 5 * 5)
    steps[place] = Step(phase.label, _short(phase), most, "now", done)
    return Clock(
        phases=steps,
        label=phase.label,
        usual=_usual(phase),
        begun=begun,
        in_phase=inside,
        since=_minutes(given, now) if given else None,
        is_marked=marked,
        usuals="|".join(map(_usual, shown)),
    )


def _short(phase: P) -> str:
    return "After" if phase == P.AFTER else phase.label


def _usual(phase: P) -> str:
    return "usually {}–{}".format(*USUAL[phase])
