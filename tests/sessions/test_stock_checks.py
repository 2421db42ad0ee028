"""The drug log looked at twice: second persons, corrections, counts, discrepancies."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from sessions.models import StockEntry
from sessions.stock import account_of, counts_of, open_discrepancies, waiting_for_second_person
from tests.factories import make_user
from tests.stock import Cupboard, balance, events, kinds, refused

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def cupboard(cast) -> Cupboard:
    return Cupboard(cast)


@pytest.fixture
def planned(case, episode):
    return case.plan(timezone.now() + HOUR)


# ---------------------------------------------------------------- the second person


def test_nobody_confirms_their_own_waste_and_one_answer_is_enough(cupboard, cast):
    waste = cupboard.waste(cupboard.vial())
    assert list(waiting_for_second_person(cast.clinic)) == [waste]
    with pytest.raises(PermissionDenied, match="second person"):
        cupboard.confirm(waste, by=cast.nurse)
    with pytest.raises(PermissionDenied, match="second person"):
        cupboard.dispute(waste, by=cast.nurse)
    cupboard.confirm(waste, by=cast.kaptherapist)
    assert not waiting_for_second_person(cast.clinic)
    refused(None, cupboard.confirm, waste)
    refused(None, cupboard.dispute, waste)


def test_a_waste_that_nobody_saw_is_a_discrepancy(cupboard, cast):
    vial = cupboard.vial()
    waste = cupboard.waste(vial, "20")
    refused("note", cupboard.dispute, waste, note=" ")
    cupboard.dispute(waste)
    [found] = open_discrepancies(cast.clinic)
    assert (found.difference_mg, found.words, balance(vial)) == (-20, "20 mg missing", 480)
    assert not waiting_for_second_person(cast.clinic)


def test_a_mistaken_entry_is_taken_back_by_a_second_person(cupboard, planned, cast):
    vial = cupboard.vial()
    drawn = cupboard.draw(vial, planned, "500")
    ask = cupboard.ask(drawn)
    assert balance(vial) == 0  # until somebody agrees, it stands
    refused(None, cupboard.ask, drawn)
    with pytest.raises(PermissionDenied):
        cupboard.confirm(ask, by=cast.nurse)
    cupboard.confirm(ask)
    assert balance(vial) == 500
    assert account_of(planned).drawn == 0
    refused(None, cupboard.ask, drawn)
    assert kinds(vial) == ["received", "drawn", "asked", "corrected"]


def test_a_correction_that_is_refused_may_be_asked_for_again(cupboard, planned, cast):
    vial = cupboard.vial()
    drawn = cupboard.draw(vial, planned)
    first = cupboard.ask(drawn)
    cupboard.dispute(first)
    assert balance(vial) == 440
    assert not open_discrepancies(cast.clinic)
    refused(None, cupboard.confirm, first)
    cupboard.confirm(cupboard.ask(drawn))
    assert balance(vial) == 500


def test_what_others_rest_on_is_not_taken_back_first(cupboard, planned):
    vial = cupboard.vial()
    received, drawn = vial.entries.get(), cupboard.draw(vial, planned)
    assert "no longer holds" in refused(None, cupboard.ask, received)
    waste = cupboard.rest(drawn)
    assert "was wasted" in refused(None, cupboard.ask, drawn)
    for entry in (waste, drawn, received):
        cupboard.confirm(cupboard.ask(entry))
    assert balance(vial) == 0
    [count] = cupboard.count({vial: "0"})
    assert "Count the vial again" in refused(None, cupboard.ask, count)


def test_a_vial_drawn_from_meanwhile_keeps_what_was_asked_for(cupboard, planned):
    """The correction of a delivery waits; then somebody draws: it can no longer be taken back."""
    vial = cupboard.vial()
    ask = cupboard.ask(vial.entries.get())
    cupboard.draw(vial, planned)
    assert "no longer holds" in refused(None, cupboard.confirm, ask)


# ---------------------------------------------------------------- counts


def test_a_difference_is_raised_and_one_that_is_right_is_not(cupboard, cast, clinic):
    right, short = cupboard.receive(2)
    cupboard.count({right: "500", short: "487.5"})
    [found] = open_discrepancies(clinic)
    assert (found.entry.vial, found.difference_mg) == (short, Decimal("-12.5"))
    assert balance(short) == 500  # the book stays as it is until somebody explains it
    assert set(counts_of(clinic, clinic.today)) == {"open"}
    assert "discrepancy.raised" in events()


@pytest.mark.parametrize(
    "changes", [{"found": {}}, {"occasion": "never"}, {"found": None, "mg": "-1"}]
)
def test_a_count_that_cannot_be_is_refused(cupboard, changes):
    vial = cupboard.vial()
    mg = changes.pop("mg", "500")
    found = changes.pop("found", None)
    refused(None, cupboard.count, {vial: mg} if found is None else found, **changes)
    assert not StockEntry.objects.filter(kind="counted").exists()


def test_a_discrepancy_is_closed_by_a_prescriber_who_did_not_count(cupboard, cast, clinic):
    vial = cupboard.vial()
    cupboard.count({vial: "490"}, by=cast.prescriber)
    [found] = open_discrepancies(clinic)
    with pytest.raises(PermissionDenied, match="Another prescriber"):
        cupboard.resolve(found)
    with pytest.raises(PermissionDenied, match="Only a prescriber"):
        cupboard.resolve(found, by=cast.nurse)
    second = make_user("Petra Prescriber", "prescriber", clinic)
    refused("finding", cupboard.resolve, found, by=second, finding="")
    refused("explanation", cupboard.resolve, found, by=second, explanation=" ")
    done = cupboard.resolve(found, by=second, set_to_count=True)
    assert (balance(vial), done.resolved_by) == (490, second)
    assert kinds(vial)[-1] == "adjusted"
    assert not open_discrepancies(clinic)
    again = cupboard.resolve(found, by=second, set_to_count=True)  # the same form once more
    assert (again.resolved_at, balance(vial)) == (done.resolved_at, 490)
    assert "closed this already" in refused(
        None, cupboard.resolve, found, by=second, explanation="Another story"
    )


def test_what_is_lost_is_closed_with_the_day_of_the_notice(cupboard, clinic):
    cupboard.count({cupboard.vial(): "0"})
    [found] = open_discrepancies(clinic)
    refused("notice_sent_on", cupboard.resolve, found, finding="lost")
    ahead = clinic.today + 2 * DAY
    refused("notice_sent_on", cupboard.resolve, found, finding="lost", notice_sent_on=ahead)
    done = cupboard.resolve(found, finding="lost", notice_sent_on=clinic.today)
    assert done.notice_sent_on == clinic.today


def test_a_balance_is_not_set_to_a_count_that_later_entries_explain(cupboard, planned, clinic):
    vial = cupboard.vial(at=timezone.now() - 2 * HOUR)
    cupboard.count({vial: "440"})
    [found] = open_discrepancies(clinic)
    cupboard.draw(vial, planned, "60", at=timezone.now() - HOUR)  # forgotten, entered late
    assert "again" in refused("set_to_count", cupboard.resolve, found, set_to_count=True)
    cupboard.resolve(found, finding="not_recorded")
    assert balance(vial) == 440


def test_a_balance_is_not_set_twice_for_one_difference(cupboard, clinic):
    vial = cupboard.vial()
    cupboard.count({vial: "490"})
    cupboard.count({vial: "490"}, occasion="close")  # the same difference, still open: raised once
    cupboard.count({vial: "489"}, occasion="close")
    older, newer = open_discrepancies(clinic)
    refused("set_to_count", cupboard.resolve, older, set_to_count=True)
    cupboard.resolve(newer, set_to_count=True)
    cupboard.resolve(older, finding="miscounted")
    assert balance(vial) == 489


def test_a_disputed_waste_has_no_count_to_set_the_balance_to(cupboard, cast, clinic):
    cupboard.dispute(cupboard.waste(cupboard.vial()), by=cast.kaptherapist)
    [found] = open_discrepancies(clinic)
    refused("set_to_count", cupboard.resolve, found, set_to_count=True)
