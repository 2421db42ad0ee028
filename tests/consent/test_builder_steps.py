"""What each step of drafting offers, shows and refuses."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consent.clock import database_now
from consent.enums import (
    EXPLANATIONS,
    OUT_CATEGORIES,
    Category,
    Ending,
    LegalForm,
    ReleaseState,
)
from consent.models import OutsideContact, Release
from people.enums import OrganizationKind
from tests.builder import Builder
from tests.consent.drafts import LAST_DAY, at, contact, fill, fresh, main, panel, steps
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def sent(case) -> Builder:
    case.send()
    return case


@pytest.fixture
def empty(staff, sent) -> Release:
    """A draft of which no step was opened."""
    staff.post(reverse("consent:new"), {"form_key": str(uuid4()), "client": sent.client.pk})
    return Release.objects.get()


@pytest.fixture
def part2(cast):
    cast.clinic.is_part2_program = True
    cast.clinic.save()
    return cast.clinic


# ------------------------------------------------------------------ who


def test_a_role_at_a_practice_receives(staff, sent, empty):
    care = sent.cast.primary_care
    page = main(staff.get(at(empty, "who")))
    assert "Any physician at Elm Primary Care" in page
    assert "Any administrator" not in page
    assert "Northfield Clinic</h2>" not in page
    assert page.index("Harbor Lane Practice") < page.index("Elm Primary Care")  # knows the client
    staff.post(at(empty, "who"), {"recipients": [f"role:{care.pk}:physician"]})
    assert [str(r) for r in fresh(empty).recipients.all()] == ["Any physician at Elm Primary Care"]
    assert main(staff.get(at(empty, "who"))).count(" checked") == 1


def test_a_contact_is_added_and_what_was_ticked_is_kept(staff, sent, empty):
    data = {**steps(sent)["who"], **contact(workplace="Elm Hospital", address="3 Elm Road")}
    for _ in range(2):
        assert staff.post(at(empty, "who"), {**data, "add": "1"}).url == at(empty, "who")
    assert OutsideContact.objects.count() == 1
    assert fresh(empty).recipients.count() == 2
    page = main(staff.get(at(empty, "who")))
    assert "Sister, Elm Hospital, 3 Elm Road" in page
    assert page.count(" checked") == 2


def test_a_contact_that_was_typed_is_not_lost_by_going_on(staff, empty):
    assert staff.post(at(empty, "who"), contact()).url == at(empty, "what")
    assert [str(r) for r in fresh(empty).recipients.all()] == ["Rose Quill (Sister)"]


def test_unticking_takes_a_recipient_off_the_draft_and_keeps_the_contact(staff, sent, empty):
    staff.post(at(empty, "who"), {**steps(sent)["who"], **contact()})
    staff.post(at(empty, "who"), steps(sent)["who"])
    assert [r.user for r in fresh(empty).recipients.all()] == [sent.referrer]
    assert OutsideContact.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"add": "1"}, "Enter their name"),
        (contact(name=""), "Enter their name"),
        (contact(relation=" "), "Say who they are to the client"),
        (contact(name="n" * 1_000_000), "at most 120 characters"),
        (contact(relation="nul\x00byte"), "Null characters are not allowed"),
        ({"recipients": ["person:999999"]}, "Choose from the list"),
        ({"recipients": ["role:1:administrator"]}, "Choose from the list"),
        ({"recipients": ["contact:999999"]}, "Choose from the list"),
        ({"recipients": ["nul\x00byte"]}, "Choose from the list"),
        ({"recipients": ["x" * 1_000_000]}, "Choose from the list"),
    ],
)
def test_bad_recipients_are_explained_and_nothing_is_lost(staff, sent, empty, changes, sentence):
    answer = staff.post(at(empty, "who"), {**steps(sent)["who"], **changes})
    page = main(answer)
    assert answer.status_code == 200
    assert sentence in page
    assert ("recipients" in changes) == (" checked" not in page)
    assert not OutsideContact.objects.exists()
    assert not fresh(empty).recipients.exists()


def test_staff_of_a_clinic_and_contacts_of_others_are_not_offered(staff, sent, empty):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    foreign = OutsideContact.objects.create(
        client=sent.client, clinic=elsewhere, name="Zqforeign", relation="Friend"
    )
    page = main(staff.get(at(empty, "who")))
    assert "Zqforeign" not in page
    assert "Pia Prescriber" not in page
    for key in (f"contact:{foreign.pk}", f"person:{sent.cast.prescriber.pk}"):
        page = main(staff.post(at(empty, "who"), {"recipients": [key]}))
        assert "Choose from the list" in page
    assert not fresh(empty).recipients.exists()


def test_a_known_contact_with_another_workplace_is_explained(staff, empty):
    staff.post(at(empty, "who"), contact(workplace="Elm Hospital"))
    page = main(staff.post(at(empty, "who"), contact(workplace="Mill Hospital")))
    assert "is listed already" in page
    assert 'value="Mill Hospital"' in page


# ------------------------------------------------------------------ what and why


def test_every_category_says_what_it_opens_and_what_it_does_not(staff, empty):
    page = main(staff.get(at(empty, "what")))
    for category in Category:
        holds, example, closed = EXPLANATIONS[category]
        assert f"{holds}. For example: {example}" in page
        assert f"Does not open: {closed}." in page


def test_looking_shows_what_they_would_get_and_saves_nothing(staff, sent, empty):
    staff.post(at(empty, "who"), steps(sent)["who"])
    assert "Nothing. Tick what" in panel(staff.get(at(empty, "what")))
    events = AuditEvent.objects.count()
    data = {"out_categories": ["schedule", "safety"], "purposes": ["at_request"], "look": "1"}
    for headers in ({}, {"HX-Request": "true"}):
        answer = staff.post(at(empty, "what"), data, headers=headers)
        shown = panel(answer)
        assert answer.status_code == 200
        assert "What Tess Therapist, LCSW, Harbor Lane Practice gets" in shown
        for category in OUT_CATEGORIES:
            ticked = category in data["out_categories"]
            assert (category.label in shown) == ticked
            assert (EXPLANATIONS[category][1] in shown) == ticked
        assert "at the request of the client" in shown
        assert main(answer).count(" checked") == 3
    assert not fresh(empty).categories.exists()
    assert AuditEvent.objects.count() == events


def test_looking_with_nonsense_shows_nothing_of_it(staff, empty):
    data = {"out_categories": ["zqnonsense", "history"], "sensitivities": ["zqnone"], "look": "1"}
    answer = staff.post(at(empty, "what"), data)
    assert answer.status_code == 200
    assert "Nothing. Tick what" in panel(answer)


def test_part2_is_named_as_soon_as_its_records_are_ticked(staff, empty, part2):
    ticked = {"sensitivities": ["substance_use"], "look": "1"}
    assert "42 CFR Part 2 applies" not in main(staff.get(at(empty, "what")))
    page = main(staff.post(at(empty, "what"), ticked))
    assert "42 CFR Part 2 applies" in page
    assert "protected by federal law" in page
    part2.is_part2_program = False
    part2.save()
    assert "42 CFR Part 2 applies" not in main(staff.post(at(empty, "what"), ticked))


def test_the_part2_form_is_offered_by_a_part2_clinic_only(staff, sent, empty):
    assert 'name="legal_form"' not in main(staff.get(at(empty, "what")))
    data = {"sensitivities": ["substance_use"], "legal_form": "part2_care"}
    staff.post(at(empty, "what"), data)
    assert fresh(empty).legal_form == LegalForm.AUTHORIZATION
    sent.cast.clinic.is_part2_program = True
    sent.cast.clinic.save()
    assert 'value="part2_care"' in main(staff.get(at(empty, "what")))
    staff.post(at(empty, "what"), data)
    assert fresh(empty).legal_form == LegalForm.PART2_CARE


def test_without_its_records_the_part2_form_gives_way_and_an_end_is_asked_for(
    staff, sent, empty, part2
):
    what = {**steps(sent)["what"], "sensitivities": ["substance_use"], "legal_form": "part2_care"}
    fill(staff, sent, empty, what=what, until={"ending": "none"})
    assert "Nothing" not in main(staff.get(at(empty, "check"))).split("Until when")[1][:80]
    assert fresh(empty).ending == Ending.NONE
    staff.post(at(empty, "what"), steps(sent)["what"] | {"legal_form": "part2_care"})
    release = fresh(empty)
    assert (release.legal_form, release.ending) == (LegalForm.AUTHORIZATION, Ending.ON_DATE)
    assert "Give the date or the event" in main(staff.get(at(empty, "check")))


def test_the_clients_own_words_stand_for_their_request(staff, sent, empty):
    words = {"purposes": ["at_request"], "in_their_words": "so that they talk"}
    staff.post(at(empty, "what"), words)
    assert str(fresh(empty).purposes.get()) == "so that they talk"
    page = main(staff.post(at(empty, "what"), {**words, "purposes": ["coordination"]}))
    assert "Tick “At the request of the client” too" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"out_categories": ["history"]}, "Choose from the list"),
        ({"in_categories": ["treatment"]}, "Choose from the list"),
        ({"out_categories": ["x" * 1_000_000]}, "Choose from the list"),
        ({"sensitivities": ["notes"]}, "Choose from the list"),
        ({"purposes": ["legal"]}, "Choose from the list"),
        ({"purposes": ["at_request"], "in_their_words": "x" * 1_000_000}, "at most 200 characters"),
        ({"purposes": ["at_request"], "in_their_words": "nul\x00byte"}, "Null characters"),
    ],
)
def test_bad_content_is_explained_and_nothing_is_lost(staff, sent, empty, changes, sentence):
    answer = staff.post(at(empty, "what"), {**steps(sent)["what"], **changes})
    assert answer.status_code == 200
    assert sentence in main(answer)
    assert " checked" in main(answer)
    assert not fresh(empty).categories.exists()


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
