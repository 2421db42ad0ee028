"""Who is trained: the pure rule, on the boundaries of hours and days."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from people.enums import TrainingKind
from people.training import Records, current_until, hours_on, is_current, missing

DAY = date(2026, 7, 14)
ONE = timedelta(days=1)
READ, SEEN, DONE = TrainingKind


@dataclass(frozen=True)
class Paper:
    """A licence that holds through `expires_on`, or hours completed on a day."""

    expires_on: date | None
    kind: str = ""
    hours: Decimal = Decimal(0)
    completed_on: date = date(2020, 1, 1)
    counts: bool = True

    def holds_on(self, day: date) -> bool:
        ended = self.expires_on is not None and day > self.expires_on
        return self.completed_on <= day and not ended


def hours(kind: str, number: str, **fields) -> Paper:
    return Paper(**{"expires_on": None, "kind": kind, "hours": Decimal(number), **fields})


LICENCE = Paper(DAY)
ENOUGH = (hours(READ, "8"), hours(SEEN, "20"), hours(DONE, "50"))


def test_the_last_day_of_a_licence_counts_and_the_next_does_not():
    held = Records((LICENCE,), ENOUGH)
    assert is_current(held, DAY)
    assert missing(held, DAY + ONE) == ["a licence in force"]


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [(0, "7.75", "0.25 h didactic"), (1, "19", "1 h observation")]
    + [(2, "10", "40 h supervised practice")],
)
def test_too_few_hours_of_one_kind_are_named(number, kind, words):
    trainings = list(ENOUGH)
    trainings[number] = replace(trainings[number], hours=Decimal(kind))
    assert missing(Records((LICENCE,), tuple(trainings)), DAY) == [words]


def test_hours_add_up_within_their_kind_only():
    trainings = (hours(READ, "4.5"), hours(READ, "3.5"), hours(SEEN, "100"))
    assert hours_on(trainings, DAY) == {READ: Decimal(8), SEEN: Decimal(100), DONE: Decimal(0)}


def test_what_nobody_checked_counts_for_nothing():
    licence = replace(LICENCE, counts=False)
    trainings = tuple(replace(each, counts=False) for each in ENOUGH)
    assert len(missing(Records((licence,), trainings), DAY)) == 4


def test_training_counts_from_the_day_it_was_completed():
    late = replace(ENOUGH[0], completed_on=DAY + ONE)
    held = Records((Paper(DAY + 9 * ONE),), (late, *ENOUGH[1:]))
    assert not is_current(held, DAY)
    assert is_current(held, DAY + ONE)


def test_current_until_is_the_last_unbroken_day():
    renewed = Paper(DAY + 90 * ONE)
    ends = replace(ENOUGH[1], expires_on=DAY + 30 * ONE)
    assert current_until(Records((LICENCE, renewed), ENOUGH), DAY) == DAY + 90 * ONE
    trainings = (ENOUGH[0], ends, ENOUGH[2])
    assert current_until(Records((LICENCE, renewed), trainings), DAY) == DAY + 30 * ONE
    assert current_until(Records((), ENOUGH), DAY) is None
