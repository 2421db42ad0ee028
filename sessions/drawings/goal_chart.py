"""How near the client felt to a goal over time: one small line from 0 to 10."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from people.formats import day
from sessions.drawings.outcome_chart import (
    LAST,
    NEAR,
    Mark,
    OutcomeChart,
    Scored,
    Stripe,
    Tick,
    dates_along,
    stretch,
)
from sessions.drawings.score_labels import Box

HIGHEST = 10
WIDE = {"width": 462, "height": 164, "left": 28, "right": 454, "top": 14, "bottom": 134}
NARROW = {"width": 326, "height": 152, "left": 28, "right": 318, "top": 14, "bottom": 122}


def draw_goal(ratings: Sequence[Scored], *, zone: ZoneInfo, wide: bool) -> OutcomeChart | None:
    """The line of these ratings (0 to 10) in order of time; None of none."""
    ratings = sorted(ratings, key=lambda each: each.at)
    if not ratings:
        return None
    size = WIDE if wide else NARROW
    time = stretch(ratings, [], size, zone, size["right"] - LAST)
    top, bottom = size["top"], size["bottom"]

    def y(value: int) -> float:
        return round(bottom - (bottom - top) * value / HIGHEST, 1)

    marks = []
    for place, each in enumerate(ratings):
        x = time.x(each.at)
        after = time.x(ratings[place + 1].at) if place + 1 < len(ratings) else x + NEAR
        height = y(each.score)
        words = Box(str(each.score), x + 9, height - 7) if after - x >= NEAR else None
        marks.append(Mark(x, height, each.score, 0, words, reached=False))
    return OutcomeChart(
        title=_title(ratings),
        **size,
        stripes=[Stripe(top, bottom - top, 0, "")],
        values=[Tick(22, y(value) + 4, str(value)) for value in (0, HIGHEST // 2, HIGHEST)],
        rules=[],
        doses=[],
        dates=dates_along(time, zone, size["right"] - LAST, most=5),
        marks=marks,
        foot=20,
    )


def _title(ratings: Sequence[Scored]) -> str:
    first, last = ratings[0], ratings[-1]
    text = f"{last.score} of {HIGHEST} on {day(last.at)}"
    if len(ratings) > 1:
        text = f"From {first.score} on {day(first.at)} to {text}"
    return f"{text}. The same numbers are in the table."
