"""The clinic's day: what blocks a dose, open windows, notes to sign, what was missed."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent.enums import Category as C
from consent.models import Disclosure, TreatmentConsent
from referrals.models import Referral
from reminders.delivery import sweep
from reminders.models import Reminder
from reminders.today import doses_today, windows
from sessions.enums import ClearanceResult
from tests.builder import Builder
from tests.factories import CLINIC

pytestmark = pytest.mark.django_db
URL = "/today/"


def main(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1].split("</main>")[0]


CLOCKS = (
    "reminders.views",
    "reminders.delivery",
    "reminders.actions.reminding",
    "consent.disclosure",
    "consent.documents.kept",
    "consent.documents.elements",
    *(f"consent.actions.{name}" for name in ("drafting", "ending", "links", "signing")),
)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Midday at the clinic, so that an hour ago and in an hour are today as well.

    A database's own clock cannot be moved, so everybody asks Python's.
    """
    for module in CLOCKS:
        monkeypatch.setattr(f"{module}.database_now", timezone.now)
    with time_machine.travel(timezone.now().replace(hour=17, minute=0), tick=True):
        yield timezone.now()


@pytest.fixture
def browser(client, coordinator, noon):
    client.force_login(coordinator)
    return client


def test_it_is_for_clinical_staff(client, cast):
    for name, user in cast.everybody().items():
        client.force_login(user)
        staff = name in ("coordinator", "prescriber", "nurse", "kaptherapist")
        assert client.get(URL).status_code == (200 if staff else 404), name


def test_an_empty_day_says_so(browser):
    page = main(browser.get(URL))
    for sentence in ("No dose is planned", "No window is open", "No referral waits", "signed note"):
        assert sentence in page


# ------------------------------------------------------------------ doses
def test_doses_of_today(browser, noon, case):
    case.begin_care()
    case.give(hours_ago=3)
    case.plan(noon + timedelta(hours=1))
    case.plan(noon + timedelta(days=2))
    first, second = doses_today(case.cast.nurse, timezone.now())
    assert (first.order, first.state) == ("Dose 1, 50 mg IM", "Left")
    assert [(each.label, each.verb) for each in second.blocked] == [
        ("Escort home", "dosing"),
        ("Order", "order"),
    ]
    assert second.state.startswith("Starts in 5")
    case.make_ready(second.dosing, dose_mg=60)
    first, second = doses_today(case.cast.nurse, timezone.now())
    assert (second.order, second.blocked) == ("Dose 2, 60 mg IM", [])
    assert "Blocked:" not in main(browser.get(URL))


def test_a_cancelled_dose_is_not_on_the_board(noon, case):
    from sessions.actions.dosing import cancel_dose

    case.begin_care()
    cancel_dose(by=case.cast.prescriber, dosing=case.plan(noon + timedelta(hours=1)))
    assert doses_today(case.cast.nurse, noon) == []


def _ended(case, noon) -> None:
    with time_machine.travel(noon - timedelta(days=3)):
        case.clear(valid_until=timezone.localdate())


def _deferred(case, noon) -> None:
    case.clear(result=ClearanceResult.DEFERRED, conditions="", valid_until=None)


@pytest.mark.parametrize(
    ("clear", "sentence"),
    [
        (lambda case, noon: None, "clearance, none is recorded"),
        (_ended, "clearance, it ended on"),
        (_deferred, "clearance, the result is “deferred”"),
    ],
)
def test_what_blocks_a_dose_and_who_lifts_it(client, cast, noon, case, clear, sentence):
    case.send()
    case.accept()
    case.open()
    clear(case, noon)
    case.plan(noon + timedelta(hours=1))
    recording = reverse("care:clearance", args=[case.episode.pk])
    for who in ("coordinator", "prescriber"):
        client.force_login(getattr(cast, who))
        page = main(client.get(URL))
        assert f"Blocked: {sentence}" in page
        assert "A prescriber records it." in page
        assert (recording in page) == (who == "prescriber")


