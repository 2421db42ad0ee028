"""What there is to weigh before a client leaves: soft warnings with their source, never a bar."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from people.formats import clock
from sessions.enums import Sedation
from sessions.enums.observing import Outcome
from sessions.limits import MEASURES, limit_at, out_of_range, shown
from sessions.models import DosingSession, Vitals
from sessions.observed import Sheet, counting
from sessions.warnings import HOUSE, LABEL, Caution

ALDRETE = "Aldrete, J Clin Anesth 1995;7:89: within 20% of the pressure before"
MINUTE = timedelta(minutes=1)  # the discharge is written to the minute, vitals to the second
RECENT = timedelta(minutes=20)
NEAR = 0.2  # of the systolic pressure before the dose
CLINIC = "The clinic’s own schedule"
OPEN = {Outcome.NOT_RECOVERED, Outcome.NOT_KNOWN, Outcome.RECOVERING}


def before_leaving(sheet: Sheet, at: datetime) -> list[Caution]:
    """Everything to weigh about leaving at `at`, the strong ones first."""
    dosing = sheet.dosing
    if dosing.given_at is None or at <= dosing.given_at:
        return []
    taken = sorted((v for v in counting(sheet.vitals) if v.at < at + MINUTE), key=lambda v: v.at)
    after = [v for v in taken if v.at > dosing.given_at]
    before = [v for v in taken if v.at <= dosing.given_at]
    found = [
        *_too_early(sheet, at),
        *_values(dosing, after, before, sheet.age, at),
        *_events(sheet),
    ]
    return sorted(found, key=lambda caution: not caution.strong)


def earliest(sheet: Sheet) -> datetime | None:
    """When the observation that the clinic keeps is over; None before the dose."""
    if sheet.dosing.given_at is None or sheet.plan is None:
        return None
    return sheet.dosing.given_at + timedelta(minutes=sheet.plan.observe)


def _too_early(sheet: Sheet, at: datetime) -> list[Caution]:
    over = earliest(sheet)
    if over is None or at >= over:
        return []
    assert sheet.plan
    text = f"Observed for less than {sheet.plan.observe} minutes: that is at {clock(over)}."
    return [Caution(text, CLINIC, strong=True)]


def _values(
    dosing: DosingSession, after: Sequence[Vitals], before: Sequence[Vitals], age: int, at: datetime
) -> list[Caution]:
    if not after:
        return [Caution("No vitals were taken since the dose.", LABEL, strong=True)]
    last = after[-1]
    outside = out_of_range(last, limit_at(dosing, last.at, age))
    found = [
        Caution(f"{shown(last, m)} at {clock(last.at)} is {outside[m]}.", LABEL, strong=True)
        for m in MEASURES
        if m in outside
    ]
    if at - last.at > RECENT:
        text = f"The last vitals are of {clock(last.at)}, more than 20 minutes before."
        found.append(Caution(text, HOUSE))
    if before and "pressure" not in outside and _far(last, before[-1]):
        was, now = shown(before[-1], "pressure"), shown(last, "pressure")
        found.append(Caution(f"Blood pressure {now} is not near {was}, before the dose.", ALDRETE))
    if last.sedation in (Sedation.DISSOCIATED, Sedation.UNRESPONSIVE, Sedation.DROWSY):
        words = last.get_sedation_display().lower()
        found.append(Caution(f"Sedation at {clock(last.at)}: {words}.", HOUSE, strong=True))
    return found


def _far(last: Vitals, baseline: Vitals) -> bool:
    return abs(last.systolic - baseline.systolic) > NEAR * baseline.systolic


def _events(sheet: Sheet) -> list[Caution]:
    going_on = [e for e in counting(sheet.adverse) if e.now.outcome in OPEN]
    return [
        Caution(f"An adverse event goes on: {event.sentence}", HOUSE, strong=True)
        for event in going_on
    ]
