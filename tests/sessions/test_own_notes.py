"""Psychotherapy notes: their author's alone, on two pages, and nowhere else."""

import ast
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consent.models import DisclosableItem
from consent.preview import kinds
from people.concurrency import ChangedMeanwhile
from people.enums import Role
from people.models import User
from sessions.actions import own_notes as actions
from sessions.actions.copies import hand_over_copy
from sessions.models.psychotherapy import PsychotherapyNote
from tests.consent.emergencies import THREAT, opening
from tests.consent.reading import read, words
from tests.factories import OWN_NOTE, make_user
from tests.releases import EVERYTHING
from tests.sessions.test_note_pages import shown
from tests.test_architecture import SOURCES, name, tree

pytestmark = pytest.mark.django_db
KEEPERS = {"prescriber", "kaptherapist"}


@pytest.fixture
def note(case, episode) -> PsychotherapyNote:
    return case.own_note()


@pytest.fixture
def browser(signed_in, kaptherapist):
    return signed_in(kaptherapist)


def listed(case) -> str:
    return reverse("care:own_notes", args=[case.episode.pk])


def one(case, note) -> str:
    return reverse("care:own_note", args=[case.episode.pk, note.pk])


def of(user) -> list[PsychotherapyNote]:
    return list(PsychotherapyNote.objects.of_author(user))


# ---------------------------------------------------------------- whose they are


def test_the_manager_offers_nothing_but_ones_own(note):
    for way in ("all", "count", "first", "exists"):
        with pytest.raises(TypeError, match="of_author"):
            getattr(PsychotherapyNote.objects, way)()
    with pytest.raises(TypeError):
        PsychotherapyNote.objects.filter(pk=note.pk)
    with pytest.raises(TypeError):
        PsychotherapyNote.objects.get(pk=note.pk)


def test_nobody_but_the_author_whatever_their_rights(note, cast):
    for who, user in cast.everybody().items():
        assert of(user) == ([note] if who == "kaptherapist" else []), who
    chief = make_user("Max Might", Role.PRESCRIBER, cast.clinic, is_superuser=True, is_staff=True)
    successor = make_user("Nia Next", Role.KAP_THERAPIST, cast.clinic)
    assert of(chief) == of(successor) == []


def test_whoever_left_or_changed_their_work_reads_theirs_no_more(note, cast):
    def author() -> User:
        return User.objects.get(pk=cast.kaptherapist.pk)

    memberships = author().memberships
    memberships.update(role=Role.ADMINISTRATOR)
    assert of(author()) == []
    memberships.update(role=Role.KAP_THERAPIST)
    assert of(author()) == [note]
    memberships.update(ended_at=timezone.now())
    assert of(author()) == []


def test_only_its_own_modules_know_the_table():
    knowing = {
        name(path)
        for path in SOURCES
        for node in ast.walk(tree(path))
        if "PsychotherapyNote" in (getattr(node, "id", ""), getattr(node, "attr", ""))
        or (isinstance(node, ast.alias) and node.name == "PsychotherapyNote")
        or (isinstance(node, ast.Constant) and "psychotherapynote" in str(node.value).lower())
    }
    assert knowing == {
        "sessions/models/__init__.py",
        "sessions/models/psychotherapy.py",
        "sessions/actions/own_notes.py",
    }


def test_no_release_opens_it_and_nothing_leads_to_it():
    assert not issubclass(PsychotherapyNote, DisclosableItem)
    assert PsychotherapyNote not in list(kinds())
    leading = [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields(include_hidden=False)
        if field.is_relation and not field.concrete and field.related_model is PsychotherapyNote
    ]
    assert leading == []


def test_neither_a_release_nor_an_emergency_nor_a_copy_nor_the_clinic_meets_it(full_case, cast):
    """What the walk does not do: every release, declared emergencies, a copy for a contact."""
    sister, terms = full_case.contact(), {**EVERYTHING, "sensitivities": ["substance_use"]}
    full_case.active(recipients=[cast.therapist, cast.physician], **terms)
    full_case.active(recipients=[], contacts=[sister], **{**terms, "in_categories": []})
    for who in (cast.nurse, cast.prescriber):
        opening(full_case, who)
    opening(full_case, cast.prescriber, THREAT)
    opening(full_case, cast.physician)
    for who, user in cast.everybody().items():
        assert OWN_NOTE not in words(read(user, full_case.client.pk)), who
    copy = hand_over_copy(by=cast.kaptherapist, episode=full_case.episode, contact=sister)
    assert words(copy)
    assert OWN_NOTE not in words(copy)


# ---------------------------------------------------------------- written


def test_written_changed_and_closed_by_its_author_with_numbers_in_the_log(note, cast):
    by = cast.kaptherapist
    note = actions.save_own_note(by=by, note=note, version=0, text=" Zqsecond ")
    assert note.text == "Zqsecond"
    assert actions.save_own_note(by=by, note=note, version=0, text="Zqsecond").version == 1
    with pytest.raises(ChangedMeanwhile) as told:
        actions.save_own_note(by=by, note=note, version=0, text="Zqother")
    assert told.value.current.text == "Zqsecond"
    note = actions.save_own_note(by=by, note=note, version=1, text="Zqlast", close=True)
    assert note.closed_at
    with pytest.raises(PermissionDenied, match="closed"):
        actions.save_own_note(by=by, note=note, version=2, text="Zqmore")
    assert [n.text for n in actions.read_own_notes(by=by, episode=note.episode)] == ["Zqlast"]
    events = AuditEvent.objects.filter(event__startswith="own_note.").order_by("pk")
    assert [e.event for e in events] == [
        f"own_note.{verb}" for verb in ("begun", "saved", "closed", "read")
    ]
    assert {e.subject for e in events} == {f"care_sessions.psychotherapynote:{note.pk}"}
    assert all(e.detail == {} for e in events)


