"""The drug log on the screen: contents, refusals, and what was typed stays."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.formats import day
from sessions.models import Discrepancy, StockEntry, Vial
from tests.factories import make_organization, make_user
from tests.stock import Cupboard, balance, kinds, stocked

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LOG = "/care/stock/"


@pytest.fixture
def cupboard(cast) -> Cupboard:
    return Cupboard(cast)


@pytest.fixture
def dosing(case, episode):
    return case.plan(timezone.now() + DAY)


@pytest.fixture
def nurse(cast, signed_in):
    return signed_in(cast.nurse)


@pytest.fixture
def prescriber(cast, signed_in):
    return signed_in(cast.prescriber)


def shown(response) -> str:
    return response.content.decode()


def url(name: str, *args) -> str:
    return reverse(f"care:{name}", args=args)


def delivery(**changes) -> dict:
    return {
        "form_key": uuid4(),
        "drug": "ketamine",
        "formulation": "injection",
        "strength_mg": "50",
        "size": "10",
        "how_many": "3",
        "lot": "A17",
        "expires_on": day(timezone.localdate() + 90 * DAY),
        "supplier": "Hudson Medical Supply",
        **changes,
    }


# ---------------------------------------------------------------- the log


def test_an_empty_log_says_how_it_begins(nurse, cast, signed_in):
    page = shown(nurse.get(LOG))
    assert "Nothing is in stock" in page
    assert url("stock_receive") in page
    reader = shown(signed_in(cast.kaptherapist).get(LOG))
    assert "Nothing is in stock" in reader
    assert url("stock_receive") not in reader


def test_the_log_shows_balances_lines_and_what_is_to_settle(cupboard, case, dosing, prescriber):
    vial, drawn, discrepancy = stocked(case.cast, dosing)
    page = shown(prescriber.get(LOG))
    for words in (
        "Ketamine hydrochloride, solution for injection, 50 mg/ml",
        "<b>440 mg</b>",
        "<b>−60 mg</b>",
        "Waits for a second person",
        "10 mg missing",
        "not accounted for",
        str(case.client),
    ):
        assert words in page, words
    assert url("discrepancy", discrepancy.pk) in page
    assert url("stock_entry", drawn.pk) in page
    assert ">Drug log</a>" in page


def test_the_log_is_filtered_by_vial_and_day_and_keeps_what_was_typed(cupboard, nurse):
    cupboard.receive(2)
    assert shown(nurse.get(LOG)).count("Hudson") == 0
    assert shown(nurse.get(f"{LOG}?vial=2")).count("<b>Received</b>") == 1
    today, tomorrow = day(timezone.localdate()), day(timezone.localdate() + DAY)
    assert shown(nurse.get(f"{LOG}?first_day={today}")).count("<b>Received</b>") == 2
    nothing = shown(nurse.get(f"{LOG}?first_day={tomorrow}"))
    assert "Nothing matches these filters" in nothing
    wrong = shown(nurse.get(f"{LOG}?first_day=soon&vial=none"))
    assert "Enter a date such as" in wrong
    assert 'value="soon"' in wrong
    assert "<b>Received</b>" not in wrong


def test_a_long_log_comes_in_pages_and_asks_no_more_for_more(cupboard, nurse, dosing):
    vial = cupboard.vial()
    for _ in range(3):
        cupboard.rest(cupboard.draw(vial, dosing, "1"), "1")
    nurse.get(LOG)
    with CaptureQueriesContext(connection) as few:
        nurse.get(LOG)
    for _ in range(24):
        cupboard.rest(cupboard.draw(vial, dosing, "1"), "1")
    with CaptureQueriesContext(connection) as many:
        page = nurse.get(LOG)
    assert len(many) == len(few)
    assert len(page.context["entries"]) == 50
    older = page.context["older"]
    rest = nurse.get(f"{LOG}?before={older}").context
    assert (len(rest["entries"]), rest["older"]) == (5, None)
    assert rest["entries"][0].pk < older


def test_another_clinic_sees_nothing_of_it(cupboard, dosing, case, signed_in):
    vial, drawn, discrepancy = stocked(case.cast, dosing)
    other = signed_in(
        make_user("Otto Other", "prescriber", make_organization("Southfield Clinic", "clinic"))
    )
    assert "Nothing is in stock" in shown(other.get(LOG))
    assert "No entry" in shown(other.get(f"{LOG}?vial={vial.number}"))
    for address in (
        url("stock_entry", drawn.pk),
        url("stock_rest", drawn.pk),
        url("stock_correct", drawn.pk),
        url("stock_waste", vial.pk),
        url("discrepancy", discrepancy.pk),
        url("draw", dosing.pk),
    ):
        assert other.get(address).status_code == other.post(address).status_code == 404


# ---------------------------------------------------------------- the forms


def test_receiving_vials(nurse):
    address, data = url("stock_receive"), delivery()
    wrong = shown(nurse.post(address, {**data, "how_many": "0", "expires_on": "soon"}))
    assert "Enter a number from 1 to 100 vials." in wrong
    assert "Enter a date such as" in wrong
    assert 'value="Hudson Medical Supply"' in wrong
    assert not Vial.objects.exists()
    for _ in range(2):
        answer = nurse.post(address, data, follow=True)
        assert "Write the numbers 1 to 3 on the vials." in shown(answer)
    assert Vial.objects.count() == 3
    past = shown(nurse.post(address, delivery(expires_on=day(timezone.localdate() - 2 * DAY))))
    assert "This day has passed" in past


def test_drawing_asks_for_the_vial_the_amount_and_once_for_the_address(
    cupboard, nurse, dosing, cast
):
    address = url("draw", dosing.pk)
    assert "There is no vial to draw from" in shown(nurse.get(address))
    vial = cupboard.vial()
    data = {"form_key": uuid4(), "vial": vial.pk, "amount_mg": "600", "address": "7 Elm Road"}
    page = shown(nurse.post(address, data))
    assert "Vial 1 holds 500 mg. Enter no more." in page
    assert 'value="600"' in page
    assert "Choose the vial in your hand." in shown(nurse.post(address, {**data, "vial": ""}))
    for _ in range(2):
        answer = nurse.post(address, {**data, "amount_mg": "500"})
        assert answer.url == url("dosing", dosing.pk)  # twice: the second finds the vial empty
    assert kinds(vial) == ["received", "drawn"]
    cupboard.vial()
    assert 'value="7 Elm Road"' in shown(nurse.get(address))
    assert "no longer" not in shown(nurse.get(address))
    expired = Vial.objects.create(
        **{
            **{name: getattr(vial, name) for name in ("drug", "formulation", "supplier", "lot")},
            "strength_mg": 50,
            "size": 10,
            "clinic": cast.clinic,
            "number": 9,
            "expires_on": cast.clinic.today - DAY,
        }
    )
    assert str(expired) not in shown(nurse.get(address))


def test_the_flow_sheet_says_what_became_of_what_was_drawn(
    cupboard, case, dosing, nurse, cast, signed_in
):
    sheet = url("dosing", dosing.pk)
    assert "Nothing is drawn yet." in shown(nurse.get(sheet))
    assert url("draw", dosing.pk) in shown(nurse.get(sheet))
    drawn = cupboard.draw(cupboard.vial(), dosing, "60")
    assert "60 mg drawn, not given yet." in shown(nurse.get(sheet))
    assert url("stock_rest", drawn.pk) in shown(nurse.get(sheet))
    waste = cupboard.rest(drawn, "60")
    assert "The waste is to be confirmed." in shown(nurse.get(sheet))
    cupboard.confirm(waste)
    assert "All accounted for" in shown(nurse.get(sheet))
    reader = shown(signed_in(cast.kaptherapist).get(sheet))
    assert "Drawn for this dose" in reader
    assert url("draw", dosing.pk) not in reader
    assert "Drawn for this dose" not in shown(signed_in(cast.coordinator).get(sheet))


def test_wasting_the_rest_of_a_draw_and_what_is_in_a_vial(cupboard, dosing, nurse):
    vial = cupboard.vial()
    drawn = cupboard.draw(vial, dosing, "60")
    rest = url("stock_rest", drawn.pk)
    assert "60 mg of it are neither given nor wasted." in shown(nurse.get(rest))
    assert "At most 60 mg" in shown(nurse.post(rest, {"form_key": uuid4(), "amount_mg": "61"}))
    nurse.post(rest, {"form_key": uuid4(), "amount_mg": "10"})
    waste = url("stock_waste", vial.pk)
    data = {"form_key": uuid4(), "amount_mg": "40", "note": ""}
    page = shown(nurse.post(waste, data))
    assert 'value="40"' in page
    assert nurse.post(waste, {**data, "note": "Left over"}).url == LOG
    assert (balance(vial), kinds(vial)) == (400, ["received", "drawn", "wasted", "wasted"])


def test_a_second_person_confirms_as_themselves(cupboard, dosing, nurse, cast, signed_in):
    waste = cupboard.waste(cupboard.vial())
    address, yes = url("stock_entry", waste.pk), {"form_key": uuid4(), "answer": "yes"}
    own = shown(nurse.get(address))
    assert "You recorded this. A second person confirms it" in own
    assert nurse.post(address, yes).status_code == 403
    second = signed_in(cast.kaptherapist)
    assert "I saw it wasted" in shown(second.get(address))
    refused = shown(second.post(address, {"form_key": uuid4(), "answer": "no", "note": " "}))
    assert "Say what you saw" in refused
    for _ in range(2):
        assert second.post(address, yes).url == LOG
    done = shown(nurse.get(address))
    assert "Kai Kaptherapist" in done
    assert "I saw it wasted" not in shown(second.get(address))
    assert kinds(waste.vial)[-1] == "witnessed"


def test_a_mistake_is_asked_about_and_taken_back(cupboard, dosing, nurse, prescriber):
    drawn = cupboard.draw(cupboard.vial(), dosing, "500")
    assert url("stock_correct", drawn.pk) in shown(nurse.get(url("stock_entry", drawn.pk)))
    ask = url("stock_correct", drawn.pk)
    nurse.post(ask, {"form_key": uuid4(), "note": "50, not 500"})
    asked = StockEntry.objects.get(kind="asked")
    page = shown(prescriber.get(url("stock_entry", asked.pk)))
    assert "changes by +500 mg" in page
    prescriber.post(url("stock_entry", asked.pk), {"form_key": uuid4(), "answer": "yes"})
    assert balance(drawn.vial) == 500
    assert "A mistake, taken back by 1/4" in shown(nurse.get(LOG))
    assert ask not in shown(nurse.get(url("stock_entry", drawn.pk)))


def test_a_count_does_not_show_the_balance_and_wants_every_vial(cupboard, dosing, nurse):
    one, two = cupboard.receive(2)
    cupboard.draw(one, dosing, "36.2")
    address = url("stock_count")
    page = shown(nurse.get(address))
    assert "463.8" not in page
    assert "9.276" not in page
    data = {"form_key": uuid4(), "occasion": "open", f"left_{one.pk}": "9.276"}
    refused = shown(nurse.post(address, data))
    assert "Vial 2: enter what is left" in refused
    assert 'value="9.276"' in refused
    both = {**data, f"left_{two.pk}": "1", f"full_{two.pk}": "on"}
    assert "Vial 2: either full, or what is left." in shown(nurse.post(address, both))
    for _ in range(2):
        answer = nurse.post(address, {**data, f"full_{two.pk}": "on"}, follow=True)
    assert "Counted: everything is there." in shown(answer)
    assert StockEntry.objects.filter(kind="counted").count() == 2
    single = {"form_key": uuid4(), "occasion": "close", f"left_{two.pk}": "9.9"}
    answer = nurse.post(f"{address}?vial=2", single, follow=True)
    assert "1 of 1 differ" in shown(answer)
    assert Discrepancy.objects.get().difference_mg == -5
    assert "at opening <span" in shown(answer)


def test_a_discrepancy_is_closed_on_its_page(cupboard, nurse, prescriber):
    vial = cupboard.vial()
    cupboard.count({vial: "490"})
    found = Discrepancy.objects.get()
    address = url("discrepancy", found.pk)
    assert "Only a prescriber can close a discrepancy." in shown(nurse.get(address))
    page = shown(prescriber.get(address))
    assert "written notice to the DEA within one business day" in page
    assert "The count was right: change it by −10 mg" in page
    data = {"finding": "lost", "explanation": "Looked everywhere", "set_to_count": "yes"}
    refused = shown(prescriber.post(address, data))
    assert "Enter the day on which the written notice went" in refused
    assert "Looked everywhere" in refused
    assert nurse.post(address, data).status_code == 403
    prescriber.post(address, {**data, "notice_sent_on": day(timezone.localdate())})
    assert balance(vial) == 490
    assert "Stolen, or a significant loss" in shown(nurse.get(address))
    assert "To settle" not in shown(nurse.get(LOG))