def test_what_blocks_the_doses_of_the_coming_week_for_those_who_mend_it(client, cast, noon, case):
    case.begin_care()
    case.make_ready(case.plan(noon + timedelta(days=2)))
    blocked = case.plan(noon + timedelta(days=3))
    case.plan(noon + timedelta(days=9))
    client.force_login(cast.prescriber)
    page = main(client.get(URL))
    assert "Today none; 1 coming up" in page
    assert reverse("care:order", args=[blocked.pk]) in page
    client.force_login(cast.coordinator)
    assert "Coming up, and blocked" not in main(client.get(URL))
    case.withdraw_consent(TreatmentConsent.objects.get(client=case.client))
    assert "2 coming up" in main(client.get(URL))


# ------------------------------------------------------------------ windows
def test_open_windows_with_nothing_held(browser, case):
    case.begin_care()
    case.give(hours_ago=30)
    page = main(browser.get(URL))
    assert "Integration, 24–48 h" in page
    assert "looked after by Tess Therapist" in page


def test_a_session_of_the_clinics_own_answers_it(case, cast):
    case.begin_care(integration_owner=cast.kaptherapist)
    case.give(hours_ago=30)
    case.log_session(timezone.now() - timedelta(hours=1), by=cast.kaptherapist)
    assert windows(cast.nurse, timezone.now()).closing == []


def test_an_outside_session_is_known_only_through_a_release(case, cast):
    case.begin_care()
    case.give(hours_ago=30)
    case.log_session(timezone.now() - timedelta(hours=1))
    assert len(windows(cast.nurse, timezone.now()).closing) == 1
    assert not Disclosure.objects.exists()
    case.active(in_categories=[C.SCHEDULE])
    assert windows(cast.nurse, timezone.now()).closing == []
    row = Disclosure.objects.get()
    assert (row.channel, row.categories, row.reader_id) == ("worklist", ["schedule"], cast.nurse.pk)


def test_one_session_is_asked_for_once(case, cast):
    case.begin_care()
    case.give(hours_ago=150)
    case.give(hours_ago=30)
    [closing] = windows(cast.nurse, timezone.now()).closing
    assert closing.serves == 2


# ------------------------------------------------------------------ missed, notes, referrals
def missed(case) -> None:
    case.begin_care()
    case.give(hours_ago=60)
    sweep()


def test_a_missed_window_alerts_staff(browser, case, cast):
    case.begin_care(integration_owner=cast.kaptherapist)
    case.give(hours_ago=60)
    sweep()
    assert Reminder.objects.of_windows().filter(state="missed").exists()
    page = main(browser.get(URL))
    assert "Windows missed this week" in page
    assert "Kai Kaptherapist" in page


def test_that_an_outside_window_was_missed_is_known_only_through_a_release(browser, case):
    missed(case)
    assert "Windows missed" not in main(browser.get(URL))
    case.active(in_categories=[C.SCHEDULE])
    assert "Windows missed" in main(browser.get(URL))


def test_notes_to_sign(client, cast, case):
    case.begin_care()
    dosing = case.give(hours_ago=5)
    writing = reverse("care:note", args=[dosing.pk])
    for who, words in (("kaptherapist", "Write and sign"), ("nurse", "View")):
        client.force_login(getattr(cast, who))
        page = main(client.get(URL))
        assert writing in page
        assert words in page
    case.note({C.RESPONSE: CLINIC[C.RESPONSE]})
    assert writing not in main(client.get(URL))


def test_referrals_are_for_those_who_triage(client, cast, referral):
    for who in ("coordinator", "prescriber", "nurse", "kaptherapist"):
        client.force_login(getattr(cast, who))
        triage = reverse("referrals:triage", args=[referral.pk])
        there = triage in main(client.get(URL))
        assert there == (who in ("coordinator", "prescriber")), who


def test_a_referral_that_waits_on_the_practice_is_not_on_the_list(browser, referral):
    Referral.objects.update(state="information_asked")
    assert "No referral waits" in main(browser.get(URL))


def test_queries_do_not_grow_with_rows(browser, cast, noon):
    def add() -> None:
        case = Builder(cast)
        case.begin_care()
        case.give(hours_ago=60)
        case.give(hours_ago=30)
        case.plan(noon + timedelta(hours=1))
        case.plan(noon + timedelta(days=1))
        case.active(in_categories=[C.SCHEDULE])
        case.log_session(timezone.now() - timedelta(hours=30))
        Builder(cast).send()
        sweep()

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            main(browser.get(URL))
        return len(queries)

    add()
    count()
    one = count()
    for _ in range(3):
        add()
    assert count() == one
