"""Training and licences as pages: one's own, the clinic's, adding, checking, refusing."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.credentials.actions import check_credential, enter_in_error
from people.enums import OrganizationKind, Role
from people.formats import day
from people.models import Licence, Training
from tests.factories import make_organization, make_user
from tests.people.credentials import in_days, licence, make_current, training

STAFF = {"coordinator", "prescriber", "nurse", "kaptherapist", "administrator"}


def shown(answer) -> str:
    return answer.content.decode()


def licence_data(**changes) -> dict:
    facts = {"kind": "rn", "number": "NY 660318", "issuer": "New York"}
    return {"form_key": uuid4(), **facts, "expires_on": "14-Jul-2027", **changes}


def hours_data(**changes) -> dict:
    facts = {"kind": "didactic", "topic": "The medicine", "hours": "7.5"}
    return {"form_key": uuid4(), **facts, "completed_on": "05-Jan-2026", **changes}


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("people:own", STAFF),
        ("people:staff", {"prescriber", "administrator"}),
        ("people:person", {"nurse", "prescriber", "administrator"}),
        ("people:add_licence", {"nurse", "administrator"}),
        ("people:add_training", {"nurse", "administrator"}),
    ],
)
def test_who_opens_what(name, allowed, cast, signed_in):
    args = [] if name in ("people:own", "people:staff") else [cast.nurse.pk]
    for who, user in cast.everybody().items():
        answer = signed_in(user).get(reverse(name, args=args))
        assert answer.status_code == (200 if who in allowed else 404), who


def test_nothing_of_another_clinics_is_there(cast, nurse, signed_in):
    row = licence(nurse, in_days(nurse, 9))
    clinic = make_organization("Second Clinic", OrganizationKind.CLINIC)
    browser = signed_in(make_user("Ed Elsewhere", Role.ADMINISTRATOR, clinic))
    for name in ("person", "add_licence", "add_training"):
        assert browser.get(reverse(f"people:{name}", args=[nurse.pk])).status_code == 404
    for name in ("check_licence", "wrong_licence"):
        assert browser.post(reverse(f"people:{name}", args=[row.pk])).status_code == 404
    assert row.number not in shown(browser.get(reverse("people:staff")))


def test_an_empty_file_says_what_to_add(nurse, prescriber, signed_in):
    page = shown(signed_in(nurse).get(reverse("people:own")))
    assert "No licence is on file" in page
    assert reverse("people:add_licence", args=[nurse.pk]) in page
    assert "Missing: a licence in force, 8 h didactic, 20 h observation" in page
    theirs = shown(signed_in(prescriber).get(reverse("people:person", args=[nurse.pk])))
    assert "They add it themselves" in theirs
    assert reverse("people:add_licence", args=[nurse.pk]) not in theirs


def test_a_nurse_adds_and_a_prescriber_checks(nurse, prescriber, signed_in):
    browser = signed_in(nurse)
    add = reverse("people:add_licence", args=[nurse.pk])
    assert browser.post(add, licence_data()).url == reverse("people:own")
    page = shown(browser.get(reverse("people:own")))
    assert "Not checked yet" in page
    assert "Mark as checked" not in page
    row, other = Licence.objects.get(), signed_in(prescriber)
    assert "NY 660318" in shown(other.get(reverse("people:person", args=[nurse.pk])))
    answer = other.post(reverse("people:check_licence", args=[row.pk]), follow=True)
    assert "Checked: RN, New York." in shown(answer)
    assert f"by {prescriber}" in shown(answer)
    assert "Mark as checked" not in shown(answer)


def test_nobody_checks_their_own(prescriber, signed_in):
    row = licence(prescriber, in_days(prescriber, 9))
    browser = signed_in(prescriber)
    assert "Mark as checked" not in shown(browser.get(reverse("people:own")))
    answer = browser.post(reverse("people:check_licence", args=[row.pk]), follow=True)
    assert "Somebody else has to check" in shown(answer)
    row.refresh_from_db()
    assert row.checked_at is None


def test_an_administrator_adds_for_others(nurse, administrator, signed_in):
    add = reverse("people:add_training", args=[nurse.pk])
    answer = signed_in(administrator).post(add, hours_data())
    assert answer.url == reverse("people:person", args=[nurse.pk])
    row = Training.objects.get()
    assert (row.person, row.checked_by, str(row.hours)) == (nurse, administrator, "7.50")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hours": "0"}, "more than 0 and at most 500"),
        ({"hours": "501"}, "more than 0 and at most 500"),
        ({"hours": "many"}, "such as 12 or 7.5"),
        ({"hours": "NaN"}, "such as 12 or 7.5"),
        ({"completed_on": "05-Jan-2099"}, "still to come"),
        ({"expires_on": "05-Jan-2025"}, "before the training was completed"),
        ({"topic": "x" * 121}, "at most 120"),
        ({"kind": ""}, "Choose the kind"),
    ],
)
def test_bad_input_names_its_field_and_is_kept(nurse, signed_in, changes, words):
    add = reverse("people:add_training", args=[nurse.pk])
    answer = signed_in(nurse).post(add, hours_data(**changes))
    assert answer.status_code == 200
    assert words in shown(answer)
    assert "Please correct this" in shown(answer)
    assert next(iter(changes.values())) in shown(answer)
    assert not Training.objects.exists()


def test_an_entry_in_error_stays_with_its_reason(nurse, signed_in):
    row, browser = training(nurse, date(2026, 1, 5)), signed_in(nurse)
    wrong = reverse("people:wrong_training", args=[row.pk])
    assert "counts no more" in shown(browser.get(wrong))
    assert "required" in shown(browser.post(wrong, {"reason": ""}))
    page = shown(browser.post(wrong, {"reason": "Counted twice"}, follow=True))
    assert "Entered in error" in page
    assert "Counted twice" in page
    assert wrong not in page
    assert browser.get(wrong).url == reverse("people:own")


def test_the_clinics_list_says_who_is_current_what_lapses_and_what_waits(cast, signed_in):
    soon = in_days(cast.nurse, 30)
    make_current(cast.nurse, cast.administrator, soon)
    mine = licence(cast.kaptherapist, in_days(cast.nurse, 300), kind="lmft")
    wrong = licence(cast.kaptherapist, in_days(cast.nurse, 300), kind="lpc")
    enter_in_error(by=cast.kaptherapist, row=wrong, reason="Twice")
    page = shown(signed_in(cast.administrator).get(reverse("people:staff")))
    lapses, waits, everybody = (
        page.index(f'id="{k}"') for k in ("lapsing", "waiting", "everybody")
    )
    assert day(soon) in page[lapses:waits]
    assert "30 days left" in page[lapses:waits]
    assert str(mine) in page[waits:everybody]
    assert str(wrong) not in page
    assert "Missing: a licence in force" in page[everybody:]
    assert page[everybody:].index("Nora Nurse") < page[everybody:].index("Kai Kaptherapist")


def test_a_clinic_without_anybody_beside_clients_says_so(db, signed_in):
    clinic = make_organization("New Clinic", OrganizationKind.CLINIC)
    page = signed_in(make_user("Al First", Role.ADMINISTRATOR, clinic)).get(reverse("people:staff"))
    assert "Nobody is here yet" in shown(page)


def test_the_list_asks_as_often_however_many_work_there(cast, signed_in):
    browser, address = signed_in(cast.administrator), reverse("people:staff")

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            browser.get(address)
        return len(found)

    make_current(cast.nurse, cast.administrator, in_days(cast.nurse, 30))
    browser.get(address)
    before = queries()
    make_current(cast.kaptherapist, cast.administrator, in_days(cast.nurse, 30))
    licence(cast.prescriber, in_days(cast.nurse, 9))
    check_credential(by=cast.administrator, row=licence(cast.prescriber, in_days(cast.nurse, 9)))
    assert queries() == before <= 8
