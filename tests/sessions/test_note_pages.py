"""The note: written beside what others will see, saved by version, signed once."""

from uuid import uuid4

import pytest
from django.urls import reverse

from consent.models import Disclosure
from sessions.actions.adverse import record_adverse_event
from sessions.actions.observing import record_side_effect
from sessions.enums.observing import Grade
from sessions.models import ContinuityNote, NoteSection
from tests.factories import CLINIC_SENSITIVE, INTERNAL
from tests.releases import EVERYTHING

pytestmark = pytest.mark.django_db
WRITERS = {"prescriber", "kaptherapist"}


@pytest.fixture
def dosing(case, episode):
    return case.give(hours_ago=3)


@pytest.fixture
def draft(case, dosing):
    return case.write({"response": "Zqresponse", "safety": "Zqsafety"})


@pytest.fixture
def browser(signed_in, kaptherapist):
    return signed_in(kaptherapist)


def at(name, dosing):
    """The page of a dose's note by the dose, what is done with it by the note."""
    return reverse(f"care:{name}", args=[dosing.pk if name == "note" else dosing.note.pk])


def shown(response) -> str:
    return response.content.decode()


def texts(note, **changes):
    return {"version": note.version, "response": "Zqnew", "safety": "", **changes}


def preview_of(answer, person) -> list[str]:
    previews = {each.reader.person: each for each in answer.context["previews"]}
    return [section.text for section in previews[person.pk].sections]


def test_get_begins_nothing_and_post_begins_with_the_facts(browser, dosing):
    assert "The note is not begun" in shown(browser.get(at("note", dosing)))
    assert not ContinuityNote.objects.exists()
    for _ in range(2):
        assert browser.post(at("note", dosing)).status_code == 302
    page = shown(browser.get(at("note", dosing)))
    assert "50 mg IM (0.71 mg/kg)" in page
    assert "Nausea, mild" in page


def test_what_is_recorded_after_the_draft_began_is_said_and_put_in_once(browser, case, dosing):
    """Not what the draft began with, though it was taken out; and of side effects the new one."""
    browser.post(at("note", dosing))
    note = ContinuityNote.objects.get()
    browser.post(reverse("care:save_note", args=[note.pk]), texts(note, safety="Quiet."))
    about = {"by": case.cast.nurse, "form_key": uuid4(), "at": dosing.given_at}
    record_adverse_event(
        episode=case.episode,
        values={
            "dosing": dosing,
            "what": "Zqfall",
            "severity": Grade.MODERATE,
            "outcome": "recovered",
        },
        **about,
    )
    record_side_effect(dosing=dosing, values={"effect": "headache"}, **about)
    for name in ("note_page", "sign_note"):
        page = shown(browser.get(reverse(f"care:{name}", args=[note.pk])))
        assert "Recorded since this draft began" in page
        assert "Zqfall" in page
        assert "Headache, mild" in page
        assert "Nausea" not in page
    for _ in range(2):
        note.refresh_from_db()
        sent = texts(note, safety=note.draft["safety"], add="1")
        browser.post(reverse("care:save_note", args=[note.pk]), sent)
    note.refresh_from_db()
    quiet, *added = note.draft["safety"].splitlines()
    assert quiet == "Quiet."
    assert len(added) == 2
    assert "Recorded since" not in shown(browser.get(at("note", dosing)))
    browser.post(reverse("care:sign_note", args=[note.pk]), {"version": note.version})
    note.refresh_from_db()
    assert note.signed_at
    assert note.begun_with == {}


def test_while_nothing_is_written_no_release_is_blamed(browser, dosing):
    browser.post(at("note", dosing))
    browser.post(at("save_note", dosing), {"version": 0})
    page = shown(browser.get(at("note", dosing)))
    assert "Nothing is written yet." in page
    assert "no release in force" not in page


def test_a_note_that_was_taken_back_leads_to_another_only_where_there_is_one(
    browser, case, draft, dosing
):
    browser.post(at("sign_note", dosing), {"version": draft.version})
    case.take_back(ContinuityNote.objects.get())
    old = reverse("care:note_page", args=[draft.pk])
    assert "The note that holds" not in shown(browser.get(old))
    new = case.note({"response": "Zqagain"})
    page = shown(browser.get(old))
    assert "The note that holds" in page
    assert reverse("care:note_page", args=[new.pk]) in page


def test_no_note_before_its_dose(browser, case, episode):
    from django.utils import timezone

    planned = case.plan(timezone.now())
    answer = browser.post(at("note", planned), follow=True)
    assert "Record the dose before its note." in shown(answer)
    assert not ContinuityNote.objects.exists()


def test_others_of_the_clinic_read_it_once_it_is_signed(cast, case, draft, dosing, signed_in):
    for who in ("nurse", "coordinator"):
        page = shown(signed_in(getattr(cast, who)).get(at("note", dosing)))
        assert "not signed yet" in page
        assert "Zqresponse" not in page
    signed_in(cast.prescriber).post(at("sign_note", dosing), {"version": draft.version})
    for who in ("nurse", "coordinator", "kaptherapist"):
        page = shown(signed_in(getattr(cast, who)).get(at("note", dosing)))
        assert "Zqresponse" in page
        assert "<textarea" not in page
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("name", ["save_note", "sign_note"])
def test_only_its_writers_save_and_sign(name, cast, draft, dosing, signed_in):
    for who, user in cast.everybody().items():
        if who not in WRITERS:
            answer = signed_in(user).post(at(name, dosing), texts(draft))
            assert answer.status_code == 404, who
    draft.refresh_from_db()
    assert draft.signed_at is None
    assert draft.draft["response"] == "Zqresponse"


