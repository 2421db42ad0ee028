"""Where a score is written beside its mark, so that it can be read."""

from collections.abc import Sequence
from dataclasses import dataclass

DIGIT = 9.0  # width of a bold digit
MARK = 7.0  # a mark and its edge reach so far from its middle
PLACES = ((10.0, -7.0), (10.0, 19.0), (-10.0, -7.0), (-10.0, 19.0))  # right above, right below, …


@dataclass(frozen=True)
class Box:
    """What a word covers; `x` and `y` are where its text begins on the line."""

    text: str
    x: float
    y: float

    @property
    def right(self) -> float:
        return self.x + DIGIT * len(self.text)

    def holds(self, x: float, y: float, room: float = 0) -> bool:
        return self.x - room < x < self.right + room and self.y - 12 - room < y < self.y + 1 + room

    def overlaps(self, other: "Box") -> bool:
        return self.x < other.right and other.x < self.right and abs(self.y - other.y) < 14


def place_scores(
    marks: Sequence[tuple[float, float]],
    texts: Sequence[str],
    rules: Sequence[float],
    frame: tuple[float, float, float],
) -> list[Box | None]:
    """For each of `marks` (x, y) where its text stands; None for an empty one, and where there is
    no room. The last is placed first, then the first; clear of other marks and words always, and
    where it can be of the line between the marks and of `rules`. `frame`: left, top, bottom."""
    found: list[Box | None] = [None] * len(marks)
    line = [point for a, b in zip(marks, marks[1:], strict=False) for point in _between(a, b)]
    left, top, bottom = frame
    for place in sorted(range(len(marks)), key=lambda n: (n != len(marks) - 1, n)):
        (x, y), text = marks[place], texts[place]
        if not text:
            continue
        boxes = [
            Box(text, x + dx - (DIGIT * len(text) if dx < 0 else 0), y + dy) for dx, dy in PLACES
        ]
        free = [
            box
            for box in boxes
            if box.x >= left
            and box.y - 12 >= top
            and box.y <= bottom
            and not any(box.holds(*mark, MARK) for mark in marks if mark != (x, y))
            and not any(other and box.overlaps(other) for other in found)
        ]
        if free or place == len(marks) - 1:
            found[place] = min(free or boxes[:1], key=lambda box: _crossed(box, line, rules))
    return found


def _crossed(box: Box, line: Sequence[tuple[float, float]], rules: Sequence[float]) -> int:
    """How badly the line or a rule strikes through."""
    return sum(box.holds(*point, 2) for point in line) + 5 * sum(
        box.y - 13 < rule < box.y + 2 for rule in rules
    )


def _between(a: tuple[float, float], b: tuple[float, float]) -> list[tuple[float, float]]:
    steps = 24
    return [
        (a[0] + (b[0] - a[0]) * n / steps, a[1] + (b[1] - a[1]) * n / steps)
        for n in range(steps + 1)
    ]
