"""Many nurses draw the last milligrams at once: only what is there goes out.

Twenty people, each on a connection of their own, with real transactions on PostgreSQL.
"""

import threading
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from people.enums import Role
from sessions.models import Discrepancy, StockEntry
from tests.factories import make_user
from tests.stock import ADDRESS, Cupboard, balance

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
NURSES = 20


def at_once(act, everybody) -> list:
    """`act(one)` by all of them at the same moment; what each got back, or was refused with."""
    everybody = list(everybody)
    begin, answers = threading.Barrier(len(everybody)), []

    def run(one):
        try:
            begin.wait(30)
            answers.append(act(one))
        except Exception as error:  # noqa: BLE001
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,), daemon=True) for each in everybody]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return answers


def check_chain(vial) -> None:
    """The rows as they stand: without a gap, each balance the one before it and the change."""
    total = Decimal(0)
    for number, line in enumerate(vial.entries.order_by("sequence"), start=1):
        total += line.change_mg
        assert (line.sequence, line.balance_mg) == (number, total)
        assert total >= 0


@pytest.fixture
def cupboard(cast) -> Cupboard:
    return Cupboard(cast)


@pytest.fixture
def dosing(case, episode):
    return case.plan(timezone.now() + timedelta(days=1))


@pytest.fixture
def nurses(cast):
    return [make_user(f"Nurse Number{n}", Role.NURSE, cast.clinic) for n in range(NURSES)]


def test_of_twenty_who_draw_at_once_each_gets_what_is_there_or_nothing(cupboard, dosing, nurses):
    vial = cupboard.vial()  # 500 mg: enough for eight draws of 60 mg
    answers = at_once(lambda nurse: cupboard.draw(vial, dosing, "60", by=nurse), nurses)
    drawn = [each for each in answers if isinstance(each, StockEntry)]
    refused = [each for each in answers if not isinstance(each, StockEntry)]
    assert (len(drawn), len(refused), balance(vial)) == (8, 12, 20)
    assert all(isinstance(each, ValidationError) for each in refused), refused
    assert "holds 20 mg" in refused[-1].messages[0]
    check_chain(vial)


def test_the_last_milligrams_go_to_one(cupboard, dosing, nurses):
    vial = cupboard.vial()
    cupboard.draw(vial, dosing, "450")
    answers = at_once(lambda nurse: cupboard.draw(vial, dosing, "50", by=nurse), nurses)
    assert sum(isinstance(each, StockEntry) for each in answers) == 1
    assert balance(vial) == 0
    check_chain(vial)


def test_one_form_sent_by_twenty_tabs_is_one_draw(cupboard, dosing, cast):
    vial, key = cupboard.vial(), uuid4()
    answers = at_once(lambda _: cupboard.draw(vial, dosing, "60", form_key=key), range(NURSES))
    assert len({each.pk for each in answers}) == 1
    assert (balance(vial), vial.entries.count()) == (440, 2)


def test_raw_rows_written_at_once_break_no_chain(cupboard, dosing, nurses, cast):
    """Around every action and every lock: each has read the same last line, and one is kept."""
    vial = cupboard.vial()
    cupboard.draw(vial, dosing, "440")
    read = threading.Barrier(NURSES)

    def write(nurse):
        last = vial.entries.latest("sequence")
        read.wait(30)
        with transaction.atomic():
            return StockEntry.objects.create(
                vial=vial,
                kind="drawn",
                sequence=last.sequence + 1,
                amount_mg=50,
                change_mg=-50,
                balance_mg=last.balance_mg - 50,
                dosing=dosing,
                address=ADDRESS,
                at=timezone.now(),
                day=cast.clinic.today,
                recorded_by=nurse,
            )

    answers = at_once(write, nurses)
    assert sum(isinstance(each, StockEntry) for each in answers) == 1
    assert sum(isinstance(each, DatabaseError) for each in answers) == NURSES - 1
    assert balance(vial) == 10
    check_chain(vial)


def test_actions_and_raw_rows_at_once_leave_a_chain(cupboard, dosing, nurses, cast):
    """Those who go around the lock guess the number of the next line, and keep trying."""
    vial = cupboard.vial()

    def raw(nurse):
        kept = 0
        for _ in range(10):
            last = vial.entries.latest("sequence")
            if last.balance_mg < 20:
                break
            try:
                with transaction.atomic():
                    StockEntry.objects.create(
                        vial=vial,
                        kind="wasted",
                        sequence=last.sequence + 1,
                        amount_mg=20,
                        change_mg=-20,
                        balance_mg=last.balance_mg - 20,
                        note="x",
                        at=timezone.now(),
                        day=cast.clinic.today,
                        recorded_by=nurse,
                    )
                kept += 1
            except DatabaseError:
                continue
        return kept

    def one(nurse):
        if nurse in nurses[::2]:
            return raw(nurse)
        return cupboard.draw(vial, dosing, "37.5", by=nurse)

    at_once(one, nurses)
    check_chain(vial)
    assert vial.entries.count() > 5


def test_everybody_at_one_vial(cupboard, dosing, nurses, cast):
    """Draws, wastes, counts, corrections and second persons, all at the same moment."""
    vial = cupboard.vial()
    drawn = cupboard.draw(vial, dosing, "100")
    waste, ask = cupboard.rest(drawn, "40"), cupboard.ask(cupboard.waste(vial, "10"))
    acts = [
        lambda nurse: cupboard.draw(vial, dosing, "80", by=nurse),
        lambda nurse: cupboard.waste(vial, "45", by=nurse),
        lambda nurse: cupboard.rest(drawn, "30", by=nurse),
        lambda nurse: cupboard.count({vial: "400"}, by=nurse),
        lambda nurse: cupboard.confirm(waste, by=nurse),
        lambda nurse: cupboard.dispute(ask, by=nurse),
    ]
    order = {nurse: acts[number % len(acts)] for number, nurse in enumerate(nurses)}
    answers = at_once(lambda nurse: order[nurse](nurse), nurses)
    odd = [each for each in answers if not isinstance(each, StockEntry | list | ValidationError)]
    assert odd == []
    check_chain(vial)
    lines = list(vial.entries.all())
    assert sum(line.amount_mg for line in lines if line.about_id == drawn.pk) <= 100
    assert sum(line.kind == "witnessed" for line in lines) == 1
    counts = [line for line in lines if line.kind == "counted"]
    differing = [line.amount_mg - line.balance_mg for line in counts]
    raised = Discrepancy.objects.values_list("difference_mg", flat=True)
    # A difference that waits for an explanation already is not raised again.
    assert sorted(raised) == sorted(set(differing) - {0})


def test_a_difference_is_set_right_once_by_two_prescribers(cupboard, cast):
    vial = cupboard.vial()
    cupboard.count({vial: "490"})
    found = Discrepancy.objects.get()
    second = make_user("Petra Prescriber", Role.PRESCRIBER, cast.clinic)
    act = {cast.prescriber: "one", second: "another"}
    answers = at_once(
        lambda who: cupboard.resolve(found, by=who, explanation=act[who], set_to_count=True), act
    )
    assert sorted(type(each).__name__ for each in answers) == ["Discrepancy", "ValidationError"]
    assert balance(vial) == 490


def test_two_deliveries_at_once_share_no_number(cupboard, nurses, cast):
    at_once(lambda nurse: cupboard.receive(3, by=nurse), nurses[:8])
    rows = StockEntry.objects.filter(kind="received")
    numbers = sorted(rows.values_list("vial__number", flat=True))
    assert numbers == list(range(1, 25))
