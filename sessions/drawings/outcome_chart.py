"""Scores over time: the bands of the scale, doses as diamonds, where response and remission lie."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from people.formats import day
from sessions.drawings.scale import LETTER, TimeScale, midnight, midnights
from sessions.drawings.score_labels import Box, place_scores
from sessions.instruments import REMISSION_BELOW, Questionnaire

STEPS = (1, 2, 7, 14, 28, 56, 91, 182, 364)  # days between the dates written below
NEAR = 20  # closer to the mark before it, a score is not written in the drawing
LAST = 30  # what the last score needs on its right


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
    """A score; `words` is None where there is no room, and `shade` is of the band below."""

    x: float
    y: float
    score: int
    shade: int
    words: Box | None
    reached: bool

    @property
    def text(self) -> str:
        return self.words.text if self.words else ""


@dataclass(frozen=True)
class Rule:
    """A line across at `y` that scores have to come below; its words stand in the legend."""

    y: float
    text: str
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
    def plain_right(self) -> float:
        """Where the names of the bands begin."""
        return _names_at(self.stripes, self.right)

    @property
    def signs(self) -> set[str]:
        """What the legend has to explain."""
        found = {"given" if dose.given else "planned" for dose in self.doses}
        return found | ({"reached"} if any(mark.reached for mark in self.marks) else set())

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
    top, bottom = size["top"], size["bottom"]

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * value / (questionnaire.most + 1), 1)

    stripes = _stripes(questionnaire, y, wide=wide)
    plain = _names_at(stripes, size["right"])
    time = stretch(scores, doses, size, zone, plain - LAST)
    rules = _rules(questionnaire, scores[0].score, y)
    dosed = [DoseMark(time.x(dose.at), dose.given) for dose in doses if time.shows(dose.at)]
    return OutcomeChart(
        title=_title(questionnaire, scores),
        **size,
        stripes=stripes,
        values=_values(questionnaire, y),
        rules=rules,
        doses=[mark for mark in dosed if mark.x <= plain - LAST],
        dates=dates_along(time, zone, plain, most=5 if wide else 4),
        marks=_marks(questionnaire, scores, time, y, rules),
    )


def stretch(
    scores: Sequence[Scored],
    doses: Sequence[Dosed],
    size: dict[str, int],
    zone: ZoneInfo,
    to: float,
) -> TimeScale:
    """From the day of the first score to the last score, or a dose up to a week later, at `to`; on
    the right of it stand the names of the bands."""
    first, last = scores[0].at, scores[-1].at
    near = [dose.at for dose in doses if last < dose.at <= last + timedelta(days=7)]
    last = max([last, *near])
    length = max(last - first, timedelta(days=14))
    start = midnight(first - length / 16, zone)
    share = (to - size["left"]) / (size["right"] - size["left"])
    return TimeScale(start, start + (first + length - start) / share, size["left"], size["right"])


def _shade(questionnaire: Questionnaire, place: int) -> int:
    """Shades reach from the lightest to the darkest, however many bands there are."""
    return round(place * 4 / (len(questionnaire.bands) - 1))


def _stripes(questionnaire: Questionnaire, y: Callable[[float], float], wide: bool) -> list[Stripe]:
    return [
        Stripe(
            y(band.most + 1),
            round(y(band.least) - y(band.most + 1), 1),
            _shade(questionnaire, place),
            band.name if wide else band.name.replace("Moderately", "Mod."),
        )
        for place, band in enumerate(questionnaire.bands)
    ]


def _names_at(stripes: Sequence[Stripe], right: float) -> float:
    return right - 12 - LETTER * max(len(stripe.name) for stripe in stripes)


def _values(questionnaire: Questionnaire, y: Callable[[float], float]) -> list[Tick]:
    lowest = [band.least for band in questionnaire.bands]
    return [Tick(22, round(y(v) + 4, 1), str(v)) for v in [*lowest, questionnaire.most]]


def _rules(questionnaire: Questionnaire, baseline: int, y: Callable[[float], float]) -> list[Rule]:
    """Each lies half a point above the highest score that counts, so that no mark is cut by it."""
    found: list[Rule] = []
    goal = questionnaire.goal(baseline)
    if goal is not None:
        words = f"{questionnaire.goal_name}: {goal}{' or below' if goal else ''}"
        found.append(Rule(y(goal + 0.5), words))
    if questionnaire.remits(0):
        found.append(Rule(y(REMISSION_BELOW - 0.5), f"Remission: below {REMISSION_BELOW}", True))
    return found


def dates_along(time: TimeScale, zone: ZoneInfo, right: float, most: int) -> list[Tick]:
    days = [each for each in midnights(time, zone) if time.x(each) < right]
    step = next((step for step in STEPS if len(days) / step < most), STEPS[-1])
    ticks = [Tick(time.x(each), 0, each.strftime("%-d-%b")) for each in days[::step]]
    return [tick for tick in ticks if tick.x < time.right - 24]


def _marks(
    questionnaire: Questionnaire,
    scores: Sequence[Scored],
    time: TimeScale,
    y: Callable[[float], float],
    rules: Sequence[Rule],
) -> list[Mark]:
    places = [(time.x(each.at), y(each.score)) for each in scores]
    last, baseline = len(scores) - 1, scores[0].score
    texts = [
        str(each.score) if n == last or places[n + 1][0] - places[n][0] >= NEAR else ""
        for n, each in enumerate(scores)
    ]
    frame = (time.left, y(questionnaire.most + 1), y(0))
    words = place_scores(places, texts, [rule.y for rule in rules], frame)
    bands = [questionnaire.bands.index(questionnaire.band(each.score)) for each in scores]
    return [
        Mark(
            *places[n],
            each.score,
            _shade(questionnaire, bands[n]),
            words[n],
            n > 0 and questionnaire.responds(baseline, each.score),
        )
        for n, each in enumerate(scores)
    ]


def _title(questionnaire: Questionnaire, scores: Sequence[Scored]) -> str:
    first, last = scores[0], scores[-1]
    text = f"{questionnaire.name}: {first.score} on {day(first.at)}"
    if len(scores) > 1:
        text = f"{questionnaire.name} from {first.score} on {day(first.at)} to {last.score} on "
        text += day(last.at)
    return f"{text}. The same numbers are in the table below."
