"""The drug log: what each act does to a balance, who may do it, and what is refused."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from people.formats import initials
from people.models import Organization
from sessions.actions import dosing as doses
from sessions.actions.giving import give_dose
from sessions.models import Discrepancy, StockEntry, Vial
from sessions.stock import (
    account_of,
    doses_to_account_for,
    drawable,
    notice_due,
    products,
)
from tests.factories import make_organization, make_user
from tests.stock import Cupboard, balance, events, kinds, label, refused

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def cupboard(cast) -> Cupboard:
    return Cupboard(cast)


@pytest.fixture
def planned(case, episode):
    return case.plan(timezone.now() + HOUR)


# ---------------------------------------------------------------- in and out


def test_a_vial_from_the_delivery_to_the_last_drop(cupboard, planned, case):
    vial = cupboard.vial()
    assert (vial.contents_mg, balance(vial), vial.strength) == (500, 500, "50 mg/ml")
    drawn = cupboard.draw(vial, planned, "60")
    assert balance(vial) == 440
    rest = cupboard.rest(drawn, "10")
    assert balance(vial) == 440  # it left the vial when it was drawn
    cupboard.confirm(rest)
    cupboard.waste(vial, "440", note="Past its date, into the disposal jar")
    assert balance(vial) == 0
    assert kinds(vial) == ["received", "drawn", "wasted", "witnessed", "wasted"]
    assert events() == [f"stock.{kind}" for kind in kinds(vial)]
    of_client = AuditEvent.objects.get(event="stock.drawn")
    assert (of_client.client_id, of_client.detail) == (case.client.pk, {})


def test_vials_of_one_delivery_have_numbers_of_their_own(cupboard):
    key = uuid4()
    first = cupboard.receive(3, form_key=key)
    assert [vial.number for vial in first] == [1, 2, 3]
    assert cupboard.receive(3, form_key=key) == first
    assert [vial.number for vial in cupboard.receive(2)] == [4, 5]
    assert StockEntry.objects.filter(kind="received").count() == Vial.objects.count() == 5


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"how_many": 0}, "how_many"),
        ({"how_many": 101}, "how_many"),
        ({"expires_on": timezone.localdate() - 2 * DAY}, "expires_on"),
        ({"lot": ""}, "lot"),
        ({"at": timezone.now() + HOUR}, "at"),
        ({"at": timezone.now() - 32 * DAY}, "at"),
    ],
)
def test_a_delivery_that_cannot_be_is_refused(cupboard, changes, field):
    refused(field, cupboard.receive, **changes)
    assert not Vial.objects.exists()


def test_a_draw_is_for_a_dose_of_the_clinic_from_what_is_there(cupboard, planned, cast, case):
    vial = cupboard.vial()
    assert "holds 500 mg" in refused("amount_mg", cupboard.draw, vial, planned, "500.01")
    refused("amount_mg", cupboard.draw, vial, planned, "0")
    refused("amount_mg", cupboard.draw, vial, planned, "-5")
    refused("amount_mg", cupboard.draw, vial, planned, "1.005")
    refused("address", cupboard.draw, vial, planned, address="  ")
    refused("at", cupboard.draw, vial, planned, at=timezone.now() - HOUR)
    elsewhere = make_organization("Southfield Clinic", "clinic")
    other = make_user("Otto Other", "nurse", elsewhere)
    foreign = cupboard.vial(by=other, clinic=elsewhere)
    refused("vial", cupboard.draw, foreign, planned)
    doses.cancel_dose(by=cast.prescriber, dosing=planned)
    refused(None, cupboard.draw, vial, planned)
    assert kinds(vial) == ["received"]


def test_an_expired_vial_is_not_drawn_from_but_a_draw_of_its_last_day_may_be_late(
    cupboard, planned, clinic
):
    import time_machine

    vial = cupboard.vial(expires_on=clinic.today, at=timezone.now() - HOUR / 60)
    last_day = timezone.now()
    assert vial in drawable(clinic, clinic.today, 9)
    with time_machine.travel(timezone.now() + 2 * DAY):
        assert vial not in drawable(clinic, clinic.today, 9)
        assert "expired on" in refused("vial", cupboard.draw, vial, planned)
        assert cupboard.draw(vial, planned, at=last_day).late
        cupboard.waste(vial, "440")


def test_the_rest_of_a_draw_is_what_was_neither_given_nor_wasted(cupboard, case, planned, cast):
    one, two = cupboard.receive(2)
    first, second = cupboard.draw(one, planned, "40"), cupboard.draw(two, planned, "20")
    order = case.make_ready(planned)
    given = give_dose(by=cast.nurse, dosing=planned, order=order, given_at=timezone.now())
    assert "At most 10 mg" in refused("amount_mg", cupboard.rest, second, "10.5")
    waste = cupboard.rest(second, "10")
    refused("amount_mg", cupboard.rest, first, "0.01")
    account = account_of(given)
    assert (account.drawn, account.given, account.wasted, account.rest) == (60, 50, 10, 0)
    assert account.waits
    cupboard.confirm(waste)
    assert not account_of(given).waits
    assert doses_to_account_for(cast.clinic, timezone.now()) == []


def test_a_dose_given_without_a_draw_is_to_be_accounted_for(cupboard, case, episode, clinic):
    case.give(hours_ago=3)
    assert doses_to_account_for(clinic, timezone.now()) == []  # no stock is kept here yet
    cupboard.receive(at=timezone.now() - 4 * HOUR)
    [sums] = doses_to_account_for(clinic, timezone.now())
    assert (sums.dosing, sums.over) == (case.dosing, 50)


def test_what_waits_for_an_open_syringe_of_a_cancelled_dose(cupboard, planned, cast):
    drawn = cupboard.draw(cupboard.vial(), planned, "30")
    refused(None, cupboard.rest, drawn.vial.entries.get(kind="received"))
    doses.cancel_dose(by=cast.prescriber, dosing=planned)
    [sums] = doses_to_account_for(cast.clinic, timezone.now())
    assert sums.rest == 30
    cupboard.rest(drawn, "30")
    assert doses_to_account_for(cast.clinic, timezone.now()) == []


# ---------------------------------------------------------------- the same form twice


def test_every_form_sent_twice_is_one_entry(cupboard, planned, cast):
    vial, k = cupboard.vial(), [uuid4() for _ in range(8)]
    for _ in range(2):
        drawn = cupboard.draw(vial, planned, "60", form_key=k[0])
        waste = cupboard.waste(vial, "40", form_key=k[1])
        rest = cupboard.rest(drawn, "60", form_key=k[2])
        cupboard.count({vial: "400"}, form_key=k[3])
        cupboard.confirm(waste, form_key=k[4])
        cupboard.dispute(rest, form_key=k[5])
        ask = cupboard.ask(waste, form_key=k[6])
    assert [cupboard.confirm(ask, form_key=k[7]) for _ in range(2)]
    once = ("received", "drawn", "wasted", "wasted", "counted", "witnessed", "disputed", "asked")
    assert kinds(vial) == [*once, "corrected"]
    with pytest.raises(ValidationError, match="used already"):
        cupboard.waste(vial, "1", form_key=k[0])


# ---------------------------------------------------------------- who


def test_who_keeps_the_log(cupboard, cast, planned):
    vial = cupboard.vial()
    drawn = cupboard.draw(vial, planned)
    writes = {"prescriber", "nurse"}
    for name, user in cast.everybody().items():
        if name in writes:
            continue
        for attempt in (
            lambda by: cupboard.receive(by=by),
            lambda by: cupboard.draw(vial, planned, by=by),
            lambda by: cupboard.waste(vial, by=by),
            lambda by: cupboard.rest(drawn, by=by),
            lambda by: cupboard.count({vial: "1"}, by=by),
            lambda by: cupboard.ask(drawn, by=by),
        ):
            with pytest.raises(PermissionDenied):
                attempt(user)
        if name != "kaptherapist":
            with pytest.raises(PermissionDenied):
                cupboard.confirm(drawn, by=user)
    assert kinds(vial) == ["received", "drawn"]


def test_who_reads_the_log(cupboard, cast):
    cupboard.vial()
    reads = {"prescriber", "nurse", "kaptherapist"}
    for name, user in cast.everybody().items():
        for rows in (Vial.objects, StockEntry.objects):
            assert rows.at_clinic_of(user).exists() is (name in reads), name


# ---------------------------------------------------------------- sums and small rules


def test_what_is_in_stock_by_product(cupboard, clinic, planned):
    one, two = cupboard.receive(2)
    strong = cupboard.vial(strength_mg=Decimal(100), size=Decimal(5))
    spray = cupboard.vial(
        drug="esketamine", formulation="nasal_spray", strength_mg=Decimal(28), size=Decimal(1)
    )
    cupboard.draw(one, planned, "36.2")
    cupboard.waste(strong, "500")
    found = products(clinic, clinic.today)
    assert [(p.name, p.vials, p.mg) for p in found] == [
        ("Esketamine, nasal spray, 28 mg/spray", 1, 28),
        ("Ketamine hydrochloride, solution for injection, 50 mg/ml", 2, Decimal("963.8")),
    ]
    offered = list(drawable(clinic, clinic.today, 9))
    assert offered[0] == one  # what is open comes first
    assert set(offered) == {one, two, spray}
    assert one.in_units(Decimal("463.8")) == "9.276 ml"
    assert spray.in_units(Decimal(56)) == "2 sprays"


@pytest.mark.parametrize(
    ("found", "due"),
    [("2026-07-13", "2026-07-14"), ("2026-07-17", "2026-07-20"), ("2026-07-18", "2026-07-20")],
)
def test_a_loss_is_notified_on_the_next_business_day(found, due):
    from datetime import date

    assert notice_due(date.fromisoformat(found)) == date.fromisoformat(due)


def test_initials():
    assert initials("Nora Nurse") == "NN"
    assert initials("Jean van der Berg") == "JVD"


def test_a_vial_of_one_clinic_has_the_same_number_as_one_of_another(cupboard, clinic):
    elsewhere = Organization.objects.create(name="Southfield Clinic", kind="clinic")
    other = make_user("Otto Other", "nurse", elsewhere)
    assert cupboard.vial(by=other, clinic=elsewhere).number == cupboard.vial().number == 1
    assert not Discrepancy.objects.exists()
    assert label()["lot"] == "A17"
