"""The clinic's own schedule of vitals: when they are due, and what stands out of range."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from people.formats import clock
from people.models import Organization
from sessions.enums import Route
from sessions.enums.observing import InterventionKind
from sessions.limits import MEASURES, limit_at, out_of_range, shown
from sessions.models import DosingSession, Intervention, MonitoringPlan, Vitals

# Until a clinic writes its own: every 15 min by IV, else about 40 min after the dose; two hours of
# observation are usual for the intranasal route, and kept for the others. Minutes: first, every,
# until, observe.
DEFAULTS: dict[str, tuple[int, int | None, int, int]] = {
    **dict.fromkeys(Route.values, (40, None, 40, 120)),
    Route.IV: (15, 15, 120, 120),
}
RECHECK = timedelta(minutes=15)  # while a value is out of range
EARLY = timedelta(minutes=5)  # taken so much before its time at most, a reading counts for it


@dataclass(frozen=True)
class Alarm:
    """The last time that one measure was out of range, and what followed."""

    title: str
    text: str
    is_red: bool
    is_told: bool


def plans_of(clinic: Organization) -> dict[str, MonitoringPlan]:
    """By route, what counts at this clinic; where it wrote nothing, the default, unsaved."""
    rows = MonitoringPlan.objects.filter(clinic=clinic).select_related("recorded_by")
    found: dict[str, MonitoringPlan] = {}
    for row in rows:  # newest first
        found.setdefault(row.route, row)
    return {route: found.get(route) or default_plan(clinic, route) for route in Route.values}


def default_plan(clinic: Organization | None, route: str) -> MonitoringPlan:
    first, every, until, observe = DEFAULTS[route]
    return MonitoringPlan(
        clinic=clinic, route=route, first=first, every=every, until=until, observe=observe
    )


def plan_of(dosing: DosingSession) -> MonitoringPlan | None:
    """The plan for a dose that was given; None before it."""
    if not dosing.route:
        return None
    clinic = dosing.episode.clinic
    rows = MonitoringPlan.objects.filter(clinic=clinic, route=dosing.route)
    return rows.first() or default_plan(clinic, dosing.route)


def due(
    dosing: DosingSession, vitals: Iterable[Vitals], age: int, plan: MonitoringPlan | None
) -> datetime | None:
    """When vitals are due next; None before the dose, when all are taken, after the discharge.

    `vitals`: those that count. While the last is out of range, 15 minutes after it, or sooner where
    the plan says so.
    """
    if dosing.given_at is None or dosing.discharged_at or plan is None:
        return None
    given = dosing.given_at
    last = max((v for v in vitals if v.at > given), key=lambda v: v.at, default=None)
    if last and out_of_range(last, limit_at(dosing, last.at, age)):
        return last.at + min(RECHECK, timedelta(minutes=plan.every or 15))
    early = min(EARLY, timedelta(minutes=plan.every or 15) / 3)
    times = (given + timedelta(minutes=each) for each in slots(plan))
    return next((at for at in times if last is None or last.at < at - early), None)


def slots(plan: MonitoringPlan) -> Sequence[int]:
    """Minutes after the dose at which vitals are taken."""
    return range(plan.first, plan.until + 1, plan.every) if plan.every else [plan.first]


def alarms(
    dosing: DosingSession,
    vitals: Iterable[Vitals],
    interventions: Iterable[Intervention],
    age: int,
) -> list[Alarm]:
    """For each measure, its last value out of range: red until one inside follows and a prescriber
    was called."""
    ordered = sorted(vitals, key=lambda v: v.at)
    calls = sorted(i.at for i in interventions if i.kind == InterventionKind.PRESCRIBER_CALLED)
    outside = {id(v): out_of_range(v, limit_at(dosing, v.at, age)) for v in ordered}
    found = []
    for measure in MEASURES:
        last = next((v for v in reversed(ordered) if measure in outside[id(v)]), None)
        if last:
            after = [v for v in ordered if v.at > last.at and shown(v, measure)]
            called = [at for at in calls if at >= last.at]
            found.append(_alarm(dosing, last, measure, outside[id(last)][measure], after, called))
    return found


def _alarm(dosing, last: Vitals, measure: str, word: str, after, called) -> Alarm:
    title = f"{shown(last, measure)} at {clock(last.at)} was {word}"
    again = "Not rechecked yet."
    if after:
        again = f"Rechecked {clock(after[-1].at)}: {shown(after[-1], measure)}."
    told = f"A prescriber was called {clock(called[0])}." if called else ""
    if not called and not dosing.discharged_at:
        told = "No prescriber is told yet."
    waits = not dosing.discharged_at and not called
    return Alarm(title, f"{again} {told}".strip(), not after or waits, not waits)
