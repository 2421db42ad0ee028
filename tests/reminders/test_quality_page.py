"""The quality page and its CSV: who may, for which months, and that both withhold alike."""

import csv
import io
import re

import pytest
import time_machine
from django.urls import reverse

from audit.models import AuditEvent
from kapcare.context import NAVIGATION
from reminders.quality.cells import FEWER
from sessions.enums.outcomes import Instrument
from tests.factories import PASSWORD, utc
from tests.quality import MadeUp

pytestmark = pytest.mark.django_db
URL, CSV = "/quality/", "/quality/csv/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
SPRING = {"first_month": "Mar-2026", "last_month": "2026-05"}


@pytest.fixture
def made_up(cast) -> MadeUp:
    return MadeUp(cast)


@pytest.fixture
def browser(coordinator, signed_in):
    return signed_in(coordinator)


def main(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def rows(answer) -> list[list[str]]:
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def with_few(made_up) -> None:
    """Six clients with remission, three without response."""
    for last in (*[4] * 6, *[20] * 3):
        made_up.course(Instrument.PHQ9, 20, last)


# ------------------------------------------------------------------ who, and for which months
def test_it_is_for_those_who_answer_for_the_clinic(cast, client):
    for name, user in cast.everybody().items():
        may = name in ("prescriber", "coordinator", "administrator")
        client.force_login(user)
        for url, status in ((URL, 200), (CSV, 302)):
            assert client.get(url).status_code == (status if may else 404), (name, url)
        links = NAVIGATION[user.membership.role]
        assert ("reminders:quality" in [route for _, route in links]) == may, name


@time_machine.travel(utc(2026, 3, 1, 3), tick=True)  # still February where the clinic is
def test_without_a_choice_it_is_the_last_twelve_months(browser):
    page = main(browser.get(URL))
    assert 'value="Mar-2025"' in page
    assert 'value="Feb-2026"' in page


@pytest.mark.parametrize(
    ("months", "error"),
    [
        (("Springtime", "May-2026"), "Enter a month such as Jul-2026."),
        (("", "May-2026"), "Enter a month such as Jul-2026."),
        (("Jun-2026", "May-2026"), "It ends before it begins."),
        (("Jun-2026", "May-2036"), "This month has not begun."),
        (("Jun-2036", "May-2037"), "This month has not begun."),
        (("Jun-0206", "May-2026"), "Check the year: 206."),
    ],
)
@time_machine.travel(utc(2026, 8, 1), tick=True)
def test_months_that_make_no_sense(browser, months, error):
    page = main(browser.get(URL, dict(zip(("first_month", "last_month"), months, strict=True))))
    assert error in page
    assert all(f'value="{each}"' in page for each in months if each)
    assert "kc-table" not in page


def test_a_clinic_without_anything_says_why(browser):
    page = main(browser.get(URL, SPRING))
    assert "Nothing to count in these months" in page
    assert "CSV" not in page


# ------------------------------------------------------------------ what may be told
def test_table_and_picture_tell_the_same(browser, made_up):
    for last in (*[4] * 6, *[20] * 5):
        made_up.course(Instrument.PHQ9, 20, last)
    page = main(browser.get(URL, SPRING))
    assert '<th scope="row">No response</th><td class="kc-r" data-l="Clients">5</td>' in page
    assert page.count("No response: 5 (45%)") == 2  # one drawing wide, one narrow
    assert page.count("5 (45%)</text>") == 2
    assert "6 of 11 clients (55%)" in page


def test_a_small_number_is_nowhere_on_the_page_and_nowhere_in_the_csv(browser, made_up):
    with_few(made_up)
    page = main(browser.get(URL, SPRING))
    few = f"{FEWER} clients"
    assert f'No response</th><td class="kc-r" data-l="Clients">{FEWER}</td>' in page
    assert page.count(f"No response: {few}.") == page.count(f"{few}</text>") == 2  # drawn twice
    table = [row for row in rows(taken(browser)) if row[1:2] == ["PHQ-9"]]
    assert [row[2:5] for row in table] == [
        ["Remission, below 5; a response as well", "clients", "6"],
        ["Response without remission", "clients", "0"],
        ["No response", "clients", FEWER],
        ["Total", "clients", "withheld"],
        ["Response", "", "withheld"],
        ["Remission", "", "withheld"],
    ]


def test_page_and_csv_are_the_same_whether_it_is_one_client_or_four(browser, made_up):
    def told() -> tuple[str, list]:
        return TOKEN.sub("", main(browser.get(URL, SPRING))), rows(taken(browser))

    for last in (*[4] * 6, 20):
        made_up.course(Instrument.PHQ9, 20, last)
    with_one = told()
    for _ in range(3):
        made_up.course(Instrument.PHQ9, 20, 20)
    assert told() == with_one
    made_up.course(Instrument.PHQ9, 20, 20)
    assert told() != with_one


def taken(browser):
    answer = browser.post(CSV, SPRING)
    if answer.status_code == 302:
        browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        answer = browser.post(CSV, SPRING)
    return answer


def test_the_csv_asks_for_the_password_says_what_is_counted_and_is_recorded(browser, made_up):
    with_few(made_up)
    assert "reauthenticate" in browser.post(CSV, SPRING).url
    assert not AuditEvent.objects.filter(event="quality.exported").exists()
    table = rows(taken(browser))
    ends = [row[0] for row in table if len(row) == 1]
    assert {len(row) for row in table} == {8, 0, 1}  # the lines of numbers are all as wide
    assert ends[0] == "Northfield Clinic, from 01-Mar-2026 to 31-May-2026"
    assert any(line.startswith("Response and remission: Counts each client once") for line in ends)
    assert ends[-1].startswith("A number about fewer than 5 clients is withheld")
    event = AuditEvent.objects.get(event="quality.exported")
    assert event.organization_id == made_up.clinic.pk
    assert event.detail == {"period": "from 01-Mar-2026 to 31-May-2026"}


def test_a_csv_of_months_that_make_no_sense_is_the_page_with_the_error(browser):
    taken(browser)
    page = main(browser.post(CSV, {**SPRING, "last_month": "Jan-2026"}))
    assert "It ends before it begins." in page
    assert AuditEvent.objects.filter(event="quality.exported").count() == 1
