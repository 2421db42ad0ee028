"""When what is done: drawn from a seed, so that a run can be had again. Seconds from the start."""

import random
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Plan:
    """How much is done, and in how many seconds the reminders open."""

    reminders: int = 10_000
    seconds: int = 780
    kills: int = 100
    flushes: int = 20
    restarts: int = 20
    stops: int = 10
    workers: int = 4
    beats: int = 2
    late: int = 120  # seconds after recovery, at most
    seed: int = 1


class Step(NamedTuple):
    at: float
    kind: str  # kill, flush, restart, stop
    which: int = 0  # of the workers, then of the beats
    lasts: float = 0.0
    child: bool = False  # only the process that sends, and not the worker around it


def steps_of(plan: Plan) -> list[Step]:
    """All faults, spread evenly over the run and shuffled."""
    draw = random.Random(plan.seed)
    kinds = ["kill"] * plan.kills + ["flush"] * plan.flushes
    kinds += ["restart"] * plan.restarts + ["stop"] * plan.stops
    draw.shuffle(kinds)
    share = plan.seconds * 0.92 / max(1, len(kinds))
    steps = []
    for number, kind in enumerate(kinds):
        at = plan.seconds * 0.03 + share * (number + draw.random())
        which = draw.randrange(plan.workers)
        if kind == "kill" and draw.random() < 0.2:
            which = plan.workers + draw.randrange(plan.beats)
        lasts = draw.uniform(0.2, 4.0) if kind in ("restart", "stop") else 0.0
        steps.append(Step(at, kind, which, lasts, draw.random() < 0.3))
    return sorted(steps)


def windows_of(plan: Plan) -> list[tuple[float, float]]:
    """Opening and closing of each reminder. A tenth opens in one moment; of the others a tenth
    closes again within minutes."""
    draw = random.Random(plan.seed + 1)
    windows = []
    for number in range(plan.reminders):
        opens = plan.seconds * (0.3 if number % 10 == 0 else draw.uniform(0.0, 0.93))
        short = number % 10 == 1
        windows.append((opens, opens + (draw.uniform(90, 300) if short else 3600 * 4)))
    return windows
