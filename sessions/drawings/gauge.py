"""The small gauge under a window: what is left of it is filled, so that little reads as urgent."""

from dataclasses import dataclass
from datetime import datetime

WIDTH, EDGE = 168, 1.0


@dataclass(frozen=True)
class Gauge:
    """`now_x` is None while the window has not opened; then the gauge is dashed and empty."""

    now_x: float | None
    left_width: float = 0.0

    @property
    def later(self) -> bool:
        return self.now_x is None


def draw_gauge(opens_at: datetime, closes_at: datetime, now: datetime) -> Gauge:
    if now < opens_at:
        return Gauge(None)
    passed = min(1.0, (now - opens_at) / (closes_at - opens_at))
    x = round(EDGE + (WIDTH - 2 * EDGE) * passed, 1)
    return Gauge(x, round(WIDTH - EDGE - x, 1))
