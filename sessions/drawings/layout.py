"""The two sizes of the journey drawing, in the units of its viewBox."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta


@dataclass(frozen=True)
class Lane:
    """A lane's rule on top, its name, and when its windows lie."""

    name: str
    note: str
    line: float
    name_y: float
    note_y: float


@dataclass(frozen=True)
class Layout:
    width: int
    height: int
    left: float
    right: float
    axis: float
    lanes: tuple[Lane, ...]
    bars: dict[str, float]
    bar: float
    dose: float
    dose_labels: tuple[float, ...]
    session: float
    session_labels: tuple[float, ...]
    planned: str
    names_beside: bool
    # how much time is drawn: at most, at least, before now and after it
    most: timedelta
    least: timedelta
    back: timedelta
    ahead: timedelta

    def noted(self, notes: Sequence[str]) -> "Layout":
        """With `notes` on the lanes of windows, from the topmost: when its windows lie."""
        first, *others = self.lanes
        noted = [replace(lane, note=note) for lane, note in zip(others, notes, strict=False)]
        return replace(self, lanes=(first, *noted, *others[len(noted) :]))

    @property
    def bottom(self) -> int:
        return self.height - 2

    @property
    def ground(self) -> int:
        """Height of what is shaded from top to bottom."""
        return self.bottom - 38


WIDE = Layout(
    width=1198,
    height=334,
    left=132,
    right=1196,
    axis=60,
    lanes=(
        Lane("Doses", "", 60, 91, 0),
        Lane("Prepare", "", 126, 146, 162),
        Lane("Integrate", "", 172, 192, 208),
        Lane("Consolidate", "", 218, 238, 254),
        Lane("", "", 264, 296, 0),
    ),
    bars={"prepare": 135, "integrate": 181, "consolidate": 227},
    bar=28,
    dose=80,
    dose_labels=(106, 120),
    session=286,
    session_labels=(312, 326),
    planned="planned",
    names_beside=True,
    most=timedelta(days=34),
    least=timedelta(days=14),
    back=timedelta(days=20),
    ahead=timedelta(days=14),
)
NARROW = Layout(
    width=340,
    height=404,
    left=0,
    right=338,
    axis=60,
    lanes=(
        Lane("Doses", "", 60, 76, 0),
        Lane("Prepare", "", 140, 156, 0),
        Lane("Integrate", "", 200, 216, 0),
        Lane("Consolidate", "", 260, 276, 0),
        Lane("", "", 320, 336, 0),
    ),
    bars={"prepare": 165, "integrate": 225, "consolidate": 285},
    bar=28,
    dose=96,
    dose_labels=(122, 136),
    session=358,
    session_labels=(384, 398),
    planned="plan",
    names_beside=False,
    most=timedelta(days=13),
    least=timedelta(days=13),
    back=timedelta(days=6),
    ahead=timedelta(days=7),
)
