"""Drafting: what the steps of who and what offer, show and refuse."""

import pytest

from audit.models import AuditEvent
from consent.enums import (
    EXPLANATIONS,
    OUT_CATEGORIES,
    Category,
    Ending,
    LegalForm,
)
from consent.models import OutsideContact
from people.enums import OrganizationKind
from tests.consent.drafts import at, contact, fill, fresh, main, panel, steps
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


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
