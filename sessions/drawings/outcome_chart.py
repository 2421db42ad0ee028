"""Scores over time: the bands of the scale, doses as diamonds, where response and remission lie."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from people.formats import day
from sessions.drawings.scale import TimeScale, midnight, midnights
from sessions.instruments import REMISSION_BELOW, Questionnaire

STEPS = (1, 2, 7, 14, 28, 56, 91, 182, 364)  # days between the dates written below
NEAR = 20  # closer to the mark before it, a score is not written in the drawing
CLOSE = 17  # two rules nearer than this share one line of words
FOOT = 18  # what a line of words below a rule needs


@dataclass(frozen=True)
class Scored:
    at: datetime
    score: int


@dataclass(frozen=True)
class Dosed:
    at: datetime
    given: bool


@dataclass(frozen=True)
class Stripe:
    """A band of the scale: where it lies, its shade (0 lightest to 4) and its name."""

    y: float
    height: float
    shade: int
    name: str

    @property
    def text_y(self) -> float:
        return round(self.y + 17, 1)


@dataclass(frozen=True)
class Mark:
    """A score; `text` is empty where another stands too near, and `shade` is of the band below."""

    x: float
    y: float
    score: int
    shade: int
    text: str
    reached: bool


@dataclass(frozen=True)
class Rule:
    """A line across at `y` that scores have to come below, with its words at `text_y`."""

    y: float
    text: str
    text_y: float
    second: bool = False


@dataclass(frozen=True)
class DoseMark:
    x: float
    given: bool


@dataclass(frozen=True)
class Tick:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class OutcomeChart:
    title: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    stripes: list[Stripe]
    values: list[Tick]
    rules: list[Rule]
    doses: list[DoseMark]
    dates: list[Tick]
    marks: list[Mark]
    foot: int = 40  # from the axis to its dates: between them lie the doses

    @property
    def path(self) -> str:
        return "M" + "L".join(f"{m.x} {m.y}" for m in self.marks) if len(self.marks) > 1 else ""

    @property
    def stripe_width(self) -> int:
        return self.right - self.left

    @property
    def dose_y(self) -> int:
        return self.bottom + 13


WIDE = {"width": 462, "height": 336, "left": 28, "right": 454, "top": 8, "bottom": 278}
NARROW = {"width": 326, "height": 320, "left": 28, "right": 318, "top": 8, "bottom": 262}


def draw_outcome(
    questionnaire: Questionnaire,
    scores: Sequence[Scored],
    doses: Sequence[Dosed],
    *,
    zone: ZoneInfo,
    wide: bool,
) -> OutcomeChart | None:
    """The chart of these scores in order of time, the first of them the baseline; None of none.

    Doses are drawn as far as they lie between the first score and a week after the last.
    """
    scores = sorted(scores, key=lambda each: each.at)
    if not scores:
        return None
    size = WIDE if wide else NARROW
    time = stretch(scores, doses, size, zone)
    top, bottom = size["top"], size["bottom"]

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * value / (questionnaire.most + 1), 1)

    return OutcomeChart(
        title=_title(questionnaire, scores),
        **size,
        stripes=_stripes(questionnaire, y, wide=wide),
        values=_values(questionnaire, y),
        rules=_rules(questionnaire, scores[0].score, y),
        doses=[DoseMark(time.x(dose.at), dose.given) for dose in doses if time.shows(dose.at)],
        dates=dates_along(time, zone, most=5 if wide else 4),
        marks=_marks(questionnaire, scores, time, y),
    )


def stretch(
    scores: Sequence[Scored], doses: Sequence[Dosed], size: dict[str, int], zone: ZoneInfo
) -> TimeScale:
    """From the day of the first score to the last score, or a dose up to a week later; on the right
    there is room for the names of the bands."""
    first, last = scores[0].at, scores[-1].at
    near = [dose.at for dose in doses if last < dose.at <= last + timedelta(days=7)]
    last = max([last, *near])
    length = max(last - first, timedelta(days=14))
    start = midnight(first - length / 16, zone)
    return TimeScale(start, first + length * 1.25, size["left"], size["right"])


def _shade(questionnaire: Questionnaire, place: int) -> int:
    """Shades reach from the lightest to the darkest, however many bands there are."""
    return round(place * 4 / (len(questionnaire.bands) - 1))


def _stripes(questionnaire: Questionnaire, y: Callable[[float], float], wide: bool) -> list[Stripe]:
    return [
        Stripe(
            y(band.most + 1),
            round(y(band.least) - y(band.most + 1), 1),
            _shade(questionnaire, place),
            str(band) if wide else str(band).replace("Moderately", "Mod."),
        )
        for place, band in enumerate(questionnaire.bands)
    ]


def _values(questionnaire: Questionnaire, y: Callable[[float], float]) -> list[Tick]:
    lowest = [band.least for band in questionnaire.bands]
    return [Tick(22, round(y(v) + 4, 1), str(v)) for v in [*lowest, questionnaire.most]]


def _rules(questionnaire: Questionnaire, baseline: int, y: Callable[[float], float]) -> list[Rule]:
    """Each lies half a point above the highest score that counts, so that no mark is cut by it.

    Words stand below their rule, where no line from the baseline passes, or above it at the foot
    of the chart. Of two rules that lie close together the lower one says both.
    """
    found: list[tuple[float, str]] = []
    goal = questionnaire.goal(baseline)
    if goal is not None:
        words = f"{questionnaire.goal_name}: {goal}{' or below' if goal else ''}"
        found.append((y(goal + 0.5), words))
    if questionnaire.remits(0):
        found.append((y(REMISSION_BELOW - 0.5), f"Remission: below {REMISSION_BELOW}"))
    lowest = max((height for height, _ in found), default=0)
    if len(found) == 2 and abs(found[0][0] - found[1][0]) < CLOSE:
        both = f"{found[0][1]}; {found[1][1].lower()}"
        found = [(height, both if height == lowest else "") for height, _ in found]
    shift = 16 if y(0) - lowest >= FOOT else -6
    dotted = len(found) - 1 if questionnaire.remits(0) else None
    return [
        Rule(height, words, round(height + shift, 1), second=place == dotted)
        for place, (height, words) in enumerate(found)
    ]


def dates_along(time: TimeScale, zone: ZoneInfo, most: int) -> list[Tick]:
    days = list(midnights(time, zone))
    step = next((step for step in STEPS if len(days) / step < most), STEPS[-1])
    ticks = [Tick(time.x(each), 0, each.strftime("%-d-%b")) for each in days[::step]]
    return [tick for tick in ticks if tick.x < time.right - 24]


def _marks(
    questionnaire: Questionnaire,
    scores: Sequence[Scored],
    time: TimeScale,
    y: Callable[[float], float],
) -> list[Mark]:
    found: list[Mark] = []
    baseline = scores[0].score
    for place, each in enumerate(scores):
        x, last = time.x(each.at), place == len(scores) - 1
        after = time.x(scores[place + 1].at) if not last else x + NEAR
        band = questionnaire.bands.index(questionnaire.band(each.score))
        found.append(
            Mark(
                x,
                y(each.score),
                each.score,
                _shade(questionnaire, band),
                str(each.score) if last or after - x >= NEAR else "",
                place > 0 and questionnaire.responds(baseline, each.score),
            )
        )
    return found


def _title(questionnaire: Questionnaire, scores: Sequence[Scored]) -> str:
    first, last = scores[0], scores[-1]
    text = f"{questionnaire.name}: {first.score} on {day(first.at)}"
    if len(scores) > 1:
        text = f"{questionnaire.name} from {first.score} on {day(first.at)} to {last.score} on "
        text += day(last.at)
    return f"{text}. The same numbers are in the table below."
