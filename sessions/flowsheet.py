"""The flow sheet of one dose, assembled from its rows. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from people.formats import amount, clock
from sessions.enums import Route
from sessions.models import DosingSession, SideEffect, Vitals
from sessions.warnings import PRESSURE_DURING, above, pressure_limits

LATE = timedelta(minutes=5)
# usual lengths in minutes when psychotherapy accompanies the dose: least, most
PHASES = (("Onset", 15, 20), ("Peak", 20, 40), ("Resolution", 30, 60), ("After", 15, 30))
IV_EVERY, OTHERS_AT = timedelta(minutes=15), timedelta(minutes=40)
LEAST_SPO2 = 94


@dataclass(frozen=True)
class Row:
    """One line: four numbers, or words, with who wrote it and when it was written if late."""

    at: datetime
    since: str
    by: str
    vitals: Vitals | None = None
    text: str = ""
    late: datetime | None = None
    pressure_high: bool = False
    spo2_low: bool = False


@dataclass(frozen=True)
class Phase:
    label: str
    minutes: int
    state: str
    done: int = 0  # per cent, in steps of five


@dataclass(frozen=True)
class Clock:
    """Where the client is in the session, by minutes since the dose."""

    phases: list[Phase]
    label: str
    usual: str
    in_phase: int
    since: int

    @property
    def usuals(self) -> str:
        """The usual lengths of all phases, for the script that counts on."""
        return "|".join(f"usually {least}–{most}" for _, least, most in PHASES)


@dataclass(frozen=True)
class Alarm:
    """The last pressure above the limit, and what followed."""

    title: str
    text: str
    standing: bool


def rows(
    dosing: DosingSession, vitals: Iterable[Vitals], effects: Iterable[SideEffect], age: int
) -> list[Row]:
    """Everything that happened, newest first."""
    found = [
        Row(
            v.at,
            since(dosing, v.at),
            str(v.recorded_by),
            vitals=v,
            text=v.note,
            late=_late(v.at, v.recorded_at),
            pressure_high=is_high(dosing, v, age),
            spo2_low=v.spo2 < LEAST_SPO2,
        )
        for v in vitals
    ]
    found += [
        Row(
            e.at,
            since(dosing, e.at),
            str(e.recorded_by),
            text=_effect(e),
            late=_late(e.at, e.recorded_at),
        )
        for e in effects
    ]
    return sorted([*found, *_milestones(dosing)], key=lambda row: row.at, reverse=True)


def _milestones(dosing: DosingSession) -> list[Row]:
    found = []
    if dosing.given_at:
        text = f"{amount(dosing.dose_mg)} {Route(dosing.route).label} given."
        late = _late(dosing.given_at, dosing.recorded_at)
        found.append(Row(dosing.given_at, "dose", str(dosing.given_by), text=text, late=late))
    if dosing.discharged_at:
        text = f"Discharged with {dosing.escort}: {dosing.mental_status}."
        when = since(dosing, dosing.discharged_at)
        found.append(Row(dosing.discharged_at, when, str(dosing.discharged_by), text=text))
    return found


def _effect(effect: SideEffect) -> str:
    words = f"{effect.get_effect_display()}, {effect.get_severity_display().lower()}."
    return f"{words} {effect.note}".strip()


def _late(at: datetime, recorded_at: datetime | None) -> datetime | None:
    return recorded_at if recorded_at and recorded_at - at > LATE else None


def since(dosing: DosingSession, at: datetime) -> str:
    """47 min, or before."""
    if dosing.given_at is None or at < dosing.given_at:
        return "before"
    return f"{int((at - dosing.given_at).total_seconds() // 60)} min"


def limit_at(dosing: DosingSession, at: datetime, age: int) -> tuple[int, int]:
    """The pressure above which to look again: stricter before the dose than after it."""
    before = dosing.given_at is None or at < dosing.given_at
    return pressure_limits(age) if before else PRESSURE_DURING


def is_high(dosing: DosingSession, vitals: Vitals, age: int) -> bool:
    limit = limit_at(dosing, vitals.at, age)
    return above((vitals.systolic, vitals.diastolic), limit)


def clock_of(dosing: DosingSession, now: datetime) -> Clock | None:
    """The phase the client is in; None before the dose and after the discharge."""
    if dosing.given_at is None or dosing.discharged_at or now < dosing.given_at:
        return None
    minutes = int((now - dosing.given_at).total_seconds() // 60)
    begun, current, phases = 0, None, []
    for label, least, most in PHASES:
        last = label == PHASES[-1][0]
        if minutes >= begun + most and not last:
            phases.append(Phase(label, most, "past"))
        elif current is None:
            current = (label, f"usually {least}–{most}", minutes - begun)
            done = min(100, current[2] * 100 // most // 5 * 5)
            phases.append(Phase(label, most, "now", done))
        else:
            phases.append(Phase(label, most, "later"))
        begun += most
    assert current
    return Clock(phases, *current, minutes)


def due(dosing: DosingSession, vitals: Sequence[Vitals], age: int) -> datetime | None:
    """When vitals are due next: every 15 min for IV or while pressure is high, else at 40 min."""
    if dosing.given_at is None or dosing.discharged_at:
        return None
    after = [v for v in vitals if v.at > dosing.given_at]
    last = max(after, key=lambda v: v.at, default=None)
    if last and is_high(dosing, last, age):
        return last.at + IV_EVERY
    if dosing.route == Route.IV:
        return (last.at if last else dosing.given_at) + IV_EVERY
    at = dosing.given_at + OTHERS_AT
    return None if last and last.at >= at - LATE else at


def alarm(dosing: DosingSession, vitals: Iterable[Vitals], age: int) -> Alarm | None:
    """The last blood pressure above its limit; it stands until a lower one follows."""
    ordered = sorted(vitals, key=lambda v: v.at)
    high = [v for v in ordered if is_high(dosing, v, age)]
    if not high:
        return None
    last = high[-1]
    limit = "{}/{}".format(*limit_at(dosing, last.at, age))
    title = f"{last.systolic}/{last.diastolic} at {clock(last.at)} was above {limit}"
    after = [v for v in ordered if v.at > last.at]
    if not after:
        return Alarm(title, "Not rechecked yet.", standing=True)
    recheck = after[0]
    numbers = f"{recheck.systolic}/{recheck.diastolic}"
    return Alarm(title, f"Rechecked {clock(recheck.at)}: {numbers}.", standing=False)
