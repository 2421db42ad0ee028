"""What the day's page gathers: each thing once, whose it is, and where it is done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reminders.dues import dues
from sessions.actions.gates import override_gate
from sessions.enums.gates import Gate
from tests.builder import Builder
from tests.people.credentials import in_days, licence
from tests.stock import stocked

pytestmark = pytest.mark.django_db
URL = reverse("reminders:today")
STAFF = ("prescriber", "nurse", "kaptherapist", "coordinator")


def found(user) -> dict[str, bool]:
    """What waits, and whether it is this person's own."""
    return {due.what: due.mine for due in dues(user, timezone.now())}


def main(response) -> str:
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]


def test_nothing_waits_where_nothing_happened(case, episode, signed_in, cast):
    for name in STAFF:
        assert dues(getattr(cast, name), timezone.now()) == []
    page = signed_in(cast.nurse)
    assert "Nothing else waits." in main(page.get(URL))
    assert "Nothing of yours waits here." in main(page.get(f"{URL}?for=me"))


def test_a_frightening_experience_waits_for_whoever_took_it_on(case, episode, cast):
    case.integrate(timezone.now())
    (what,) = [each for each in found(cast.nurse) if each.startswith("Follow up")]
    assert found(cast.nurse)[what]
    assert not found(cast.kaptherapist)[what]
    assert what not in found(cast.coordinator)
    later = timezone.now() + timedelta(days=4)
    (due,) = [each for each in dues(cast.nurse, later) if each.what == what]
    assert due.overdue
    assert due.url == reverse("care:follow_up", args=[case.integration.pk])


def test_whoever_gave_the_dose_is_reminded_to_ask(case, episode, cast):
    case.give(hours_ago=30)
    what = "Ask how they are after dose 1"
    assert found(cast.nurse)[what]
    assert not found(cast.prescriber)[what]
    given_at = case.dosing.given_at
    for hours, overdue in ((71, False), (72, True)):
        at = given_at + timedelta(hours=hours)
        assert [d.overdue for d in dues(cast.nurse, at) if d.what == what] == [overdue]
    assert what not in {d.what for d in dues(cast.nurse, given_at + timedelta(hours=23))}


def test_a_consent_that_is_lost_before_a_dose_is_told_at_once(case, episode, cast):
    consent = case.consent_to_treatment()
    case.plan(timezone.now() + timedelta(days=3))
    case.plan(timezone.now() + timedelta(days=8))  # more than a week ahead
    assert not found(cast.prescriber)
    case.withdraw_consent(consent)
    (due,) = dues(cast.coordinator, timezone.now())
    assert due.what == "Consent to treatment: withdrawn"
    assert due.text.startswith("Dose 1 is planned for ")
    assert due.url == reverse("care:consent", args=[episode.pk])
    assert due.what in found(cast.prescriber)
    assert not found(cast.nurse)


def test_a_consent_that_ends_before_the_dose_is_told(case, episode, cast):
    tomorrow = cast.clinic.today + timedelta(days=1)
    case.sign_consent(case.prepare_consent(last_day=tomorrow))
    case.plan(timezone.now() + timedelta(days=3))
    assert "Consent to treatment: ends before the dose" in found(cast.prescriber)


def test_what_was_lifted_waits_for_somebody_else(case, episode, cast):
    planned = case.plan(timezone.now())
    override_gate(by=cast.prescriber, dosing=planned, gate=Gate.ESCORT, reason="Stays overnight.")
    what = "Review what was lifted: escort home"
    assert found(cast.nurse)[what]
    assert not found(cast.prescriber)[what]
    assert what not in found(cast.coordinator)


def test_a_count_that_does_not_fit_is_overdue_after_the_day_of_the_notice(case, full_case, cast):
    stocked(cast, full_case.dosing)
    for days, overdue in ((0, False), (5, True)):
        at = timezone.now() + timedelta(days=days)
        (due,) = [d for d in dues(cast.prescriber, at) if "count" in d.what]
        assert due.overdue is overdue
    assert due.client is None
    assert not [d for d in dues(cast.coordinator, timezone.now()) if "drug log" in d.what]


def test_a_licence_that_ends_is_ones_own_and_the_prescribers_to_know(cast):
    licence(cast.nurse, in_days(cast.nurse, 20), by=cast.administrator)
    assert found(cast.nurse) == {"Your licence ends": True}
    assert found(cast.prescriber) == {f"The licence of {cast.nurse} ends": False}
    assert found(cast.kaptherapist) == {}


def test_for_me_leaves_out_what_is_anybody_elses(case, episode, signed_in, cast):
    case.give(hours_ago=30)
    browser = signed_in(cast.kaptherapist)
    assert "Ask how they are" in main(browser.get(URL))
    assert "Ask how they are" not in main(browser.get(f"{URL}?for=me"))
    assert "Ask how they are" in main(signed_in(cast.nurse).get(f"{URL}?for=me"))


def test_likely_duplicates_are_counted_for_those_who_may_merge(cast):
    for name in ("Solveig", "Solvieg"):
        assert not {what for what in found(cast.coordinator) if "duplicate" in what}
        Builder(cast).send(first_name=name, last_name="Aaberg")
    assert found(cast.coordinator)["1 likely duplicate"] is True
    assert found(cast.prescriber)["1 likely duplicate"] is False
    assert "1 likely duplicate" not in found(cast.nurse)
    (due,) = [due for due in dues(cast.coordinator, timezone.now()) if "duplicate" in due.what]
    assert due.url == reverse("referrals:duplicates")
    assert due.client is None
