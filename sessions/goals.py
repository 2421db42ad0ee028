"""Goals as they were disclosed, each with its line and its table. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone

from people.formats import day
from sessions.drawings.goal_chart import draw_goal
from sessions.drawings.outcome_chart import OutcomeChart, Scored
from sessions.models import Goal, GoalEnd, GoalProgress


@dataclass(frozen=True)
class Rating:
    """One rating; `replaced` where a later one of the same day counts instead."""

    row: GoalProgress
    replaced: bool


@dataclass(frozen=True)
class KeptGoal:
    """A goal, its ratings with the newest first, and how it ended."""

    goal: Goal
    ratings: list[Rating]
    end: GoalEnd | None
    wide: OutcomeChart | None
    narrow: OutcomeChart | None

    @property
    def instrument(self) -> str:
        """What the drawing is called among the ids of the page."""
        return f"goal-{self.goal.pk}"

    @property
    def lead(self) -> str:
        """Where it stands, in a sentence."""
        counting = [each.row for each in self.ratings if not each.replaced]
        if not counting:
            return "Not rated yet."
        last, first = counting[0], counting[-1]
        if len(counting) == 1:
            return f"{last.rating} of 10 on {day(last.day)}."
        return f"{last.rating} of 10 on {day(last.day)}, {first.rating} on {day(first.day)}."


def kept(
    goals: Iterable[Goal], progress: Iterable[GoalProgress], ends: Iterable[GoalEnd]
) -> list[KeptGoal]:
    """Goals that go on first, then those that are over; of each kind the newest first."""
    progress = list(progress)
    ended = {end.goal_id: end for end in ends}
    found = [
        _kept(goal, [row for row in progress if row.goal_id == goal.pk], ended.get(goal.pk))
        for goal in goals
    ]
    return sorted(found, key=lambda each: (each.end is not None, -each.goal.pk))


def _kept(goal: Goal, rows: list[GoalProgress], end: GoalEnd | None) -> KeptGoal:
    ordered = sorted(rows, key=lambda row: (row.day, row.pk), reverse=True)
    days: set = set()
    ratings = []
    for row in ordered:
        ratings.append(Rating(row, replaced=row.day in days))
        days.add(row.day)
    scores = [
        Scored(each.row.occurred_at, each.row.rating) for each in ratings if not each.replaced
    ]
    zone = ZoneInfo(timezone.get_current_timezone_name())
    wide, narrow = (draw_goal(scores, zone=zone, wide=each) for each in (True, False))
    return KeptGoal(goal, ratings, end, wide, narrow)
