"""One measure as every way of showing it knows it: page, picture and CSV read the same."""

from dataclasses import dataclass, field

from reminders.quality.cells import WITHHELD, Table
from sessions.drawings.count_chart import CountChart, draw_counts


@dataclass(frozen=True)
class Part:
    """One table of a measure. `unit` says what is counted; `facts` are rates and medians."""

    key: str
    title: str
    unit: str
    table: Table
    facts: dict[str, str] = field(default_factory=dict)
    is_whole: bool = True
    has_days: bool = False

    @property
    def counts_clients(self) -> bool:
        return self.unit == "clients"

    @property
    def heading(self) -> str:
        return self.unit.capitalize()

    @property
    def total_text(self) -> str:
        return WITHHELD if self.table.total is None else f"{self.table.total:,}"

    @property
    def wide(self) -> CountChart:
        return self._drawn(wide=True)

    @property
    def narrow(self) -> CountChart:
        return self._drawn(wide=False)

    def _drawn(self, *, wide: bool) -> CountChart:
        rows = [(line.label, line.count, line.words) for line in self.table.lines]
        return draw_counts(f"{self.title}, {self.unit}", rows, wide=wide)


@dataclass(frozen=True)
class Measure:
    """`definition`: who is counted, from when to when, by which threshold. `empty`: why there may
    be nothing yet, and what would fill it."""

    key: str
    title: str
    definition: str
    parts: list[Part]
    empty: str

    @property
    def is_empty(self) -> bool:
        return all(part.table.is_empty for part in self.parts)
