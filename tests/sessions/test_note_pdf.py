"""One note as a PDF: the clinic's own copy, and what a release opens of it to somebody outside."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from consent.models import Disclosure
from consent.scope import PART2_NOTICE
from referrals.models import Referral
from sessions.models import ContinuityNote, NoteSection
from sessions.reading import read_note
from tests.consent.emergencies import opening
from tests.factories import CLINIC, CLINIC_SENSITIVE, INTERNAL
from tests.releases import EVERYTHING, STATES

pytestmark = [pytest.mark.django_db, pytest.mark.pango]
OWN = "The clinic’s own copy."


@pytest.fixture
def notes(full_case) -> list[ContinuityNote]:
    """The first has every category, the second is about substance use, the third a draft."""
    return list(ContinuityNote.objects.order_by("pk"))


def outside(case, note) -> str:
    return reverse("care:timeline_note_pdf", args=[case.referral.pk, note.pk])


def inside(note) -> str:
    return reverse("care:note_pdf", args=[note.pk])


def words(answer) -> str:
    assert answer["Content-Disposition"] == 'attachment; filename="note.pdf"'
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def held(text: str) -> set[str]:
    return {str(category) for category, said in CLINIC.items() if said in text}


def test_the_clinics_copy_is_whole_says_whose_it_is_and_is_no_disclosure(
    full_case, notes, cast, signed_in
):
    full_case.add_to(notes[0], {"safety": "Zqmore"})
    for who in ("nurse", "coordinator", "prescriber", "kaptherapist"):
        text = words(signed_in(getattr(cast, who)).get(inside(notes[0])))
    assert held(text) == set(map(str, CLINIC)) - {"readiness"}
    for said in (OWN, "Zqmore", f"{INTERNAL}why", "dose 1", "Kai Kaptherapist"):
        assert said in text, said
    full_case.take_back(notes[0])
    text = words(signed_in(cast.nurse).get(inside(notes[0])))
    assert f"{INTERNAL}mistake" in text
    assert CLINIC["safety"] in text
    assert not Disclosure.objects.exists()


def test_a_draft_makes_none(notes, signed_in, cast):
    assert signed_in(cast.prescriber).get(inside(notes[2])).status_code == 404


@pytest.mark.parametrize("state", STATES)
def test_a_reader_gets_what_the_release_opens_of_this_note(
    state, full_case, notes, cast, signed_in
):
    full_case.make_release(state)
    readers = {"other_person": cast.colleague, "other_practice": cast.stranger}
    answer = signed_in(readers.get(state, cast.therapist)).get(outside(full_case, notes[0]))
    if state not in {"active", "other_person", "other_practice"}:
        assert answer.status_code == 404
        assert not Disclosure.objects.exists()
        return
    assert held(words(answer)) == {"schedule", "treatment", "response", "integration"}
    row = Disclosure.objects.get()
    assert row.channel == "pdf"
    assert {item[0] for item in row.items} == {"care_sessions.notesection"}
    assert len(row.items) == 4


def test_it_names_the_releases_it_rests_on_and_no_others(full_case, notes, cast, signed_in):
    used = full_case.active(out_categories=["safety", "outcomes"])
    other = full_case.active(out_categories=["outcomes"], sensitivities=["substance_use"])
    full_case.add_to(notes[0], {"safety": "Zqmore"})
    text = words(signed_in(cast.therapist).get(outside(full_case, notes[0])))
    for said in (used.number, "Coordinating care", "Tess Therapist", "Northfield Clinic", "Zqmore"):
        assert said in text, said
    assert held(text) == {"safety"}
    for hidden in (other.number, PART2_NOTICE, OWN, INTERNAL, "Treatment", "dose 1"):
        assert hidden not in text, hidden


def test_substance_use_records_carry_the_notice(full_case, notes, cast, signed_in):
    full_case.active(**EVERYTHING)
    browser = signed_in(cast.therapist)
    assert browser.get(outside(full_case, notes[1])).status_code == 404
    full_case.active(**EVERYTHING, sensitivities=["substance_use"])
    text = words(browser.get(outside(full_case, notes[1])))
    assert CLINIC_SENSITIVE in text
    assert PART2_NOTICE in text


def test_in_an_emergency_too(full_case, notes, cast, signed_in):
    full_case.make_release("expired", recipients=[cast.physician], **EVERYTHING)
    opening(full_case, cast.physician)
    text = words(signed_in(cast.physician).get(outside(full_case, notes[1])))
    assert "Emergency access" in text
    assert PART2_NOTICE in text


def test_in_error_it_says_so_without_the_words(full_case, notes, cast, signed_in):
    full_case.active(out_categories=["safety"])
    full_case.take_back(notes[0])
    text = words(signed_in(cast.therapist).get(outside(full_case, notes[0])))
    assert "Entered in error on" in text
    assert not held(text)
    assert INTERNAL not in text


def test_a_note_of_another_case_is_not_there(full_case, notes, cast, signed_in):
    from tests.builder import Builder

    full_case.active(**EVERYTHING)
    other = Builder(cast)
    other.begin_care()
    other.active(**EVERYTHING)
    browser = signed_in(cast.therapist)
    assert browser.get(outside(other, notes[0])).status_code == 404
    assert browser.get(outside(full_case, notes[0])).status_code == 200
    again = Referral(pk=0, client=full_case.client)  # of the same client
    assert not read_note(cast.therapist, again, notes[0].pk).of(NoteSection)


def test_the_timeline_leads_to_it_where_there_is_something_to_lead_to(
    full_case, notes, cast, signed_in
):
    full_case.active(out_categories=["safety"])
    page = signed_in(cast.therapist).get(reverse("care:timeline", args=[full_case.referral.pk]))
    assert outside(full_case, notes[0]) in page.content.decode()
    assert outside(full_case, notes[1]) not in page.content.decode()


def test_without_pango_nothing_is_read(full_case, notes, cast, signed_in, monkeypatch):
    from sessions.views import note_pages, note_pdf

    for module in (note_pages, note_pdf):
        monkeypatch.setattr(module, "pdf_available", lambda: False)
    full_case.active(**EVERYTHING)
    assert signed_in(cast.therapist).get(outside(full_case, notes[0])).status_code == 503
    assert not Disclosure.objects.exists()
    page = signed_in(cast.nurse).get(reverse("care:note_page", args=[notes[0].pk]))
    assert "libpango" in page.content.decode()
