"""No number about one to four clients is told, and none can be had from what is told."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from reminders.quality.cells import (
    FEWER,
    LEAST,
    WITHHELD,
    Cell,
    apart,
    finest,
    median_of,
    parts,
    rate,
)
from reminders.quality.measure import Part
from reminders.quality.sheet import _of

small = st.integers(1, LEAST - 1)
clients = st.one_of(st.just(0), small, st.integers(0, 40))


@st.composite
def tables(draw, **sizes):
    """Cells of clients, or of something that clients have more than one of."""
    found = draw(st.lists(clients, min_size=1, max_size=6))
    more = draw(st.sampled_from([0, 3]))
    return [
        Cell(f"Line {place}", each + (draw(st.integers(0, more)) if each else 0), each)
        for place, each in enumerate(found)
    ]


def everything_told(table) -> str:
    """All that a reader meets of a table: its lines, total and rates, its picture, its CSV."""
    labels = [line.label for line in table.lines]
    part = Part("t", "T", "clients", table, {"Rate": rate(table, *labels[:1])})
    return repr((table, part.total_text, part.facts, part.wide, part.narrow, list(_of(part))))


@given(tables(), st.data())
def test_what_is_told_is_the_same_whatever_a_small_cell_holds(cells, data):
    """So nothing that is told, sums and shares included, lets anybody tell which it was."""
    place = data.draw(st.sampled_from(range(len(cells))))
    assume(cells[place].is_small)
    others = list(cells)
    number = data.draw(small)
    others[place] = replace(cells[place], count=number, clients=number)
    for told in (parts, apart):
        assert everything_told(told(cells)) == everything_told(told(others))


@given(tables(), tables(), st.data())
def test_nor_do_tables_beside_one_another_give_it_away(one, two, data):
    """Tables of one whole are told each, all without a small cell, or summed."""
    size = min(len(one), len(two))
    tables_ = {"One": one[:size], "Two": two[:size]}
    together = [
        Cell(a.label, a.count + b.count, a.clients + b.clients)
        for a, b in zip(*tables_.values(), strict=True)
    ]
    told = finest(tables_, "Both", together)
    if any(cell.is_small for cells in tables_.values() for cell in cells):
        assert told == {"Both": parts(together)}
    else:
        assert told == {name: parts(cells) for name, cells in tables_.items()}
        assert not any(table.withholds for table in told.values())


@given(tables())
def test_a_total_is_told_only_where_everything_is(cells):
    table = parts(cells)
    hidden = [line for line in table.lines if line.count is None]
    assert [line.label for line in hidden] == [cell.label for cell in cells if cell.is_small]
    if hidden:
        assert table.total is None
        assert not [line for line in table.lines if line.percent is not None]
        assert rate(table, cells[0].label) == WITHHELD
    else:
        assert table.total == sum(line.count for line in table.lines)


def test_five_are_told_four_are_not_and_none_is_0():
    table = parts([Cell("Five", 5, 5), Cell("Four", 9, 4), Cell("None", 0, 0)])
    assert [line.text for line in table.lines] == ["5", WITHHELD, "0"]
    assert [line.words for line in table.lines] == ["5", f"{FEWER} clients", "0"]
    assert [line.clients_text for line in table.lines] == ["5", FEWER, "0"]


def test_shares_and_rates_of_a_table_that_withholds_nothing():
    table = parts([Cell("Yes", 13, 13), Cell("No", 7, 7)])
    assert [line.percent_text for line in table.lines] == ["65%", "35%"]
    assert rate(table, "Yes") == "13 of 20 clients (65%)"


def test_a_median_is_about_five_clients_at_least():
    assert median_of([1, 2, 2, 9], 4) == WITHHELD
    assert median_of([1, 2, 2, 9, 9, 9, 9, 9, 9], 4) == WITHHELD
    assert median_of([1, 2, 2.25, 9, 9], 5) == "2.2"
    assert median_of([], 0) == ""
