"""The drug log by the raw ORM: what the actions refuse, the database refuses as well."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from people.models import Membership
from sessions.actions import dosing as doses
from sessions.models import Discrepancy, StockEntry, Vial
from sessions.stock import open_discrepancies
from tests.builder import Builder
from tests.factories import make_organization, make_user
from tests.refusing import database_refuses
from tests.stock import ADDRESS, Cupboard, balance, label

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Bench:
    """One vial with a draw, and `write`, which goes around every action."""

    def __init__(self, case: Builder):
        self.case, self.cast, self.cupboard = case, case.cast, Cupboard(case.cast)
        self.dosing = case.plan(timezone.now() + DAY)
        self.vial = self.cupboard.vial()
        self.drawn = self.cupboard.draw(self.vial, self.dosing, "60")

    def write(self, kind: str, change: str = "0", **fields) -> StockEntry:
        """The next line of the vial, as it would be right, but for `fields`."""
        last = self.vial.entries.order_by("-sequence").first()
        change_mg = Decimal(change)
        usual = {
            "vial": self.vial,
            "sequence": last.sequence + 1,
            "kind": kind,
            "amount_mg": abs(change_mg),
            "change_mg": change_mg,
            "balance_mg": last.balance_mg + change_mg,
            "at": timezone.now(),
            "day": self.cast.clinic.today,
            "recorded_by": self.cast.nurse,
            "address": ADDRESS if kind == "drawn" else "",
            "occasion": "open" if kind == "counted" else "",
            "note": "x",
        }
        if kind == "drawn":
            usual["dosing"] = self.dosing
        return StockEntry.objects.create(**{**usual, **fields})

    def refuses(self, *args, **fields) -> None:
        before = StockEntry.objects.count()
        with pytest.raises(DatabaseError), transaction.atomic():
            self.write(*args, **fields)
        assert StockEntry.objects.count() == before


@pytest.fixture
def bench(case, episode) -> Bench:
    return Bench(case)


def test_a_line_that_is_right_may_be_written(bench):
    """So that each refusal below has one reason alone."""
    bench.write("drawn", "-440")
    assert balance(bench.vial) == 0
    bench.write("counted", amount_mg=Decimal(3))
    rest = bench.write("wasted", about=bench.drawn, dosing=bench.dosing, amount_mg=Decimal(60))
    bench.write("witnessed", about=rest, recorded_by=bench.cast.kaptherapist)


@pytest.mark.parametrize(
    "fields",
    [
        {"change": "-440.01"},  # below nothing
        {"change": "-10", "balance_mg": 440},  # the balance is not the one before and the change
        {"change": "-10", "balance_mg": 431},
        {"change": "-10", "sequence": 4},  # a line is left out
        {"change": "-10", "sequence": 2},  # a line of which there is one
        {"change": "-10", "amount_mg": 9},  # the amount is not the change
        {"change": "10"},  # drawing fills no vial
        {"change": "0"},
        {"change": "-10", "dosing": None},
        {"change": "-10", "address": ""},
        {"change": "-10", "kind": "poured"},
    ],
)
def test_a_draw_keeps_the_chain(bench, fields):
    bench.refuses(fields.pop("kind", "drawn"), fields.pop("change"), **fields)


def test_contents_come_once_and_as_the_label_says(bench):
    bench.refuses("received", "500")
    other = Vial.objects.create(clinic=bench.cast.clinic, number=9, **label())
    first = {"vial": other, "sequence": 1}
    bench.refuses("received", "600", balance_mg=600, **first)
    bench.refuses("received", "500", balance_mg=400, **first)
    bench.refuses("drawn", "-10", balance_mg=490, **first)
    bench.write("received", "500", balance_mg=500, **first)


def test_a_draw_is_for_a_dose_of_the_clinic_in_time(bench):
    cast = bench.cast
    expired = bench.vial.expires_on + DAY
    late = timezone.now() + (expired - cast.clinic.today)
    bench.refuses("drawn", "-10", day=expired, at=late)
    elsewhere = make_organization("Southfield Clinic", "clinic")
    other = make_user("Otto Other", "nurse", elsewhere)
    foreign = bench.cupboard.vial(by=other, clinic=elsewhere)
    line = {"vial": foreign, "sequence": 2, "balance_mg": 490}
    bench.refuses("drawn", "-10", recorded_by=other, **line)
    doses.cancel_dose(by=cast.prescriber, dosing=bench.dosing)
    bench.refuses("drawn", "-10")


def test_a_line_is_of_the_day_of_its_moment(bench):
    """A day that is not the moment's would let a draw come before the vial expired."""
    today = bench.cast.clinic.today
    for day in (today - 2 * DAY, today + 2 * DAY):
        bench.refuses("drawn", "-10", day=day)
    bench.write("drawn", "-10", day=today)


def test_staff_of_the_clinic_write_and_others_do_not(bench):
    cast = bench.cast
    for who in (cast.kaptherapist, cast.coordinator, cast.administrator, cast.therapist):
        bench.refuses("drawn", "-10", recorded_by=who)
    waste = bench.cupboard.rest(bench.drawn)
    for who in (cast.coordinator, cast.administrator, cast.therapist, cast.superuser):
        bench.refuses("witnessed", about=waste, recorded_by=who)
    Membership.objects.filter(user=cast.nurse).update(ended_at=timezone.now())
    bench.refuses("drawn", "-10")


