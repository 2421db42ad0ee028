"""What a draft may say, to whom, in which legal form, until when; renewing and putting away."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from consent.actions.contacts import add_contact
from consent.actions.drafting import (
    edit_release,
    send_for_signature,
    still_possible,
    terms_of,
)
from consent.clock import database_now
from consent.documents.elements import missing_elements, needs_part2_elements
from consent.documents.text import as_text
from consent.enums import Ending, LegalForm, Purpose, RecipientKind, ReleaseState, Sensitivity, Step
from consent.models import Release, ReleaseRecipient
from people.enums import OrganizationKind, Role
from people.registration import register
from tests.consent.drafts import fresh
from tests.factories import make_client, make_organization, make_user
from tests.refusing import database_refuses

pytestmark = pytest.mark.usefixtures("referral")

SUBSTANCE = [Sensitivity.SUBSTANCE_USE]
PART2 = {"legal_form": LegalForm.PART2_CARE, "sensitivities": SUBSTANCE}


def refused(act) -> dict:
    with pytest.raises(ValidationError) as error, transaction.atomic():
        act()
    return error.value.message_dict


# ------------------------------------------------------------------ to whom


def test_people_roles_and_contacts_receive_side_by_side(case):
    care, sister = case.cast.primary_care, case.contact()
    release = fresh(case.draft_release(roles=[(care, Role.PHYSICIAN)], contacts=[sister]))
    assert [str(r) for r in release.recipients.order_by("kind")] == [
        "Rose Quill (Sister)",
        f"{case.referrer}, Harbor Lane Practice",
        "Any physician at Elm Primary Care",
    ]
    assert "Any physician at Elm Primary Care" in as_text(release)
    kept = terms_of(release)
    assert kept.roles == [(care, "physician")]
    assert kept.contacts == [sister]


def test_a_role_is_one_of_an_outside_practice(case):
    for place, role in (
        (case.cast.clinic, Role.PHYSICIAN),
        (case.cast.clinic, Role.NURSE),
        (case.cast.practice, Role.ADMINISTRATOR),
        (case.cast.practice, "owner"),
    ):
        said = refused(lambda pair=(place, role): case.draft_release(roles=[pair]))
        assert said == {"recipients": ["Choose a role at an outside practice."]}


def test_a_contact_of_another_client_or_clinic_is_refused(case):
    other = make_client(case.cast.practice, first_name="Other")
    register(other, case.cast.clinic)
    theirs = add_contact(
        by=case.cast.administrator, client=other, name="Their Friend", relation="Friend"
    )
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    register(case.client, elsewhere)
    of_elsewhere = add_contact(
        by=make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere),
        client=case.client,
        name="Rose Quill",
        relation="Sister",
    )
    for foreign in (theirs, of_elsewhere):
        said = refused(lambda one=foreign: case.draft_release(contacts=[one]))
        assert said == {"recipients": ["Choose a contact of this client."]}


def test_the_same_recipient_is_listed_once(case):
    draft = case.draft_release(roles=[(case.cast.primary_care, Role.PHYSICIAN)])
    for kind in ("person", "role"):
        row = draft.recipients.get(kind=kind)
        row.pk = None
        database_refuses(row.save)


def test_the_database_refuses_recipients_of_mixed_kind(case):
    draft, cast, sister = case.draft_release(), case.cast, case.contact()
    person = {"kind": RecipientKind.PERSON, "user": cast.physician}
    role = {"kind": RecipientKind.ROLE, "role": Role.PHYSICIAN}
    place = {"organization": cast.primary_care}
    for mixed in (
        person,  # a person without a place
        {**person, **place, "role": Role.PHYSICIAN},
        {**person, **place, "contact": sister},
        role,
        {**role, **place, "user": cast.physician},
        {**role, **place, "contact": sister},
        {**role, **place, "role": ""},
        {**role, **place, "role": Role.NURSE},
        {"kind": RecipientKind.CONTACT},
        {"kind": RecipientKind.CONTACT, "contact": sister, **place},
        {"kind": RecipientKind.CONTACT, "contact": sister, "user": cast.physician},
        {"kind": RecipientKind.CONTACT, "contact": sister, "role": Role.PHYSICIAN},
        {"kind": "everybody", **place},
    ):
        database_refuses(lambda row=mixed: ReleaseRecipient.objects.create(release=draft, **row))
    assert draft.recipients.count() == 1


# ------------------------------------------------------------------ legal form and ending


def test_an_authorization_without_an_end_is_refused(case):
    said = refused(lambda: case.draft_release(ending=Ending.NONE, until=None))
    assert "45 CFR 164.508(c)(1)(v)" in said["ending"][0]
    rows = Release.objects.filter(pk=case.draft_release().pk)
    database_refuses(lambda: rows.update(ending=Ending.NONE, until=None))
    database_refuses(lambda: rows.update(ending="whenever"))


def test_the_part2_form_needs_part2_records(case, part2):
    assert "legal_form" in refused(lambda: case.draft_release(legal_form=LegalForm.PART2_CARE))
    rows = Release.objects.filter(pk=case.draft_release().pk)
    database_refuses(lambda: rows.update(legal_form=LegalForm.PART2_CARE))
    database_refuses(lambda: rows.update(legal_form="other"))


def test_the_part2_form_may_go_without_an_end(case, part2):
    release = case.active(**PART2, ending=Ending.NONE, until=None)
    assert "It does not end by itself" in release.text
    assert "42 CFR 2.31" in release.text
    assert release.state(database_now() + timedelta(days=5000)) == ReleaseState.ACTIVE


def test_the_part2_form_is_for_a_part2_clinic_and_people_who_treat(case, part2):
    assert not missing_elements(fresh(case.draft_release(**PART2)))
    to_a_sister = fresh(case.draft_release(**PART2, contacts=[case.contact()]))
    assert [(m.step, m.field) for m in missing_elements(to_a_sister)] == [
        (Step.WHAT, "legal_form_0")
    ]
    part2.is_part2_program = False
    part2.save()
    elsewhere = fresh(case.draft_release(**PART2))
    assert [m.field for m in missing_elements(elsewhere)] == ["legal_form_0"]
    with pytest.raises(ValidationError, match="Choose the authorization"):
        send_for_signature(by=case.cast.administrator, release=elsewhere)


def test_part2_words_join_as_soon_as_records_of_a_program_are_included(case, part2):
    without = fresh(case.draft_release())
    included = fresh(case.draft_release(sensitivities=SUBSTANCE))
    assert [needs_part2_elements(without), needs_part2_elements(included)] == [False, True]
    assert "protected by federal law" not in as_text(without)
    assert "protected by federal law" in as_text(included)
    part2.is_part2_program = False
    part2.save()
    assert not needs_part2_elements(fresh(case.draft_release(sensitivities=SUBSTANCE)))
    case.cast.practice.is_part2_program = True
    case.cast.practice.save()
    assert needs_part2_elements(fresh(case.draft_release(sensitivities=SUBSTANCE)))


def test_an_event_ends_it_and_a_date_may_stand_beside(case):
    by_event = case.active(ending=Ending.END_OF_TREATMENT, until=None)
    assert "when your treatment at the clinic ends" in by_event.text
    both = case.active(ending=Ending.END_OF_TREATMENT)
    assert "at the latest on" in both.text


# ------------------------------------------------------------------ what the law wants

ELEMENTS = {
    "recipients": ([], Step.WHO, "Name who receives it"),
    "out_categories": ([], Step.WHAT, "Tick at least one category of information"),
    "purposes": ({}, Step.WHAT, "State at least one purpose"),
    "until": (None, Step.UNTIL, "Give the date or the event on which it ends"),
    "revocation_how": (" ", Step.SIGNING, "Say how the client can withdraw it in writing"),
}


@pytest.mark.parametrize("element", ELEMENTS)
def test_each_missing_element_is_named_with_its_step_and_stops_the_sending(case, element):
    empty, step, sentence = ELEMENTS[element]
    release = fresh(case.draft_release(**{"in_categories": [], element: empty}))
    assert [(m.step, m.sentence) for m in missing_elements(release)] == [(step, sentence)]
    with pytest.raises(ValidationError, match=sentence):
        send_for_signature(by=case.cast.administrator, release=release)


def test_a_clinic_without_an_address_is_named_too(case):
    release = case.draft_release()
    type(case.cast.clinic).objects.filter(pk=case.cast.clinic.pk).update(address="")
    (missing,) = missing_elements(fresh(release))
    assert (missing.step, "postal address" in missing.sentence) == (Step.SIGNING, True)


def test_a_last_day_that_has_passed_meanwhile_is_named_and_must_be_chosen_anew(case):
    release = case.draft_release()
    Release.objects.filter(pk=release.pk).update(until=timezone.now())
    release = fresh(release)
    (missing,) = missing_elements(release)
    assert (missing.step, "already be over" in missing.sentence) == (Step.UNTIL, True)
    assert still_possible(terms_of(release)).until is None


# ------------------------------------------------------------------ editing in parts


def test_changing_one_part_keeps_every_other(case):
    now = timezone.now()
    draft = case.draft_release(
        roles=[(case.cast.primary_care, Role.PHYSICIAN)],
        contacts=[case.contact()],
        sensitivities=SUBSTANCE,
        purposes={Purpose.AT_REQUEST: "so that they talk"},
        service_from=now - timedelta(days=9),
        service_until=now,
        starts_at=now + timedelta(days=1),
        witness_required=True,
    )
    before = terms_of(fresh(draft))
    changed = replace(before, out_categories=["schedule"])
    edit_release(by=case.cast.administrator, release=draft, terms=changed)
    assert terms_of(fresh(draft)) == changed
    assert changed != before


def test_editing_takes_a_release_back_from_the_client(case):
    release = case.unsigned()
    edit_release(by=case.cast.administrator, release=release, terms=terms_of(fresh(release)))
    assert fresh(release).state(database_now()) == ReleaseState.DRAFT