def test_who_may_and_may_not(note, cast):
    key = {"form_key": uuid4(), "text": "x"}
    for who, user in cast.everybody().items():
        if who not in KEEPERS:
            with pytest.raises(PermissionDenied):
                actions.begin_own_note(by=user, episode=note.episode, **key)
            with pytest.raises(PermissionDenied):
                actions.read_own_notes(by=user, episode=note.episode)
        if who != "kaptherapist":
            with pytest.raises(PermissionDenied, match="no such note of yours"):
                actions.save_own_note(by=user, note=note, version=0, text="Zqforeign")
    own = actions.begin_own_note(by=cast.prescriber, episode=note.episode, **key)
    assert of(cast.prescriber) == [own]


def test_the_same_form_gives_one_and_a_foreign_key_opens_nothing(note, cast):
    key = {"episode": note.episode, "form_key": uuid4()}
    first = actions.begin_own_note(by=cast.kaptherapist, **key, text="Zqone")
    assert actions.begin_own_note(by=cast.kaptherapist, **key, text="Zqtwo") == first
    with pytest.raises(ValidationError, match="used already"):
        actions.begin_own_note(by=cast.prescriber, **key, text="Zqthree")
    assert of(cast.prescriber) == []


@pytest.mark.parametrize("text", ["", "  ", "x" * 8001])
def test_words_there_are(text, note, cast):
    key = {"episode": note.episode, "form_key": uuid4()}
    with pytest.raises(ValidationError):
        actions.begin_own_note(by=cast.kaptherapist, **key, text=text)
    with pytest.raises(ValidationError):
        actions.save_own_note(by=cast.kaptherapist, note=note, version=0, text=text)


# ---------------------------------------------------------------- pages


def test_the_case_has_one_line_for_those_who_hold_sessions_and_no_count(
    case, note, cast, signed_in
):
    for who in ("prescriber", "nurse", "kaptherapist", "coordinator"):
        page = shown(
            signed_in(getattr(cast, who)).get(reverse("care:case", args=[case.episode.pk]))
        )
        assert page.count("sychotherapy note") == (who in KEEPERS)
        assert OWN_NOTE not in page


def test_from_an_empty_page_to_a_closed_note(case, episode, browser):
    page = browser.get(listed(case))
    assert "Only you read them" in shown(page)
    data = {"form_key": uuid4(), "text": "Zqone"}
    for _ in range(2):
        assert browser.post(listed(case), data).url == listed(case)
    (note,) = of(case.cast.kaptherapist)
    page = shown(browser.get(listed(case)))
    assert page.count("Zqone") == 1
    assert one(case, note) in page
    assert "Zqone" in shown(browser.get(one(case, note)))
    saved = browser.post(one(case, note), {"version": 0, "text": "Zqtwo", "close": "1"})
    assert saved.url == listed(case)
    page = shown(browser.get(listed(case)))
    assert "Zqtwo" in page
    assert one(case, note) not in page
    assert browser.get(one(case, note)).url == listed(case)


def test_refused_words_are_kept(case, note, browser):
    for path, data in (
        (listed(case), {"form_key": uuid4(), "text": "y" * 8001}),
        (one(case, note), {"version": 0, "text": "y" * 8001}),
    ):
        answer = browser.post(path, data)
        assert "Use at most 8,000 characters" in shown(answer)
        assert "y" * 8001 in shown(answer)


def test_changed_in_another_tab_shows_both_and_saves_on_demand(case, note, browser):
    browser.post(one(case, note), {"version": 0, "text": "Zqfirsttab"})
    answer = browser.post(one(case, note), {"version": 0, "text": "Zqsecondtab"})
    assert answer.status_code == 409
    assert "Zqfirsttab" in shown(answer)
    assert "Zqsecondtab" in shown(answer)
    assert 'name="version" value="1"' in shown(answer)
    browser.post(one(case, note), {"version": 1, "text": "Zqsecondtab"})
    assert of(case.cast.kaptherapist)[0].text == "Zqsecondtab"


def test_closed_in_another_tab_the_words_stay_on_the_page(case, note, browser):
    browser.post(one(case, note), {"version": 0, "text": "Zqfirst", "close": "1"})
    answer = browser.post(one(case, note), {"version": 0, "text": "Zqlate"})
    assert answer.status_code == 409
    assert "Zqlate" in shown(answer)
    assert "This note is closed" in shown(answer)


def test_somebody_elses_is_not_there(case, note, cast, signed_in):
    for who, user in cast.everybody().items():
        if who != "kaptherapist":
            browser = signed_in(user)
            assert browser.get(one(case, note)).status_code == 404, who
            data = {"version": 0, "text": "Zqforeign"}
            assert browser.post(one(case, note), data).status_code == 404, who
    assert of(cast.kaptherapist)[0].text == OWN_NOTE


def test_of_another_episode_the_list_holds_nothing(case, note, cast, browser):
    from tests.builder import Builder

    other = Builder(cast)
    other.begin_care()
    assert OWN_NOTE not in shown(browser.get(listed(other)))
    assert browser.get(one(other, note)).status_code == 404
