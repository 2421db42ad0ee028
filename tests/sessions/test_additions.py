"""A signed note is added to: by whom, what a release opens of it, and how it is read in place."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from audit.models import AuditEvent
from consent.access import Access, Reader
from consent.actions.contacts import add_contact
from consent.clock import database_now
from consent.models import Disclosure
from people.concurrency import ChangedMeanwhile
from people.formats import moment
from sessions.actions import notes
from sessions.models import ContinuityNote, NoteSection
from sessions.preview import previews
from tests.consent.reading import read
from tests.factories import INTERNAL
from tests.releases import EVERYTHING, STATES
from tests.sessions.test_note_pages import preview_of, shown

pytestmark = pytest.mark.django_db
READING = {"active", "other_person", "other_practice"}


@pytest.fixture
def note(case, episode):
    """Signed, about response and safety."""
    case.give(hours_ago=30)
    return case.note({"response": "Zqresponse", "safety": "Zqsafety"})


@pytest.fixture
def whole(full_case) -> ContinuityNote:
    """The first signed note of a whole case: it has every category."""
    return ContinuityNote.objects.filter(signed_at__isnull=False).earliest("pk")


def at(name, row) -> str:
    return reverse(f"care:{name}", args=[row.pk])


def timeline(case) -> str:
    return reverse("care:timeline", args=[case.referral.pk])


def words(user, case) -> set[str]:
    return {section.text for section in read(user, case.client.pk).of(NoteSection)}


# ---------------------------------------------------------------- written


def test_it_has_a_draft_of_its_own_and_is_signed_once(case, note):
    by = case.cast.kaptherapist
    draft = notes.start_addition(by=by, note=note)
    assert notes.start_addition(by=case.cast.prescriber, note=note) == draft
    draft = notes.save_note(by=by, note=draft, version=0, texts={"safety": "Zqmore"})
    with pytest.raises(ChangedMeanwhile):
        notes.save_note(by=by, note=draft, version=0, texts={"safety": "Zqother"})
    with pytest.raises(ValidationError, match="Say why something is added"):
        notes.sign_note(by=by, note=draft, version=draft.version)
    texts = {"safety": "Zqmore"}
    draft = notes.save_note(
        by=by, note=draft, version=draft.version, texts=texts, reason=" She rang. "
    )
    signed = notes.sign_note(by=by, note=draft, version=draft.version)
    assert (signed.reason, signed.signed_by, signed.adds_to) == ("She rang.", by, note)
    section = NoteSection.unscoped.get(note=signed)
    assert (section.text, section.author, section.occurred_at) == ("Zqmore", by, note.dosing.at)
    with pytest.raises(PermissionDenied, match="signed"):
        notes.save_note(by=by, note=signed, version=signed.version, texts={})
    told = [e.event for e in AuditEvent.objects.filter(event__startswith="note.").order_by("pk")]
    assert told[-4:] == ["note.addition_started", "note.saved", "note.saved", "note.signed"]
    assert case.add_to(note, {"response": "Zqthird"}).adds_to == note  # as many as are needed


def test_who_adds_and_to_what(case, note):
    for name, user in case.cast.everybody().items():
        if name not in {"prescriber", "kaptherapist"}:
            with pytest.raises(PermissionDenied):
                notes.start_addition(by=user, note=note)
    addition = case.add_to(note, {"safety": "Zqmore"})
    case.give(hours_ago=3)
    for wrong in (addition, case.write({"response": "Zqdraft"})):
        with pytest.raises(PermissionDenied, match="Only a signed note that holds"):
            notes.start_addition(by=case.cast.prescriber, note=wrong)


@pytest.mark.parametrize("length", [301, 100_000])
def test_a_reason_is_one_line(length, case, note):
    draft = notes.start_addition(by=case.cast.prescriber, note=note)
    with pytest.raises(ValidationError) as refused:
        notes.save_note(
            by=case.cast.prescriber, note=draft, version=0, texts={}, reason="x" * length
        )
    assert "reason" in refused.value.error_dict


# ---------------------------------------------------------------- read


@pytest.mark.parametrize("state", STATES)
def test_a_release_that_covers_the_category_opens_the_addition(state, full_case, whole, cast):
    full_case.add_to(whole, {"integration": "Zqmore"})
    full_case.make_release(state)
    readers = {"other_person": cast.colleague, "other_practice": cast.stranger}
    reader = readers.get(state, cast.therapist)
    assert ("Zqmore" in words(reader, full_case)) == (state in READING)


def test_it_is_opened_by_its_own_category_and_sensitivity(case, note, cast):
    case.add_to(note, {"integration": "Zqfocus", "safety": "Zqmarked"}, substance_use=["safety"])
    case.active(out_categories=["response", "safety"])
    assert words(cast.therapist, case) == {"Zqresponse", "Zqsafety"}
    case.active(out_categories=["safety"], sensitivities=["substance_use"])
    assert words(cast.therapist, case) == {"Zqresponse", "Zqsafety", "Zqmarked"}
    row = Disclosure.objects.latest("pk")
    assert row.sensitivities == ["substance_use"]


def test_it_stands_below_what_it_adds_to_with_its_own_date(case, note, cast, signed_in):
    case.active(out_categories=["safety", "response"])
    addition = case.add_to(note, {"safety": "Zqmore", "treatment": "Zqhidden"})
    page = shown(signed_in(cast.therapist).get(timeline(case)))
    day = page.split('id="notes"')[1]
    said = f"Added {moment(addition.signed_at)} by {cast.kaptherapist}"
    places = [day.index(each) for each in ("Zqresponse", "Zqsafety", said, "Zqmore")]
    assert places == sorted(places)
    assert day.count("<article") == 1
    assert "Zqhidden" not in page
    assert INTERNAL not in page  # why it was added is the clinic's own
    above = page.split('id="notes"')[0]
    assert above.index("Zqsafety") < above.index("Zqmore")  # the safety notice holds both


def test_what_stands_below_nothing_does_not_hint_at_what_is_closed(case, note, cast, signed_in):
    case.active(out_categories=["integration"])
    case.add_to(note, {"integration": "Zqfocus"})
    day = shown(signed_in(cast.therapist).get(timeline(case))).split('id="notes"')[1]
    assert "Written" in day
    assert "Added" not in day


def test_the_clinic_reads_why(case, note, cast, signed_in):
    case.add_to(note, {"safety": "Zqmore"})
    for who in ("nurse", "coordinator", "prescriber"):
        for path in (at("note", note.dosing), at("note_page", note)):
            page = shown(signed_in(getattr(cast, who)).get(path))
            assert page.index("Zqsafety") < page.index(f"{INTERNAL}why") < page.index("Zqmore")
    case_page = shown(signed_in(cast.nurse).get(reverse("care:case", args=[case.episode.pk])))
    assert at("note_page", note) in case_page
    assert not Disclosure.objects.exists()


# ---------------------------------------------------------------- previews


def test_previews_are_what_is_disclosed_then(case, note, cast):
    """For everybody outside, contacts without an account among them, before and after signing."""
    sister = add_contact(
        by=cast.administrator, client=case.client, name="Rose Quill", relation="Sister"
    )
    case.active(out_categories=["safety", "integration"])
    case.active(recipients=[cast.physician], **EVERYTHING, sensitivities=["substance_use"])
    case.active(recipients=[], contacts=[sister], in_categories=[], out_categories=["response"])
    by = cast.prescriber
    draft = notes.start_addition(by=by, note=note)
    texts = {"safety": "Zq1", "integration": "Zq2", "response": "Zq3", "treatment": "Zq4"}
    draft = notes.save_note(
        by=by, note=draft, version=0, texts=texts, substance_use=["integration"], reason="x"
    )
    promised = {
        each.reader.name: {section.text for section in each.sections}
        for each in previews(case.episode, notes.unsaved_sections(draft, by))
    }
    assert promised == {
        "Tess Therapist, LCSW": {"Zq1"},
        "Phil Physician, MD": {"Zq1", "Zq2", "Zq3", "Zq4"},
        "Rose Quill (Sister)": {"Zq3"},
    }
    signed = notes.sign_note(by=by, note=draft, version=draft.version)
    at = database_now()
    for reader in (Reader.of(cast.therapist), Reader.of(cast.physician), Reader.outside(sister)):
        access = Access.load(reader, {case.client.pk}, at)
        rows = NoteSection.objects.readable_by(access).filter(note=signed)
        assert {row.text for row in rows} == promised[reader.name], reader.name


def test_a_contact_without_an_account_is_previewed_only_while_a_release_names_them(
    case, note, cast, signed_in
):
    sister = case.contact()
    browser = signed_in(cast.prescriber)
    assert "Rose Quill" not in shown(browser.get(at("note_page", note)))
    release = case.active(recipients=[], contacts=[sister], in_categories=[])
    page = shown(browser.get(at("note_page", note)))
    assert "As Rose Quill (Sister)" in page
    assert "in a copy that the clinic prints" in page
    case.revoke(release)
    assert "Rose Quill" not in shown(browser.get(at("note_page", note)))


# ---------------------------------------------------------------- pages


@pytest.fixture
def browser(signed_in, kaptherapist):
    return signed_in(kaptherapist)


def test_from_the_signed_note_to_the_signed_addition(browser, case, note, cast):
    case.active(out_categories=["safety"])
    assert "Add to this note" in shown(browser.get(at("note", note.dosing)))
    for _ in range(2):
        begun = browser.post(at("add_to_note", note))
        assert begun.status_code == 302
    draft = ContinuityNote.objects.get(adds_to=note)
    page = browser.get(begun.url)
    assert "Zqresponse" in shown(page)  # what is signed stands beside
    data = {"version": 0, "safety": "Zqmore", "sign": "1"}
    refused = browser.post(at("save_note", draft), data)
    assert refused.status_code == 422
    assert "Say why something is added." in shown(refused)
    assert "Zqmore" in shown(refused)
    onwards = browser.post(at("save_note", draft), {**data, "reason": "Zqwhy"})
    assert onwards.url == at("sign_note", draft)
    page = browser.get(onwards.url)
    assert "Sign this addition?" in shown(page)
    assert "Zqwhy" in shown(page)
    assert preview_of(page, cast.therapist) == ["Zqmore"]
    draft.refresh_from_db()
    signed = browser.post(at("sign_note", draft), {"version": draft.version})
    assert signed.url == at("note_page", note)
    page = browser.get(signed.url)
    assert "Zqmore" in shown(page)
    assert set(preview_of(page, cast.therapist)) == {"Zqsafety", "Zqmore"}
    assert browser.get(at("note_page", draft)).url == at("note_page", note)


def test_a_draft_is_the_writers_own(case, note, cast, signed_in, browser):
    case.active(**EVERYTHING)
    draft = notes.start_addition(by=cast.prescriber, note=note)
    notes.save_note(by=cast.prescriber, note=draft, version=0, texts={"safety": "Zqdraft"})
    assert "An addition is being written" in shown(browser.get(at("note_page", note)))
    for who in ("nurse", "coordinator"):
        their = signed_in(getattr(cast, who))
        assert their.get(at("note_page", draft)).url == at("note_page", note)
        assert "Zqdraft" not in shown(their.get(at("note_page", note)))
        assert their.post(at("add_to_note", note)).status_code == 404
    assert "Zqdraft" not in shown(signed_in(cast.therapist).get(timeline(case)))


def test_changed_meanwhile_names_the_reason_too(browser, case, note, cast):
    draft = notes.start_addition(by=cast.prescriber, note=note)
    notes.save_note(by=cast.prescriber, note=draft, version=0, texts={}, reason="Zqtheirs")
    mine = {"version": 0, "safety": "Zqmine", "reason": "Zqmyreason"}
    answer = browser.post(at("save_note", draft), mine)
    assert answer.status_code == 409
    for said in ("Zqmine", "Zqmyreason", "Zqtheirs"):
        assert said in shown(answer)


def test_autosave_after_somebody_signed_keeps_the_words_in_the_form(browser, note):
    """With script the answer replaces the state of the form alone: it has to say it there."""
    texts = {"version": note.version, "response": "Zqlate"}
    answer = browser.post(at("save_note", note), texts, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    state = shown(answer).split('id="note-state"')[1].split("</form>")[0]
    assert "Not saved. This note is signed." in state
