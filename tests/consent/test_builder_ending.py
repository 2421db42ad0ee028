"""Drafting: what the steps of until when and how it is signed offer, show and refuse."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consent.clock import database_now
from consent.enums import (
    ReleaseState,
)
from consent.models import Release
from tests.consent.drafts import LAST_DAY, at, fill, fresh, main, steps

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ until when


def test_it_may_end_by_event_with_a_date_or_without(staff, sent, empty):
    fill(staff, sent, empty, until={"ending": "end_of_treatment"})
    assert "when your treatment at the clinic ends" in main(staff.get(at(empty, "check")))
    staff.post(at(empty, "until"), {"ending": "end_of_treatment", "last_day": LAST_DAY})
    assert f"Until treatment ends, at the latest {LAST_DAY}" in main(staff.get(at(empty, "check")))


def test_no_end_is_offered_with_the_part2_form_only_and_explained_otherwise(
    staff, sent, empty, part2
):
    page = main(staff.get(at(empty, "until")))
    assert 'value="none"' not in page
    assert "“No end” is not among them" in page
    page = main(staff.post(at(empty, "until"), {"ending": "none"}))
    assert "needs a date or an event on which it ends (45 CFR 164.508(c)(1)(v))" in page
    what = {**steps(sent)["what"], "sensitivities": ["substance_use"], "legal_form": "part2_care"}
    staff.post(at(empty, "what"), what)
    page = main(staff.get(at(empty, "until")))
    assert 'value="none"' in page
    assert "“No end” is not among them" not in page
    fill(staff, sent, empty, what=what, until={"ending": "none"})
    staff.post(reverse("consent:send", args=[empty.pk]))
    assert fresh(empty).state(database_now()) == ReleaseState.AWAITING


def test_the_last_day_holds_to_its_end_in_the_clinics_zone(staff, empty):
    data = {
        "last_day": "14-Jul-2030",
        "first_day": "02-Jan-2030",
        "service_first_day": "01-Feb-2026",
        "service_last_day": "28-Feb-2026",
    }
    staff.post(at(empty, "until"), data)
    release = fresh(empty)
    moments = (release.until, release.starts_at, release.service_from, release.service_until)
    assert [moment.isoformat() for moment in moments] == [
        "2030-07-15T04:00:00+00:00",  # midnight in New York
        "2030-01-02T05:00:00+00:00",
        "2026-02-01T05:00:00+00:00",
        "2026-03-01T05:00:00+00:00",
    ]
    page = main(staff.get(at(empty, "until")))
    assert all(f'value="{written}"' in page for written in data.values())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last_day": "01-Jan-2020"}, "This day is over"),
        ({"last_day": "31-Feb-2030"}, "Enter a date such as"),
        ({"last_day": "01-Jan-9999"}, "Check the year"),
        ({"first_day": "01-Jan-2090"}, "It ends before it begins"),
        (
            {"service_first_day": "02-Mar-2026", "service_last_day": "01-Mar-2026"},
            "The period ends before it begins",
        ),
        ({"last_day": "nul\x00byte"}, "Enter a date such as"),
        ({"last_day": "1" * 1_000_000}, "Enter a date such as"),
        ({"ending": "whenever"}, "needs a date or an event"),
    ],
)
def test_bad_days_are_explained_beside_the_field(staff, sent, empty, changes, sentence):
    answer = staff.post(at(empty, "until"), {**steps(sent)["until"], **changes})
    assert answer.status_code == 200
    assert sentence in main(answer)
    assert 'aria-invalid="true"' in main(answer) or "ending" in changes
    assert fresh(empty).until is None


def test_a_draft_whose_day_has_passed_can_still_be_changed_elsewhere(staff, sent, empty):
    fill(staff, sent, empty)
    Release.objects.filter(pk=empty.pk).update(until=timezone.now())
    assert "already be over" in main(staff.get(at(empty, "check")))
    answer = staff.post(at(empty, "what"), {"out_categories": ["safety"]})
    assert answer.status_code == 302
    assert fresh(empty).categories.get().category == "safety"


# ------------------------------------------------------------------ how it is signed


def test_the_three_ways_to_sign_are_explained_and_a_witness_may_be_asked_for(staff, sent, empty):
    page = main(staff.get(at(empty, "signing")))
    for way in ("On this screen", "By a link", "On paper"):
        assert way in page
    assert not fresh(empty).witness_required
    fill(staff, sent, empty, signing={**steps(sent)["signing"], "witness_required": "on"})
    assert fresh(empty).witness_required
    page = main(staff.post(at(empty, "signing"), {"revocation_how": "x" * 1_000_000}))
    assert "at most 300 characters" in page
