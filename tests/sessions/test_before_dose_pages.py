"""The order's page, and what is asked on the flow sheet before a dose can be recorded."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from people.formats import moment
from sessions.actions.gates import override_gate
from sessions.actions.giving import give_dose
from sessions.enums.gates import Gate, PreDoseItem
from sessions.gates import GateFacts
from sessions.models import DoseOrder, GateOverride, OverrideReview, PreDoseCheck

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_utc")]
YES = dict.fromkeys(PreDoseItem.values, "yes")


@pytest.fixture
def dosing(case, episode):
    return case.plan(timezone.now() + timedelta(hours=1))


@pytest.fixture
def nurses(signed_in, nurse):
    return signed_in(nurse)


@pytest.fixture
def prescribers(signed_in, prescriber):
    return signed_in(prescriber)


def address(name, dosing, *more):
    return reverse(f"care:{name}", args=[dosing.pk, *more])


def send(browser, name, dosing, data):
    return browser.post(address(name, dosing), {"form_key": uuid4(), **data})


def shown(response) -> str:
    return response.content.decode()


def ordered(**changes):
    return {"route": "im", "dose_mg": "50", **changes}


def given(order=None, **changes):
    at = moment(timezone.now() - timedelta(minutes=5))
    return {"given_at": at, "order": order.pk if order else "", **changes}


# ---------------------------------------------------------------- the order


def test_an_order_stands_beside_what_is_usual_and_what_was_given(prescribers, case, dosing):
    case.give(hours_ago=200, dose_mg=40)
    case.clear()
    page = shown(prescribers.get(address("order", dosing)))
    assert "40 mg" in page
    assert "0.57 mg/kg" in page
    assert "33–75 mg" in page
    assert "mg/kg rests on 70 kg, measured today" in page
    assert send(prescribers, "order", dosing, ordered()).status_code == 302
    assert DoseOrder.objects.filter(dosing=dosing).get().dose_mg == 50
    assert "50 mg IM" in shown(prescribers.get(address("dosing", dosing)))


def test_what_there_is_to_weigh_is_shown_once_kept_and_bars_nothing(prescribers, case, dosing):
    case.give(hours_ago=200, dose_mg=40)
    data = ordered(route="iv", dose_mg="80")
    first = send(prescribers, "order", dosing, data)
    assert "From 1.0 mg/kg" in shown(first)
    assert "By another route" in shown(first)
    seen = first.context["fingerprint"]
    changed = send(prescribers, "order", dosing, ordered(dose_mg="65", seen=seen))
    assert "63% more than dose" in shown(changed)
    assert not DoseOrder.objects.filter(dosing=dosing).exists()
    soft = send(prescribers, "order", dosing, ordered(dose_mg="25"))
    data = ordered(dose_mg="25", seen=soft.context["fingerprint"])
    assert send(prescribers, "order", dosing, data).status_code == 302
    assert any("below 33–75 mg" in text for text in DoseOrder.objects.get(dosing=dosing).weighed)


def test_what_weighs_heavily_is_asked_once_more_and_answered_in_words(prescribers, dosing):
    """Beside the form is not enough: on the page again, with a reason that stays with the order."""
    data = ordered(route="iv", dose_mg="500")
    beside = send(prescribers, "check_order", dosing, data)
    assert "From 1.0 mg/kg" in shown(beside)
    reasoned = {**data, "despite": "In theatre.", "seen": beside.context["fingerprint"]}
    again = send(prescribers, "order", dosing, reasoned)
    assert "Order it all the same" in shown(again)
    assert "In theatre." in shown(again)
    seen = again.context["fingerprint"]
    unreasoned = send(prescribers, "order", dosing, {**data, "despite": " ", "seen": seen})
    assert "Say why this dose is right all the same." in shown(unreasoned)
    assert not DoseOrder.objects.exists()
    answer = send(prescribers, "order", dosing, {**reasoned, "seen": seen})
    assert answer.status_code == 302
    for page in ("dosing", "order"):
        assert "Right all the same: In theatre." in shown(prescribers.get(address(page, dosing)))


def test_the_conditions_of_the_clearance_stand_where_a_dose_is_ordered_and_given(
    prescribers, nurses, case, dosing
):
    case.clear(conditions="Below 140/90 before each dose")
    assert "Below 140/90" in shown(prescribers.get(address("order", dosing)))
    assert "Conditions: Below 140/90" in shown(nurses.get(address("dosing", dosing)))


def test_the_fragment_weighs_as_the_page_does_and_writes_nothing(prescribers, dosing):
    answer = send(prescribers, "check_order", dosing, ordered(route="iv", dose_mg="60"))
    assert "0.86 mg/kg" in shown(answer)
    assert answer.context["fingerprint"] in shown(answer)
    assert not DoseOrder.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"dose_mg": "0"}, "Enter the dose in mg, more than 0."),
        ({"dose_mg": "5000"}, "5000 mg is beyond any known dose."),
        ({"dose_mg": "fifty"}, "Enter the dose in mg, such as 50 or 37.5."),
        ({"dose_mg": "NaN"}, "Enter the dose in mg, such as 50 or 37.5."),
        ({"dose_mg": "1e400"}, "Write at most 7 figures in all."),
        ({"dose_mg": "37.555"}, "Dose: Write at most 2 figures after the point."),
        ({"route": "eye"}, "Select a valid choice."),
        ({"instructions": "x" * 301}, "at most 300 characters"),
    ],
)
def test_orders_that_cannot_be(changes, words, prescribers, dosing):
    answer = send(prescribers, "order", dosing, ordered(**changes))
    assert words in shown(answer)
    assert all(value in shown(answer) for value in changes.values())
    assert not DoseOrder.objects.exists()


# ---------------------------------------------------------------- on the flow sheet


def test_every_gate_says_who_opens_it_and_the_dose_waits(nurses, prescribers, case, dosing):
    case.clear(result="deferred", conditions="")
    page = shown(nurses.get(address("dosing", dosing)))
    for words in ("A prescriber orders the dose.", "the result is “deferred”", "nobody is named"):
        assert words in page
    assert address("override", dosing, "clearance") not in page
    assert address("override", dosing, "clearance") in shown(
        prescribers.get(address("dosing", dosing))
    )
    assert "No dose is ordered." in shown(send(nurses, "give", dosing, given()))


def test_from_the_date_of_birth_to_the_dose(nurses, prescribers, case, dosing):
    born = case.client.date_of_birth.strftime("%d-%b-%Y")
    wrong = send(nurses, "identity", dosing, {"date_of_birth": "01-Jan-1901"})
    assert "not the date of birth of the client on this page" in shown(wrong)
    assert send(nurses, "identity", dosing, {"date_of_birth": born}).status_code == 302
    some = {**YES, "sober": ""}
    refused = send(nurses, "checks", dosing, {**some, "weight_kg": "71.5"})
    assert "Answer yes or no." in shown(refused)
    assert "71.5" in shown(refused)
    assert send(nurses, "checks", dosing, {**YES, "weight_kg": "71.5"}).status_code == 302
    assert PreDoseCheck.objects.get().answers.count() == len(PreDoseItem)
    escort = {"who": "Sister", "reached_by": "555 0100"}
    assert send(nurses, "escort", dosing, escort).status_code == 302
    send(prescribers, "order", dosing, ordered())
    page = shown(nurses.get(address("dosing", dosing)))
    assert "In the way" not in page
    assert "0.7 mg/kg at 71.5 kg" in page
    order = DoseOrder.objects.get()
    first = send(nurses, "give", dosing, given(order))
    assert "No blood pressure is recorded before this dose" in shown(first)
    seen = first.context["fingerprint"]
    assert send(nurses, "give", dosing, given(order, seen=seen)).status_code == 302
    dosing.refresh_from_db()
    assert (dosing.dose_mg, str(dosing.weight_kg)) == (50, "71.5")


def test_an_ordinary_dose_after_an_ordinary_pressure_needs_one_tap(nurses, case, dosing):
    at = moment(timezone.now() - timedelta(minutes=20))
    numbers = {"systolic": "124", "diastolic": "78", "heart_rate": "72", "spo2": "98"}
    assert send(nurses, "vitals", dosing, {**numbers, "at": at}).status_code == 302
    order = case.make_ready(dosing)
    for when in ("31-Nov-2026 10:00", "14-Jul-2099 10:00"):
        assert when in shown(send(nurses, "give", dosing, given(order, given_at=when)))
    assert send(nurses, "give", dosing, given(order)).status_code == 302


def test_an_order_of_another_dose_in_the_hidden_field_gives_nothing(nurses, case, dosing):
    case.make_ready(dosing)
    elsewhere = case.make_ready(case.plan(timezone.now()), dose_mg=90)
    seen = send(nurses, "give", dosing, given(elsewhere)).context["fingerprint"]
    answer = send(nurses, "give", dosing, given(elsewhere, seen=seen))
    assert "No dose is ordered." in shown(answer)
    dosing.refresh_from_db()
    assert dosing.given_at is None


def test_no_question_is_answered_in_advance(nurses, dosing):
    page = nurses.get(address("dosing", dosing))
    assert all(field.value() is None for field in page.context["checks_form"].questions)
    assert page.context["identity_form"]["date_of_birth"].value() is None


def test_the_coordinator_arranges_the_escort_and_asks_nothing_else(signed_in, coordinator, dosing):
    browser = signed_in(coordinator)
    page = shown(browser.get(address("dosing", dosing)))
    assert address("escort", dosing) in page
    assert address("identity", dosing) not in page
    words = {"who": "Sister", "reached_by": "555 0100"}
    assert send(browser, "escort", dosing, words).status_code == 302


# ---------------------------------------------------------------- lifting and reviewing


def test_a_prescriber_lifts_a_gate_and_a_colleague_reviews_it(nurses, prescribers, case, dosing):
    lifting = address("override", dosing, "escort")
    assert "Give the dose all the same?" in shown(prescribers.get(lifting))
    assert "Fill in: why the dose may be given all the same." in shown(
        prescribers.post(lifting, {"reason": ""})
    )
    assert prescribers.post(lifting, {"reason": "Stays overnight."}).status_code == 302
    assert prescribers.get(lifting).status_code == 302  # nothing is left to lift
    page = shown(prescribers.get(address("dosing", dosing)))
    assert "Name the escort" in page  # somebody may be found after all
    assert address("escort", dosing) in page
    row = GateOverride.objects.get()
    listed = reverse("care:overrides")
    assert "Stays overnight." in shown(prescribers.get(listed))
    review = reverse("care:review_override", args=[row.pk])
    assert review not in shown(prescribers.get(listed))
    assert prescribers.get(review).status_code == 302
    assert review in shown(nurses.get(listed))
    assert "Fill in: what you found." in shown(nurses.post(review, {"finding": ""}))
    assert nurses.post(review, {"finding": "It was so."}).status_code == 302
    assert OverrideReview.objects.get().finding == "It was so."
    assert "It was so." in shown(nurses.get(listed))


def test_the_list_says_so_when_nothing_waits(nurses):
    assert "Nothing waits." in shown(nurses.get(reverse("care:overrides")))


def test_nothing_is_lifted_where_there_is_no_such_gate_or_no_dose_to_come(
    prescribers, case, dosing
):
    assert prescribers.get(address("override", dosing, "no-such")).status_code == 404
    at = timezone.now() - timedelta(minutes=1)
    order = case.make_ready(dosing)
    give_dose(by=case.cast.nurse, dosing=dosing, order=order, given_at=at)
    assert prescribers.get(address("override", dosing, "escort")).status_code == 302
    assert not GateFacts.of(dosing, timezone.now()).overrides


def test_a_clinic_sees_its_own_lifted_gates_alone(signed_in, case, dosing, cast):
    row = override_gate(by=cast.prescriber, dosing=dosing, gate=Gate.ESCORT, reason="Own car.")
    for name in ("therapist", "physician", "administrator"):
        browser = signed_in(getattr(cast, name))
        assert browser.get(reverse("care:overrides")).status_code == 404
        assert browser.get(reverse("care:review_override", args=[row.pk])).status_code == 404