def test_the_preview_is_the_decision_and_discloses_nothing(browser, cast, case, draft, dosing):
    case.active(out_categories=["safety"])
    case.active(recipients=[cast.physician], out_categories=["response"])
    answer = browser.get(at("note", dosing))
    assert preview_of(answer, cast.therapist) == ["Zqsafety"]
    assert preview_of(answer, cast.physician) == ["Zqresponse"]
    assert "The rest leaves no trace" in shown(answer)
    assert not Disclosure.objects.exists()


def test_what_is_marked_as_substance_use_needs_the_release_to_say_so(
    browser, cast, case, draft, dosing
):
    case.active(**EVERYTHING)
    marked = texts(draft, response=CLINIC_SENSITIVE, safety="Zqplain", response_substance_use="on")
    answer = browser.post(at("save_note", dosing), marked, follow=True)
    assert preview_of(answer, cast.therapist) == ["Zqplain"]
    case.active(**EVERYTHING, sensitivities=["substance_use"])
    answer = browser.get(at("note", dosing))
    assert preview_of(answer, cast.therapist) == [CLINIC_SENSITIVE, "Zqplain"]


def test_after_a_withdrawal_the_preview_is_empty(browser, cast, case, draft, dosing):
    release = case.active(**EVERYTHING)
    case.revoke(release)
    answer = browser.get(at("note", dosing))
    assert preview_of(answer, cast.therapist) == []
    assert "no release in force opens it" in shown(answer)


def test_changed_meanwhile_keeps_both_texts(browser, cast, draft, dosing, signed_in):
    mine, theirs = texts(draft, response="Zqmine"), texts(draft, response="Zqtheirs")
    assert signed_in(cast.prescriber).post(at("save_note", dosing), theirs).status_code == 302
    answer = browser.post(at("save_note", dosing), mine)
    assert answer.status_code == 409
    assert "Zqmine" in shown(answer)
    assert "Zqtheirs" in shown(answer)
    draft.refresh_from_db()
    assert draft.draft["response"] == "Zqtheirs"
    again = browser.post(at("save_note", dosing), mine)
    assert again.status_code == 409
    kept = browser.post(at("save_note", dosing), {**mine, "version": draft.version})
    assert kept.status_code == 302
    draft.refresh_from_db()
    assert draft.draft["response"] == "Zqmine"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"response": "x" * 1_000_000}, "Use at most 8,000 characters"),
        ({"response": "a\0b"}, "a character that cannot be kept"),
        ({"version": "first"}, "Enter a whole number."),
    ],
)
def test_bad_words_are_refused_and_kept(changes, words, browser, draft, dosing):
    answer = browser.post(at("save_note", dosing), texts(draft, integration="Zqkept", **changes))
    assert answer.status_code == 422
    assert words in shown(answer)
    assert "Zqkept" in shown(answer)
    draft.refresh_from_db()
    assert draft.draft["response"] == "Zqresponse"


def test_signing_asks_once_more_and_signs_what_was_read(browser, cast, case, draft, dosing):
    case.active(out_categories=["safety"])
    page = browser.get(at("sign_note", dosing))
    assert "Sign this note?" in shown(page)
    assert preview_of(page, cast.therapist) == ["Zqsafety"]
    browser.post(at("save_note", dosing), texts(draft, response="Zqlater"))
    stale = browser.post(at("sign_note", dosing), {"version": draft.version})
    assert "Somebody else changed this meanwhile" in shown(stale)
    assert not NoteSection.unscoped.exists()
    draft.refresh_from_db()
    for _ in range(2):
        signed = browser.post(at("sign_note", dosing), {"version": draft.version})
        assert signed.status_code == 302
    assert NoteSection.unscoped.count() == 1
    assert "Zqlater" in shown(browser.get(at("note", dosing)))


def test_an_empty_note_is_not_signed(browser, draft, dosing):
    empty = {"version": draft.version}
    browser.post(at("save_note", dosing), empty)
    draft.refresh_from_db()
    answer = browser.post(at("sign_note", dosing), {"version": draft.version})
    assert "The note is empty." in shown(answer)


def test_a_signed_note_takes_no_more_words(browser, case, dosing):
    note = case.note({"response": "Zqsigned"})
    answer = browser.post(at("save_note", dosing), texts(note, response="Zqlate"))
    assert answer.status_code == 409
    assert "Zqsigned" in shown(answer)
    assert "Zqlate" in shown(answer)
    assert "Zqlate" not in shown(browser.get(at("note", dosing)))


def test_the_same_words_sent_twice_are_saved_once(browser, draft, dosing):
    for _ in range(2):
        assert browser.post(at("save_note", dosing), texts(draft)).status_code == 302
    before = draft.version
    draft.refresh_from_db()
    assert draft.version == before + 1


def test_the_draft_never_names_the_drug_in_its_title(browser, draft, dosing):
    title = shown(browser.get(at("note", dosing))).split("</title>")[0]
    assert "<title>Note, kapcare" in title
    assert INTERNAL not in title
