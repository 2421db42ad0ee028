"""Entered in error: kept at the clinic, struck through; outside it is said, without the words."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from audit.models import AuditEvent
from consent.models import Disclosure
from people.formats import day
from sessions.actions import notes
from sessions.models import ContinuityNote, NoteSection
from sessions.preview import previews
from tests.consent.emergencies import opening
from tests.consent.reading import read, words
from tests.factories import CLINIC, INTERNAL
from tests.releases import EVERYTHING
from tests.sessions.test_additions import at, timeline
from tests.sessions.test_note_pages import shown

pytestmark = pytest.mark.django_db
SAID = "the clinic has taken it back"
TEXTS = {"response": "Zqresponse", "safety": "Zqsafety"}


@pytest.fixture
def note(case, episode):
    """Signed by the prescriber."""
    case.give(hours_ago=30)
    return case.note(TEXTS)


def by_kaptherapist(case) -> ContinuityNote:
    by = case.cast.kaptherapist
    draft = case.write(TEXTS)
    return notes.sign_note(by=by, note=draft, version=draft.version)


# ---------------------------------------------------------------- marking


def test_a_note_takes_all_that_was_added_with_it_and_another_can_begin(case, note):
    addition = case.add_to(note, {"safety": "Zqmore"})
    case.take_back(note)
    for row in (note, addition):
        row.refresh_from_db()
        assert row.in_error_at
        assert row.in_error_by == case.cast.prescriber
        assert (
            AuditEvent.objects.filter(
                event="note.entered_in_error", subject=f"care_sessions.continuitynote:{row.pk}"
            ).count()
            == 1
        )
    assert INTERNAL not in str(AuditEvent.objects.latest("pk").detail)
    assert case.dosing.note is None
    new = case.note({"response": "Zqright"})
    assert case.dosing.note == new
    assert NoteSection.unscoped.count() == 4


def test_one_addition_alone(case, note):
    first, second = (case.add_to(note, {"safety": word}) for word in ("Zqone", "Zqtwo"))
    case.take_back(first)
    for row, marked in ((note, False), (first, True), (second, False)):
        row.refresh_from_db()
        assert bool(row.in_error_at) == marked
    assert case.dosing.note == note


def test_again_changes_nothing(case, note):
    first = case.take_back(note)
    again = notes.mark_in_error(by=case.cast.prescriber, note=note, reason="another reason")
    assert (again.in_error_at, again.in_error_reason) == (first.in_error_at, f"{INTERNAL}mistake")


def test_whoever_signed_it_or_a_prescriber(case, episode):
    case.give(hours_ago=30)
    note = by_kaptherapist(case)
    for name, user in case.cast.everybody().items():
        if name not in {"prescriber", "kaptherapist"}:
            with pytest.raises(PermissionDenied):
                notes.mark_in_error(by=user, note=note, reason="x")
    assert notes.mark_in_error(by=case.cast.kaptherapist, note=note, reason="x").in_error_at
    theirs = case.note(TEXTS)  # the prescriber's
    with pytest.raises(PermissionDenied, match="Whoever signed it, or a prescriber"):
        notes.mark_in_error(by=case.cast.kaptherapist, note=theirs, reason="x")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_a_reason_is_given(reason, case, note):
    with pytest.raises(ValidationError) as refused:
        notes.mark_in_error(by=case.cast.prescriber, note=note, reason=reason)
    assert "reason" in refused.value.error_dict
    note.refresh_from_db()
    assert not note.in_error_at


def test_a_draft_is_changed_and_not_marked(case, episode):
    case.give(hours_ago=30)
    with pytest.raises(PermissionDenied, match="Only a signed note"):
        case.take_back(case.write(TEXTS))


def test_nothing_more_is_added_and_the_words_of_a_draft_stay(case, note, signed_in):
    by = case.cast.prescriber
    draft = notes.start_addition(by=by, note=note)
    draft = notes.save_note(by=by, note=draft, version=0, texts={"safety": "Zqhalf"}, reason="x")
    case.take_back(note)
    with pytest.raises(PermissionDenied, match="entered in error"):
        notes.sign_note(by=by, note=draft, version=draft.version)
    browser = signed_in(by)
    late = browser.post(at("save_note", draft), {"version": draft.version, "safety": "Zqlate"})
    assert late.status_code == 409
    assert "Zqlate" in shown(late)
    assert browser.get(at("sign_note", draft), follow=True).status_code == 200
    page = shown(browser.get(at("note_page", draft), follow=True))
    assert "An addition was never signed" in page
    assert "Zqhalf" in page
    assert "Add to this note" not in page


# ---------------------------------------------------------------- read inside


def test_the_clinic_reads_it_struck_through_with_the_reason(case, note, cast, signed_in):
    case.take_back(note)
    struck = f"<s>{TEXTS['response']}</s>"
    for who in ("nurse", "kaptherapist", "coordinator"):
        browser = signed_in(getattr(cast, who))
        for path in (at("note_page", note), reverse("care:case", args=[case.episode.pk])):
            page = shown(browser.get(path))
            assert struck in page, (who, path)
            assert f"{INTERNAL}mistake" in page
        assert at("note_page", note) in shown(browser.get(at("note", note.dosing)))
    assert "Begin a new note" in shown(signed_in(cast.kaptherapist).get(at("note", note.dosing)))


def test_the_dose_is_without_a_note_again(case, note, cast, signed_in):
    browser = signed_in(cast.prescriber)
    path, today = reverse("care:case", args=[case.episode.pk]), reverse("reminders:today")
    assert "Note on dose 1" not in shown(browser.get(path))
    assert at("note", note.dosing) not in shown(browser.get(today))
    case.take_back(note)
    assert "Note on dose 1" in shown(browser.get(path))
    assert at("note", note.dosing) in shown(browser.get(today))


# ---------------------------------------------------------------- read outside


def test_who_read_it_sees_that_it_was_in_error_and_none_of_its_words(case, note, cast, signed_in):
    case.active(out_categories=["safety"])
    browser = signed_in(cast.therapist)
    assert "Zqsafety" in shown(browser.get(timeline(case))).split('id="notes"')[0]
    note = case.take_back(note)
    answer = browser.get(timeline(case))
    page = shown(answer)
    assert f"Entered in error on {day(note.in_error_at)}: {SAID}." in page
    assert page.count(SAID) == 1
    back = page.split("Taken back")[1].split("</dd>")[0]
    assert "Safety" in back
    assert "esponse" not in back  # which no release opens
    for word in ("Zqsafety", "Zqresponse", INTERNAL, "<s>"):
        assert word not in page
    assert answer.context["safety"] is None  # the notice above everything else
    found = read(cast.therapist, case.client.pk).of(NoteSection)
    assert [section.text for section in found] == [""]
    assert Disclosure.objects.latest("pk").categories == ["safety"]


def test_another_category_another_practice_and_nobody_see_nothing(case, note, cast, signed_in):
    case.active(out_categories=["treatment"])
    case.take_back(note)
    assert SAID not in shown(signed_in(cast.therapist).get(timeline(case)))
    assert signed_in(cast.stranger).get(timeline(case)).status_code == 404
    before = Disclosure.objects.count()
    read(cast.therapist, case.client.pk)
    assert Disclosure.objects.count() == before


def test_the_new_note_stands_before_the_one_in_error(case, note, cast, signed_in):
    case.active(**EVERYTHING)
    case.take_back(note)
    case.note({"response": "Zqright", "safety": "Zqsafe"})
    page = shown(signed_in(cast.therapist).get(timeline(case)))
    assert "Zqsafe" in page.split('id="notes"')[0]
    assert page.index("Zqright") < page.index(SAID)


def test_the_words_of_one_addition_go_and_the_note_stays(case, note, cast, signed_in):
    case.active(out_categories=["safety"])
    case.take_back(case.add_to(note, {"safety": "Zqmore"}))
    page = shown(signed_in(cast.therapist).get(timeline(case)))
    assert "Zqmore" not in page
    assert page.index("Zqsafety") < page.index(SAID)
    assert "Zqsafety" in page.split('id="notes"')[0]


def test_an_emergency_opens_none_of_the_words(full_case, cast):
    note = ContinuityNote.objects.filter(signed_at__isnull=False).earliest("pk")
    full_case.make_release("expired", recipients=[cast.physician], **EVERYTHING)
    opening(full_case, cast.physician)
    assert CLINIC["safety"] in words(read(cast.physician, full_case.client.pk))
    full_case.take_back(note)
    met = words(read(cast.physician, full_case.client.pk))
    assert met & set(CLINIC.values()) == {CLINIC["readiness"]}  # the answer to the referral


def test_previews_are_what_they_see(case, note, cast):
    case.active(out_categories=["safety"])
    case.take_back(note)
    found = read(cast.nurse, case.client.pk).of(NoteSection)
    assert {section.text for section in found} == set(TEXTS.values())
    (preview,) = previews(case.episode, found)
    assert SAID in preview.in_error
    assert [(e.label, e.text) for e in preview.entries] == [("Taken back", "Safety")]
    assert {section.text for section in found} == set(TEXTS.values())  # looked at, not emptied


def test_previews_keep_reasons_and_taken_back_words_at_the_clinic(case, note, cast):
    case.active(out_categories=["safety"])
    case.add_to(note, {"safety": "Zqstands"})
    case.take_back(case.add_to(note, {"safety": "Zqgone"}))
    found = read(cast.nurse, case.client.pk).of(NoteSection)
    (preview,) = previews(case.episode, found)
    assert [entry.text for entry in preview.entries] == ["Zqsafety", "Zqstands", ""]
    assert INTERNAL not in str(preview.entries)


# ---------------------------------------------------------------- the page


def test_the_page_says_what_follows_and_asks_why(case, note, cast, signed_in):
    browser = signed_in(cast.prescriber)
    assert at("in_error", note) in shown(browser.get(at("note_page", note)))
    page = shown(browser.get(at("in_error", note)))
    assert "Take back this note?" in page
    assert "Zqresponse" in page
    assert "Say what was wrong." in shown(browser.post(at("in_error", note), {"reason": " "}))
    for _ in range(2):
        answer = browser.post(at("in_error", note), {"reason": "Zqwhy"})
        assert answer.url == at("note_page", note)
    assert "Zqwhy" in shown(browser.get(answer.url))
    assert ContinuityNote.objects.get().in_error_reason == "Zqwhy"


def test_of_an_addition_it_shows_nothing_else(case, note, cast, signed_in):
    addition = case.add_to(note, {"safety": "Zqmore"})
    page = shown(signed_in(cast.prescriber).get(at("in_error", addition)))
    assert "Zqmore" in page
    assert "Zqresponse" not in page
