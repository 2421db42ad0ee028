"""The client leaves: seven checks, what there is to weigh, and only once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from people.formats import moment
from sessions.actions.discharge import discharge
from sessions.actions.giving import give_dose
from sessions.enums import DischargeCheck
from sessions.models import DischargeConfirmation, DosingSession
from tests.refusing import database_refuses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_utc")]
HOUR = timedelta(hours=1)


@pytest.fixture
def dosing(given):
    return given


def leaving(nurse, **changes):
    ticks = dict.fromkeys(DischargeCheck.values, "on")
    words = {"mental_status": "Oriented", "escort": "Sister", "judged_by": nurse.pk}
    return {**ticks, **words, "discharged_at": moment(timezone.now()), **changes}


def send(browser, dosing, data):
    return browser.post(reverse("care:discharge", args=[dosing.pk]), data)


def shown(response) -> str:
    return response.content.decode()


def leave(case, dosing, **changes):
    usual = {"mental_status": "oriented", "escort": "Sister", "checks": DischargeCheck.values}
    usual["despite"] = "She insists"
    usual["discharged_at"] = timezone.now()
    return discharge(**{"by": case.cast.nurse, "dosing": dosing, **usual, **changes})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"vitals": ""}, "Confirm before the client leaves: Vitals near baseline"),
        ({"aftercare": ""}, "Confirm before the client leaves: Aftercare sheet"),
        ({"escort": ""}, "Fill in: escort."),
        ({"judged_by": ""}, "Choose: judged stable by."),
        ({"mental_status": "x" * 301}, "at most 300 characters"),
        ({"discharged_at": "40-Jul-2026 10:00"}, "Enter date and time such as"),
    ],
)
def test_a_discharge_that_is_not_whole(changes, words, browser, nurse, dosing):
    answer = send(browser, dosing, leaving(nurse, **changes))
    assert words in shown(answer)
    ticked = 7 - len(changes.keys() & set(DischargeCheck.values))
    assert f"<span data-ticked>{ticked}</span> of 7" in shown(answer)
    dosing.refresh_from_db()
    assert dosing.discharged_at is None


def test_it_starts_at_none_of_seven(browser, dosing):
    page = shown(browser.get(reverse("care:dosing", args=[dosing.pk])))
    assert "<span data-ticked>0</span> of 7 checked" in page
    assert "not before" in page


def test_what_there_is_to_weigh_is_shown_once_and_bars_nothing(browser, nurse, dosing):
    data = leaving(nurse)
    first = send(browser, dosing, data)
    assert "No vitals were taken since the dose." in shown(first)
    assert "Observed for less than 120 minutes" in shown(first)
    assert "Discharge all the same" in shown(first)
    dosing.refresh_from_db()
    assert dosing.discharged_at is None
    seen = first.context["weighed_print"]
    assert "The client is not discharged yet" in shown(first)
    assert send(browser, dosing, {**data, "seen": "something else"}).status_code == 200
    unsaid = send(browser, dosing, {**data, "seen": seen})
    assert "Say why they leave all the same." in shown(unsaid)
    answered = {**data, "seen": seen, "discharge-despite": "", "despite": "She insists"}
    assert send(browser, dosing, answered).status_code == 302
    dosing.refresh_from_db()
    assert dosing.left_because == "She insists"
    assert "No vitals were taken since the dose." in dosing.left_against.splitlines()
    assert (dosing.escort, dosing.judged_by) == ("Sister", nurse)
    assert set(dosing.confirmations.values_list("check_made", flat=True)) == set(DischargeCheck)
    page = shown(browser.get(reverse("care:dosing", args=[dosing.pk])))
    assert "Walks steadily alone" in page


def test_after_an_ordinary_session_nothing_is_to_be_weighed(browser, case, episode, nurse):
    dosing = case.plan(timezone.now() - 3 * HOUR)
    order, at = case.make_ready(dosing), timezone.now() - 3 * HOUR
    give_dose(by=nurse, dosing=dosing, order=order, given_at=at)
    vitals = {"systolic": "124", "diastolic": "78", "heart_rate": "72", "spo2": "98"}
    key = "7d4f1b52-4c37-4f1e-9d50-6f1f9a0a6c11"
    browser.post(reverse("care:vitals", args=[dosing.pk]), {"form_key": key, **vitals})
    assert send(browser, dosing, leaving(nurse)).status_code == 302


def test_the_second_is_told_what_the_first_did(browser, case, nurse, dosing):
    first = leave(case, dosing)
    assert leave(case, dosing, discharged_at=first.discharged_at) == first
    assert AuditEvent.objects.filter(event="dose.discharged").count() == 1
    told = shown(send(browser, dosing, leaving(nurse, escort="Brother")))
    assert "recorded the discharge already" in told
    assert "with Sister. Nothing was changed." in told
    dosing.refresh_from_db()
    assert dosing.escort == "Sister"


def test_nobody_leaves_before_the_dose(case, dosing):
    early = timezone.now() - HOUR
    with pytest.raises(ValidationError, match="before the dose"):
        leave(case, dosing, discharged_at=early)
    with pytest.raises(ValidationError, match="Record the dose"):
        leave(case, case.plan(timezone.now()))


def test_a_prescriber_or_nurse_finds_them_stable(case, dosing):
    cast = case.cast
    for by, judge in ((cast.kaptherapist, None), (cast.nurse, cast.kaptherapist)):
        with pytest.raises(ValidationError) as error:
            leave(case, dosing, by=by, judged_by=judge)
        assert list(error.value.message_dict) == ["judged_by"]
    left = leave(case, dosing, by=cast.kaptherapist, judged_by=cast.prescriber)
    assert (left.discharged_by, left.judged_by) == (cast.kaptherapist, cast.prescriber)


def test_who_discharges(case, dosing):
    for name, user in case.cast.everybody().items():
        if name not in {"nurse", "prescriber", "kaptherapist"}:
            with pytest.raises(PermissionDenied):
                leave(case, dosing, by=user, judged_by=case.cast.nurse)


def test_the_database_asks_for_every_check(case, dosing):
    one = DosingSession.objects.filter(pk=dosing.pk)
    nurse = case.cast.nurse
    left = {"discharged_by": nurse, "judged_by": nurse, "escort": "x", "mental_status": "x"}
    left["discharged_at"] = timezone.now()
    checks = [DischargeConfirmation(dosing=dosing, check_made=c) for c in DischargeCheck]
    DischargeConfirmation.objects.bulk_create(checks[:6])
    database_refuses(lambda: one.update(**left))
    database_refuses(
        lambda: DischargeConfirmation.objects.create(dosing=dosing, check_made="vitals")
    )
    database_refuses(
        lambda: DischargeConfirmation.objects.create(dosing=dosing, check_made="smiles")
    )
    checks[6].save()
    one.update(**left)
    for change in ({"escort": "y"}, {"mental_status": "y"}, {"judged_by": case.cast.prescriber}):
        database_refuses(lambda change=change: one.update(**change))
