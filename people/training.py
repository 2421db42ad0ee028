"""Who is trained for ketamine-assisted psychotherapy: one pure rule over what was checked.

The hours are the least of what is usual in the field: didactic 8–40, observation 20–50, supervised
practice 50–100. No law asks for them, so they warn and bar nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from people.enums import LicenceKind, TrainingKind

LEAST_HOURS = {
    TrainingKind.DIDACTIC: 8,
    TrainingKind.OBSERVATION: 20,
    TrainingKind.SUPERVISED: 50,
}
LICENCE = "a licence in force"


class Held(Protocol):
    """A licence or a training."""

    @property
    def kind(self) -> str: ...
    @property
    def counts(self) -> bool: ...
    @property
    def expires_on(self) -> date | None: ...
    def holds_on(self, day: date) -> bool: ...


class Hours(Held, Protocol):
    @property
    def hours(self) -> Decimal: ...


@dataclass(frozen=True)
class Records:
    """One person's licences and trainings at one clinic."""

    licences: tuple[Held, ...] = ()
    trainings: tuple[Hours, ...] = ()


def hours_on(trainings: Iterable[Hours], on: date) -> dict[TrainingKind, Decimal]:
    """The hours of each kind that are checked and count on the day `on`."""
    found = dict.fromkeys(TrainingKind, Decimal(0))
    for training in trainings:
        if training.counts and training.holds_on(on):
            found[TrainingKind(training.kind)] += training.hours
    return found


def missing(records: Records, on: date) -> list[str]:
    """What is missing on the day `on`, in words; nothing for somebody who is current.

    The day on which something expires is the last on which it counts.
    """
    found = []
    if not any(each.counts and each.holds_on(on) for each in records.licences):
        found.append(LICENCE)
    for kind, hours in hours_on(records.trainings, on).items():
        if (short := LEAST_HOURS[kind] - hours) > 0:
            found.append(f"{_plain(short)} h {kind.label.lower()}")
    return found


def is_current(records: Records, on: date) -> bool:
    """Whether a licence is in force and the hours of every kind are enough on the day `on`."""
    return not missing(records, on)


def current_until(records: Records, on: date) -> date | None:
    """The last day of an unbroken time, from `on`, in which this person is current.

    None for somebody who is not current on the day `on`.
    """
    if not is_current(records, on):
        return None
    ends = {each.expires_on for each in (*records.licences, *records.trainings)}
    ahead = sorted(end for end in ends if end is not None and end >= on)
    return next(end for end in ahead if not is_current(records, end + timedelta(days=1)))


@dataclass(frozen=True)
class InSum:
    """A staff on one day, as numbers without a name."""

    people: int  # who hold a licence in force
    licences: tuple[tuple[LicenceKind, int], ...]  # how many hold each, in the order of the kinds
    current: int  # how many of them have the usual hours of every kind
    hours: dict[TrainingKind, Decimal]  # of them all together


def in_sum(staff: Iterable[Records], on: date) -> InSum:
    """Those of `staff` with a licence in force on the day `on`; the others count for nothing."""
    kinds: Counter[LicenceKind] = Counter()
    hours = dict.fromkeys(TrainingKind, Decimal(0))
    people = current = 0
    for each in staff:
        held = {LicenceKind(row.kind) for row in each.licences if row.counts and row.holds_on(on)}
        if not held:
            continue
        people, current = people + 1, current + is_current(each, on)
        kinds.update(held)
        for kind, found in hours_on(each.trainings, on).items():
            hours[kind] += found
    licences = tuple((kind, kinds[kind]) for kind in LicenceKind if kinds[kind])
    return InSum(people, licences, current, hours)


def _plain(hours: Decimal) -> str:
    """12 or 7.5, never 12.00."""
    return f"{hours.normalize():f}"
