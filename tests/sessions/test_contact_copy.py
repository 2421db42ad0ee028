"""Copies for people without an account: printed by clinical staff, kept in the contact's name."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from audit.models import AuditEvent
from consent.actions.contacts import add_contact
from consent.enums import Channel
from consent.models import Disclosure, OutsideContact
from consent.scope import PART2_NOTICE
from tests.builder import Builder
from tests.factories import CLINIC, CLINIC_SENSITIVE, INTERNAL, PASSWORD
from tests.releases import EVERYTHING

pytestmark = pytest.mark.django_db
AT_CLINIC = {"prescriber", "nurse", "kaptherapist", "coordinator"}


@pytest.fixture
def rose(full_case) -> OutsideContact:
    return add_contact(
        by=full_case.cast.administrator,
        client=full_case.client,
        name="Rose Quill",
        relation="Sister",
    )


@pytest.fixture
def nurse(full_case, client):
    """The nurse, who has just entered the password again."""
    client.force_login(full_case.cast.nurse)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def named(case, rose, **terms):
    return case.active(recipients=[], contacts=[rose], in_categories=[], **terms)


def at(case, contact) -> str:
    return reverse("care:contact_copy", args=[case.episode.pk, contact.pk])


def page_of(case) -> str:
    return reverse("care:case", args=[case.episode.pk])


def words(answer) -> str:
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.pango
def test_the_copy_holds_exactly_what_the_release_opens_with_its_scope(full_case, rose, nurse):
    release = named(full_case, rose, out_categories=["safety", "integration"])
    before = Disclosure.objects.count()
    answer = nurse.post(at(full_case, rose))
    text = words(answer)
    opened = {category for category, said in CLINIC.items() if said in text}
    assert opened == {"safety", "integration"}
    assert INTERNAL not in text
    assert CLINIC_SENSITIVE not in text
    for said in (
        "Rose Quill (Sister)",
        "Handed over by Nora Nurse, RN, Northfield Clinic",
        release.number,
        "It opens: safety, integration",
        "Coordinating care",
    ):
        assert said in text, said
    assert PART2_NOTICE not in text
    assert "Treatment" not in text  # nothing withheld is hinted at
    assert answer["Content-Disposition"] == 'attachment; filename="copy.pdf"'
    assert Disclosure.objects.count() == before + 1
    row = Disclosure.objects.latest("pk")
    assert (row.reader_id, row.reader_role) == (rose.pk, "contact")
    assert (row.reader_name, row.channel) == ("Rose Quill (Sister)", Channel.EXPORT)
    assert row.categories == ["integration", "safety"]
    assert row.releases == [release.pk]
    event = AuditEvent.objects.get(event="copy.handed_over")
    assert (event.actor_id, event.client_id) == (full_case.cast.nurse.pk, full_case.client.pk)
    assert event.subject == f"consent.outsidecontact:{rose.pk}"
    assert event.detail == {"episode": full_case.episode.pk}


@pytest.mark.pango
def test_substance_use_records_carry_the_notice(full_case, rose, nurse):
    named(full_case, rose, out_categories=["response"], sensitivities=["substance_use"])
    text = words(nurse.post(at(full_case, rose)))
    assert CLINIC_SENSITIVE in text
    assert PART2_NOTICE in text


@pytest.mark.pango
def test_a_release_that_ends_with_treatment_says_so(full_case, rose, nurse):
    named(full_case, rose, out_categories=["safety"], until=None, ending="end_of_treatment")
    assert "when treatment at the clinic ends" in words(nurse.post(at(full_case, rose)))
    assert nurse.get(page_of(full_case)).status_code == 200


@pytest.mark.pango
@pytest.mark.parametrize("state", ["none", "unsigned", "revoked", "other contact", "inwards"])
def test_without_a_release_in_force_nothing_leaves(full_case, rose, nurse, state):
    if state == "unsigned":
        full_case.unsigned(recipients=[], contacts=[rose], in_categories=[])
    if state == "revoked":
        full_case.revoke(named(full_case, rose, out_categories=EVERYTHING["out_categories"]))
    if state == "other contact":
        add = {"by": full_case.cast.administrator, "client": full_case.client}
        named(full_case, add_contact(**add, name="Rose Quill", relation="Friend"))
    if state == "inwards":
        full_case.active(recipients=[full_case.referrer], contacts=[rose], out_categories=[])
    assert at(full_case, rose) not in nurse.get(page_of(full_case)).content.decode()
    before = Disclosure.objects.count()
    answer = nurse.post(at(full_case, rose))
    assert answer.url == page_of(full_case)
    assert "nothing is shared with them now" in nurse.get(answer.url).content.decode()
    assert not Disclosure.objects.filter(reader_role="contact").exists()
    assert Disclosure.objects.filter(pk__gt=before).exclude(reader_role="nurse").count() == 0
    assert not AuditEvent.objects.filter(event="copy.handed_over").exists()


def test_the_case_offers_it_where_a_release_in_force_names_somebody(full_case, rose, nurse):
    assert "Copies to hand over" not in nurse.get(page_of(full_case)).content.decode()
    named(full_case, rose)
    page = nurse.get(page_of(full_case)).content.decode()
    assert "Copy for Rose Quill" in page
    assert at(full_case, rose) in page


@pytest.mark.parametrize("who", ["administrator", "therapist", "physician", "stranger"])
def test_nobody_but_clinical_staff_finds_it(full_case, rose, signed_in, who):
    named(full_case, rose)
    browser = signed_in(getattr(full_case.cast, who))
    assert browser.post(at(full_case, rose)).status_code == 404
    assert browser.get(at(full_case, rose)).status_code == 404


@pytest.mark.parametrize("who", sorted(AT_CLINIC))
def test_it_asks_for_the_password_and_a_get_reads_nothing(full_case, rose, signed_in, who):
    named(full_case, rose)
    browser = signed_in(getattr(full_case.cast, who))
    assert "reauthenticate" in browser.post(at(full_case, rose)).url
    assert browser.get(at(full_case, rose)).url == page_of(full_case)
    assert not Disclosure.objects.filter(reader_role="contact").exists()


def test_a_contact_of_another_client_is_not_there(full_case, cast, nurse):
    other = Builder(cast)
    other.send(first_name="Other")
    contact = add_contact(
        by=cast.administrator, client=other.client, name="Otto", relation="Brother"
    )
    assert nurse.post(at(full_case, contact)).status_code == 404


def test_without_pango_nothing_is_read(full_case, rose, nurse, monkeypatch):
    named(full_case, rose)
    monkeypatch.setattr("people.pdf._weasyprint", lambda: None)
    answer = nurse.post(at(full_case, rose), follow=True)
    assert "libpango" in answer.content.decode()
    assert not Disclosure.objects.filter(reader_role="contact").exists()
