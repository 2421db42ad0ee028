"""Never fewer than five clients in a cell: the one home of that rule. Pure.

A number about one to four clients is withheld, and 0 may be told. So that no subtraction gives it
back, the total of a table with such a number is withheld too, and with it every share and rate. So
what is withheld depends on which cells are small and on nothing else: whether a small cell holds
one client or four, the page reads the same, word for word.

What this does not protect from: whoever looks at two periods that overlap, or at one on two days,
can subtract one from the other and learn a number about fewer than five. Whole months make that
coarse, not impossible; the page says so.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

LEAST = 5
FEWER = f"fewer than {LEAST}"
WITHHELD = "withheld"


def is_small(clients: int) -> bool:
    """Whether a number about so many different clients has to be withheld."""
    return 0 < clients < LEAST


@dataclass(frozen=True)
class Cell:
    """What was counted, before the rule: `count` of something, about `clients` different ones."""

    label: str
    count: int
    clients: int

    @property
    def is_small(self) -> bool:
        return is_small(self.clients)


@dataclass(frozen=True)
class Line:
    """What may be told of a cell. `count` and `clients` are None where they are withheld,
    `percent` also where no total is told. `days` is a median in days, told or not, in words."""

    label: str
    count: int | None
    clients: int | None
    percent: int | None = None
    days: str = ""

    @property
    def text(self) -> str:
        """The count. One withheld is about few clients, but need not be small itself."""
        return WITHHELD if self.count is None else f"{self.count:,}"

    @property
    def clients_text(self) -> str:
        return FEWER if self.clients is None else f"{self.clients:,}"

    @property
    def words(self) -> str:
        """As it stands beside its bar: 13 (65%)."""
        if self.count is None:
            return f"{FEWER} clients"
        return f"{self.text} ({self.percent_text})" if self.percent_text else self.text

    @property
    def percent_text(self) -> str:
        return "" if self.percent is None else f"{self.percent}%"


@dataclass(frozen=True)
class Table:
    """Lines, and their total where they are parts of one whole and none is withheld."""

    lines: tuple[Line, ...]
    total: int | None = None

    @property
    def is_empty(self) -> bool:
        return all(line.count == 0 for line in self.lines)

    @property
    def withholds(self) -> bool:
        return any(line.count is None for line in self.lines)


def parts(cells: Iterable[Cell]) -> Table:
    """Cells that make up one whole, with shares and total unless one of them is small."""
    cells = list(cells)
    total = sum(cell.count for cell in cells)
    if any(cell.is_small for cell in cells):
        return apart(cells)
    lines = (Line(each.label, each.count, each.clients, share(each.count, total)) for each in cells)
    return Table(tuple(lines), total)


def apart(cells: Iterable[Cell]) -> Table:
    """Cells that are told one by one: they make up no whole, and there is no total."""
    return Table(tuple(map(_told, cells)))


def _told(cell: Cell) -> Line:
    if cell.is_small:
        return Line(cell.label, None, None)
    return Line(cell.label, cell.count, cell.clients)


def finest(
    tables: Mapping[str, Sequence[Cell]], name: str, together: Sequence[Cell]
) -> dict[str, Table]:
    """Tables whose totals can be guessed from one another: each of them while nothing in any is
    small, otherwise only `together`, the same cells over all of them, under `name`."""
    if any(cell.is_small for cells in tables.values() for cell in cells):
        return {name: parts(together)}
    return {each: parts(cells) for each, cells in tables.items()}


def share(count: int, total: int) -> int | None:
    """Whole per cent of `total`, halves to the even number; None of nothing."""
    return round(100 * count / total) if total else None


def rate(table: Table, *labels: str) -> str:
    """13 of 20 clients (65%): what the lines with these labels hold together."""
    if not table.total:
        return WITHHELD
    held = sum(line.count or 0 for line in table.lines if line.label in labels)
    return f"{held:,} of {table.total:,} clients ({share(held, table.total)}%)"


def median_of(
    values: Sequence[float], clients: int, say: Callable[[float], str] = "{:g}".format
) -> str:
    """The median, one decimal at most; withheld where it would be about too few."""
    if not values:
        return ""
    return WITHHELD if is_small(clients) else say(round(median(values), 1))
