"""Drafting a release in five steps: saved one by one, in any order, and what is missing."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consent.clock import database_now
from consent.documents.text import as_text
from consent.enums import (
    ReleaseState,
    Sensitivity,
    Step,
)
from consent.models import Release
from people.enums import OrganizationKind, Role
from people.models import Client
from tests.consent.drafts import at, fill, fresh, main, steps
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ whose information


def test_a_draft_is_begun_once_however_often_the_form_is_sent(staff, sent):
    data = {"form_key": str(uuid4()), "client": sent.client.pk}
    answers = [staff.post(reverse("consent:new"), data) for _ in range(2)]
    assert {answer.url for answer in answers} == {at(Release.objects.get())}


def test_a_client_who_was_not_referred_here_cannot_be_chosen(staff, case):
    case.draft()
    data = {"form_key": str(uuid4()), "client": case.client.pk}
    assert "Select a valid choice" in main(staff.post(reverse("consent:new"), data))
    assert not Release.objects.exists()


# ------------------------------------------------------------------ the way through


def test_five_steps_lead_from_nothing_to_the_client(staff, sent, empty):
    assert staff.get(at(empty)).url == at(empty, "who")
    for step, following in (("who", "what"), ("what", "until"), ("until", "signing")):
        assert staff.post(at(empty, step), steps(sent)[step]).url == at(empty, following)
    answer = staff.post(at(empty, "signing"), steps(sent)["signing"])
    assert answer.url == at(empty, "check") == staff.get(at(empty)).url
    page = main(staff.get(answer.url))
    assert f'action="{reverse("consent:send", args=[empty.pk])}"' in page
    assert "What Northfield Clinic may send to Tess Therapist" in page
    staff.post(reverse("consent:send", args=[empty.pk]))
    assert fresh(empty).state(database_now()) == ReleaseState.AWAITING


def test_steps_are_filled_in_any_order_and_an_unfinished_draft_goes_on_where_it_stood(
    staff, sent, empty
):
    for step in ("signing", "until", "what"):
        staff.post(at(empty, step), steps(sent)[step])
        assert staff.get(at(empty)).url == at(empty, "who")
    staff.post(at(empty, "who"), steps(sent)["who"])
    assert staff.get(at(empty)).url == at(empty, "check")


def test_the_rail_leads_to_every_step_and_says_what_is_done(staff, sent, empty):
    staff.post(at(empty, "who"), steps(sent)["who"])
    page = main(staff.get(at(empty, "until")))
    for step in set(Step) - {Step.UNTIL}:
        assert f'href="{at(empty, step)}"' in page
    assert "Tess Therapist, LCSW, Harbor Lane Practice" in page
    assert page.count("Still to do") == 1
    assert page.count('aria-current="step"') == 1


def test_save_and_leave_leads_to_the_list_and_keeps_the_step(staff, sent, empty):
    answer = staff.post(at(empty, "who"), {**steps(sent)["who"], "then": "leave"})
    assert answer.url == reverse("consent:releases")
    assert fresh(empty).recipients.count() == 1


def test_nothing_is_ticked_beforehand(staff, empty):
    pages = {step: main(staff.get(at(empty, step))) for step in ("who", "what")}
    assert not [step for step, page in pages.items() if " checked" in page]


def test_an_unknown_step_is_not_found(staff, empty):
    assert staff.get(at(empty, "drug")).status_code == 404


def test_opening_a_step_writes_nothing_and_neither_does_saving_it_unchanged(staff, sent, empty):
    fill(staff, sent, empty)
    staff.post(reverse("consent:send", args=[empty.pk]))
    events = AuditEvent.objects.count()
    for step in Step:
        staff.get(at(empty, step))
    fill(staff, sent, empty)
    assert AuditEvent.objects.count() == events
    assert fresh(empty).state(database_now()) == ReleaseState.AWAITING


def test_a_change_takes_the_release_back_from_the_client_and_the_page_says_so(staff, sent, empty):
    fill(staff, sent, empty)
    staff.post(reverse("consent:send", args=[empty.pk]))
    assert "Saving a change takes it back" in main(staff.get(at(empty, "what")))
    staff.post(at(empty, "signing"), {"revocation_how": "call us."})
    assert fresh(empty).state(database_now()) == ReleaseState.DRAFT


@pytest.mark.parametrize("how", ["active", "declined", "discarded"])
def test_what_was_answered_or_put_away_leads_to_its_page(staff, sent, how):
    release = sent.active() if how == "active" else sent.unsigned()
    if how != "active":
        Release.objects.filter(pk=release.pk).update(**{f"{how}_at": timezone.now()})
    before = as_text(fresh(release))
    for answer in (
        staff.get(at(release)),
        staff.get(at(release, "what")),
        staff.post(at(release, "what"), {"out_categories": ["safety"]}),
    ):
        assert answer.url == reverse("consent:detail", args=[release.pk])
    assert as_text(fresh(release)) == before


# ------------------------------------------------------------------ what is missing


@pytest.mark.parametrize(
    ("step", "without", "sentence", "field"),
    [
        ("who", {}, "Name who receives it", "recipients_0"),
        ("what", {"purposes": ["coordination"]}, "Tick at least one category", "out_categories_0"),
        ("what", {"out_categories": ["safety"]}, "State at least one purpose", "purposes_0"),
        ("until", {}, "Give the date or the event on which it ends", "last_day"),
        ("signing", {"revocation_how": ""}, "Say how the client can withdraw", "revocation_how"),
    ],
)
def test_each_missing_element_leads_to_its_field_in_its_step(
    staff, sent, empty, step, without, sentence, field
):
    fill(staff, sent, empty, **{step: without})
    page = main(staff.get(at(empty, "check")))
    link = f'{at(empty, step)}?missing=#id_{field}"'
    assert "One thing is missing before the client can sign" in page
    assert link in page
    assert sentence in page
    assert f"Step {Step(step).number}</span>" in page
    assert "disabled" in page
    mended = main(staff.get(f"{at(empty, step)}?missing="))
    assert f'id="id_{field}"' in mended
    assert mended.count(sentence) == 2  # above, and beside the field with its source
    assert "CFR" in mended
    assert "This step" in mended
    back = staff.post(f"{at(empty, step)}?missing=", steps(sent)[step])
    assert back.url == at(empty, "check")
    assert "missing before" not in main(staff.get(back.url))


@pytest.mark.parametrize("step", ["who", "what", "until", "signing"])
def test_what_is_not_whole_is_not_sent(staff, sent, empty, step):
    fill(staff, sent, empty, **{step: {}})
    staff.post(reverse("consent:send", args=[empty.pk]))
    assert fresh(empty).state(database_now()) == ReleaseState.DRAFT


# ------------------------------------------------------------------ renewing and putting away


def test_renewing_is_one_click_to_the_step_that_is_left(staff, sent):
    signed = sent.active(sensitivities=[Sensitivity.SUBSTANCE_USE])
    for _ in range(2):
        answer = staff.post(reverse("consent:renew", args=[signed.pk]), follow=True)
    draft = Release.objects.get(supersedes=signed)
    assert answer.redirect_chain[-1][0] == at(draft, "until")
    assert f"takes the place of {signed.number}" in main(answer)
    page = staff.post(reverse("consent:renew", args=[draft.pk]), follow=True).content.decode()
    assert "Only a signed release" in page


def test_a_draft_is_put_away(staff, sent, empty):
    discard = reverse("consent:discard", args=[empty.pk])
    assert discard in main(staff.get(at(empty, "check")))
    for _ in range(2):
        assert "was put away" in staff.post(discard, follow=True).content.decode()
    assert fresh(empty).discarded_at
    signed = sent.active()
    page = staff.post(reverse("consent:discard", args=[signed.pk]), follow=True).content.decode()
    assert "The client has answered" in page


@pytest.mark.parametrize("name", ["renew", "discard"])
def test_these_are_acts_and_not_pages(staff, empty, name):
    assert staff.get(reverse(f"consent:{name}", args=[empty.pk])).status_code == 405


# ------------------------------------------------------------------ who else


def test_another_clinics_administrator_and_every_other_role_find_nothing(client, sent, empty):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    cast = sent.cast
    others = [
        make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere),
        cast.coordinator,
        cast.prescriber,
        cast.therapist,
        cast.superuser,
    ]
    before = Client.objects.count(), AuditEvent.objects.count()
    for by in others:
        client.force_login(by)
        for step in Step:
            assert client.get(at(empty, step)).status_code == 404
            assert client.post(at(empty, step), steps(sent).get(step, {})).status_code == 404
        for name in ("renew", "discard"):
            assert client.post(reverse(f"consent:{name}", args=[empty.pk])).status_code == 404
    assert (Client.objects.count(), AuditEvent.objects.count()) == before