def test_a_second_person_is_another_person(bench):
    nurse, waste = bench.cast.nurse, bench.cupboard.rest(bench.drawn)
    second = {"about": waste, "recorded_by": bench.cast.prescriber}
    for kind in ("witnessed", "disputed"):
        bench.refuses(kind, about=waste, recorded_by=nurse)
        bench.refuses(kind, about=bench.drawn, recorded_by=bench.cast.prescriber)
    bench.write("witnessed", **second)
    bench.refuses("disputed", **second)


def test_no_more_is_wasted_than_was_drawn(bench):
    rest = {"about": bench.drawn, "dosing": bench.dosing}
    bench.refuses("wasted", amount_mg=Decimal("60.01"), **rest)
    bench.write("wasted", amount_mg=Decimal(40), **rest)
    bench.refuses("wasted", amount_mg=Decimal("20.01"), **rest)
    bench.refuses("wasted", amount_mg=Decimal(1), about=bench.drawn)  # and for its own dose
    bench.refuses("wasted", "-1", note="")
    other = bench.cupboard.vial()
    bench.refuses("wasted", amount_mg=Decimal(1), **rest, vial=other, sequence=2, balance_mg=500)


def test_an_entry_is_taken_back_whole_once_and_by_somebody_who_was_asked(bench):
    by = bench.cast.prescriber
    back = {"about": bench.drawn, "recorded_by": by}
    bench.refuses("corrected", "60", **back)  # nobody asked
    ask = bench.cupboard.ask(bench.drawn)
    bench.refuses("corrected", "60", about=bench.drawn)  # by the one who asked
    bench.refuses("corrected", "50", **back)
    bench.refuses("corrected", "60", about=ask, recorded_by=by)
    bench.cupboard.rest(bench.drawn, "10")
    bench.refuses("corrected", "60", **back)  # part of it was wasted
    waste = bench.vial.entries.get(kind="wasted")
    bench.cupboard.confirm(bench.cupboard.ask(waste))
    bench.write("corrected", "60", **back)
    bench.refuses("corrected", "60", **back)
    bench.refuses("wasted", about=bench.drawn, dosing=bench.dosing, amount_mg=Decimal(1))


def test_a_refused_correction_takes_nothing_back(bench):
    bench.cupboard.dispute(bench.cupboard.ask(bench.drawn))
    bench.refuses("corrected", "60", about=bench.drawn, recorded_by=bench.cast.prescriber)


def test_a_balance_is_set_to_a_count_and_to_nothing_else(bench):
    [count] = bench.cupboard.count({bench.vial: "435"})
    by = {"about": count, "recorded_by": bench.cast.prescriber}
    bench.refuses("adjusted", "-6", **by)
    bench.refuses("adjusted", "5", **by)
    bench.refuses("adjusted", "-5", about=count)  # by the one who counted
    bench.refuses("adjusted", "-5", about=bench.drawn, recorded_by=bench.cast.prescriber)
    bench.write("adjusted", "-5", **by)
    bench.refuses("adjusted", "-5", **by)


def test_a_discrepancy_is_closed_whole_once_and_by_another(bench):
    cast = bench.cast
    bench.cupboard.count({bench.vial: "435"})
    [found] = open_discrepancies(cast.clinic)
    mine = Discrepancy.objects.filter(pk=found.pk)
    closed = {
        "resolved_at": timezone.now(),
        "resolved_by": cast.prescriber,
        "finding": "fill",
        "explanation": "x",
    }
    for wrong in (
        {"resolved_by": cast.nurse},
        {"explanation": ""},
        {"finding": "never"},
        {"finding": "lost"},  # without the day of the notice
        {"resolved_by": None},
    ):
        database_refuses(lambda wrong=wrong: mine.update(**{**closed, **wrong}))
    mine.update(**closed)
    for change in ({"explanation": "y"}, {"resolved_at": None}, {"difference_mg": 1}):
        database_refuses(lambda change=change: mine.update(**change))


# ---------------------------------------------------------------- any order of acts

ACTS = st.tuples(
    st.sampled_from(["draw", "waste", "rest", "confirm", "dispute", "ask", "count", "set"]),
    st.decimals(min_value="0.01", max_value=200, places=2),
    st.integers(min_value=0, max_value=9),
)


def act(bench: Bench, kind: str, mg: Decimal, which: int) -> None:
    """One act on the vial, whatever it may be refused for."""
    cupboard, lines = bench.cupboard, list(bench.vial.entries.order_by("-sequence"))
    line = lines[which % len(lines)]
    match kind:
        case "draw":
            cupboard.draw(bench.vial, bench.dosing, mg)
        case "waste":
            cupboard.waste(bench.vial, mg)
        case "rest":
            cupboard.rest(line, mg)
        case "confirm" | "dispute" | "ask":
            getattr(cupboard, kind)(line)
        case "count":
            cupboard.count({bench.vial: str(mg)})
        case "set":
            for found in open_discrepancies(bench.cast.clinic)[:1]:
                cupboard.resolve(found, set_to_count=True)


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, min_size=10, max_size=20))
def test_in_any_order_each_balance_is_the_sum_of_all_changes(bench, acts):
    with transaction.atomic():
        for kind, mg, which in acts:
            try:
                with transaction.atomic():
                    act(bench, kind, mg, which)
            except (ValidationError, PermissionDenied):
                continue  # in words: no act gets as far as what the database would refuse
        total = Decimal(0)
        for line in bench.vial.entries.order_by("sequence"):
            total += line.change_mg
            assert line.balance_mg == total >= 0
        transaction.set_rollback(True)
