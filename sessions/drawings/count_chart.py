"""Numbers as bars, one below the other, each with its words: read in print and in grey as well."""

from collections.abc import Sequence
from dataclasses import dataclass

ROW, TOP, BAR = 46, 4, 16  # the height of a row, what is above its words, of its bar
ROOM = 112  # to the right of the longest bar, for its number in words
STUB = 28  # a bar whose number is withheld, whatever the number


@dataclass(frozen=True)
class CountBar:
    """`width` is 0 where nothing was counted; `withheld` bars are all as wide as one another."""

    label: str
    text: str
    y: int
    width: float
    withheld: bool

    @property
    def label_y(self) -> int:
        return self.y - 6

    @property
    def text_x(self) -> float:
        return round(self.width + 8, 1)

    @property
    def text_y(self) -> int:
        return self.y + BAR - 3


@dataclass(frozen=True)
class CountChart:
    title: str
    width: int
    height: int
    bars: list[CountBar]
    bar: int = BAR


def draw_counts(
    title: str, rows: Sequence[tuple[str, int | None, str]], *, wide: bool
) -> CountChart:
    """Bars for rows of (label, count, count in words); a count of None is withheld."""
    width = 462 if wide else 326
    most = max((count or 0 for _, count, _ in rows), default=0) or 1
    bars = [
        CountBar(
            label,
            text,
            TOP + place * ROW + 20,
            STUB if count is None else round((width - ROOM) * count / most, 1),
            count is None,
        )
        for place, (label, count, text) in enumerate(rows)
    ]
    said = "; ".join(f"{label}: {text}" for label, _, text in rows)
    words = f"{title}. {said}. The same numbers are in the table."
    return CountChart(words, width, TOP + len(rows) * ROW, bars)
