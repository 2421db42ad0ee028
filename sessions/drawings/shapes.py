"""What goes into the journey drawing, and the shapes that come out of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from sessions.drawings.layout import Layout
from sessions.drawings.scale import Label, TimeScale

LANES = ("prepare", "integrate", "consolidate")


@dataclass(frozen=True)
class JourneyDose:
    """A dose given or planned. `label` is what the reader may know of it: 50 mg, or nothing."""

    number: int
    at: datetime
    given: bool
    label: str = ""


@dataclass(frozen=True)
class JourneyWindow:
    """One duty around one dose, open while opens_at <= moment < closes_at."""

    lane: str  # prepare, integrate, consolidate
    number: int
    opens_at: datetime
    closes_at: datetime
    state: str  # served, missed, open, later

    def contains(self, moment: datetime) -> bool:
        return self.opens_at <= moment < self.closes_at


@dataclass(frozen=True)
class JourneySession:
    """A session and the lanes it may serve."""

    at: datetime
    state: str  # held, booked, missed
    lanes: tuple[str, ...] = LANES


@dataclass(frozen=True)
class Journey:
    now: datetime
    zone: ZoneInfo
    doses: tuple[JourneyDose, ...] = ()
    windows: tuple[JourneyWindow, ...] = ()
    sessions: tuple[JourneySession, ...] = ()
    sessions_label: str = "Your sessions"
    notes: tuple[str, ...] = ()  # of the lanes of windows: when they lie


@dataclass(frozen=True)
class Tick:
    x: float
    top: float
    label: str = ""


@dataclass(frozen=True)
class Bar:
    """A window; `left` is the x from which an open window still lies ahead, to `right`."""

    window: JourneyWindow
    x: float
    y: float
    width: float
    height: float
    label_x: float | None = None
    left: float | None = None
    label_on_left: bool = False

    @property
    def right(self) -> float:
        return round(self.x + self.width, 1)

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2, 1)

    @property
    def label_y(self) -> float:
        return round(self.middle + 5, 1)

    @property
    def left_width(self) -> float:
        return round(self.right - (self.left or self.right), 1)


@dataclass(frozen=True)
class Mark:
    """A dose or a session: its middle, its kind, its words."""

    kind: str
    x: float
    y: float
    label: Label | None = None
    number: int | None = None
    dots: tuple[float, ...] = ()  # heights of the windows that a session serves, topmost first

    @property
    def words(self) -> str:
        """What stands after the dose's number."""
        text = self.label.text if self.label else ""
        return text.removeprefix(str(self.number)).strip()

    @property
    def left(self) -> float:
        return round(self.x - 9, 1)

    @property
    def top(self) -> float:
        return round(self.y - 9, 1)


@dataclass(frozen=True)
class Now:
    x: float
    box_x: float
    text: str

    width: ClassVar = 184  # of the box, for its longest text in bold

    @property
    def text_x(self) -> float:
        return round(self.box_x + self.width / 2, 1)


@dataclass(frozen=True)
class JourneyDrawing:
    layout: Layout
    scale: TimeScale
    description: str
    sessions_label: str
    weekends: list[tuple[float, float]] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    doses: list[Mark] = field(default_factory=list)
    sessions: list[Mark] = field(default_factory=list)
    now: Now | None = None
