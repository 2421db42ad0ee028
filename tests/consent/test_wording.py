"""The clinic's wording: versions that never change, and a signed release that never follows."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from audit.models import AuditEvent
from consent.actions.drafting import edit_release, terms_of
from consent.actions.wording import save_wording
from consent.documents.text import as_text, sha256
from consent.documents.wording import LONGEST, STATEMENTS, check_statements, usual_statements
from consent.models import Release, Wording
from people.enums import OrganizationKind, Role
from tests.factories import make_organization, make_user

COPY = "You keep a copy."


def words(**changes) -> dict[str, str]:
    return {**usual_statements(), **changes}


@pytest.fixture
def save(cast):
    def act(based_on=0, by=None, organization=None, **changes):
        return save_wording(
            by=by or cast.administrator,
            organization=organization or cast.clinic,
            statements=words(**changes),
            based_on=based_on,
        )

    return act


# ------------------------------------------------------------------ versions


def test_every_change_is_a_new_version(save, cast):
    first, second = save(copy=COPY), save(based_on=1, copy="You get one copy.")
    assert [first.version, second.version] == [1, 2]
    first.refresh_from_db()
    assert first.statements["copy"] == COPY
    assert Wording.objects.newest(cast.clinic) == second
    events = AuditEvent.objects.filter(event="wording.saved")
    assert [event.detail for event in events.order_by("pk")] == [{"version": 1}, {"version": 2}]


def test_saving_unchanged_makes_no_version(save):
    assert save() is None
    first = save(copy=COPY)
    assert save(based_on=1, copy=f"  {COPY} ") == first
    assert Wording.objects.count() == 1
    assert AuditEvent.objects.filter(event="wording.saved").count() == 1


@pytest.mark.parametrize("based_on", [0, 2, 7, -1])
def test_whoever_saves_second_is_told(save, based_on):
    save(copy=COPY)
    with pytest.raises(ValidationError, match="Somebody else saved"):
        save(based_on=based_on, copy="Mine.")
    assert Wording.objects.count() == 1


def test_clinics_have_wordings_of_their_own(save, cast):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    theirs = make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere)
    save(copy=COPY)
    assert Wording.objects.newest(elsewhere) is None
    assert save(by=theirs, organization=elsewhere, copy="Theirs.").version == 1
    for by in (theirs, cast.prescriber, cast.therapist, cast.superuser):
        with pytest.raises(PermissionDenied):
            save(by=by, based_on=1, copy="Not mine to change.")


def test_a_version_is_never_edited_and_never_deleted(save):
    save(copy=COPY)
    rows = Wording.objects.all()
    for act in (lambda: rows.update(statements=words()), lambda: rows.update(version=9)):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


# ------------------------------------------------------------------ what a statement must be


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("copy", " ", "The law asks for this statement"),
        ("copy", "x" * (LONGEST + 1), "at most 1,000 characters"),
        ("copy", "nul\x00byte", "cannot be kept"),
        ("withdraw", "At any time.", "Keep {how} in it"),
        ("not_conditioned", "Care stays the same.", "Keep {clinic} in it"),
        ("redisclosure", "It may be passed on.", "Keep {recipients} in it"),
        ("copy", "Ask {boss}.", "Nothing is called {boss}"),
        ("copy", "Ask {}.", "Nothing is called {}"),
        ("copy", "Ask {clinic", "A brace is not closed"),
        ("copy", "Ask }", "A brace is not closed"),
        ("copy", "{clinic:>999999999}", "Write names plainly"),
        ("copy", "{clinic!r}", "Write names plainly"),
        ("copy", "{clinic.__class__}", "Nothing is called"),
        ("copy", "{clinic[0]}", "Nothing is called"),
    ],
)
def test_a_statement_that_cannot_be_used_is_named(save, key, text, sentence):
    with pytest.raises(ValidationError) as refused:
        save(**{key: text})
    assert list(refused.value.message_dict) == [key]
    assert sentence in refused.value.message_dict[key][0]
    assert not Wording.objects.exists()


def test_kapcares_own_words_hold_what_the_law_asks_for():
    check_statements(usual_statements())
    with pytest.raises(ValidationError):
        check_statements(words(more="of it"))
    for key in STATEMENTS:
        without = {name: text for name, text in words().items() if name != key}
        with pytest.raises(ValidationError, match="The law asks"):
            check_statements(without)


# ------------------------------------------------------------------ releases follow, until signed


@pytest.mark.usefixtures("referral")
def test_a_draft_takes_the_newest_wording_and_a_signed_one_keeps_its_own(case, save):
    save(copy=COPY)
    signed, draft = case.active(), case.draft_release()
    save(based_on=1, copy="Another promise.")
    edit_release(by=case.cast.administrator, release=draft, terms=terms_of(draft))
    assert "Another promise." in as_text(Release.objects.get(pk=draft.pk))
    signed = Release.objects.get(pk=signed.pk)
    assert COPY in signed.text
    assert "Another promise." not in signed.text
    assert signed.text == as_text(signed)
    assert signed.text_sha256 == sha256(signed.text)


@pytest.mark.usefixtures("referral")
def test_the_database_refuses_another_wording_for_a_signed_release(case, save):
    save(copy=COPY)
    rows = Release.objects.filter(pk=case.active().pk)
    second = save(based_on=1, copy="Another promise.")
    for change in ({"wording": second}, {"wording": None}, {"text": "Another promise."}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


# ------------------------------------------------------------------ the pages


@pytest.fixture
def staff(client, administrator):
    client.force_login(administrator)
    return client


def post(staff, based_on=0, follow=True, **changes):
    data = {"based_on": based_on, **words(**changes)}
    return staff.post(reverse("consent:wording_edit"), data, follow=follow)


def test_the_page_shows_what_holds_and_every_earlier_version(staff):
    url = reverse("consent:wording")
    page = staff.get(url).content.decode()
    assert "The words that come with kapcare" in page
    assert all(statement.source in page for statement in STATEMENTS.values())
    assert "Saved. Releases that you draft" in post(staff, copy=COPY).content.decode()
    post(staff, based_on=1, copy="Newer.")
    page = staff.get(url).content.decode()
    for wanted in ("Version 2", "Version 1", COPY, "Newer.", "Ada Administrator"):
        assert wanted in page
    assert post(staff, based_on=2, copy="Newer.").redirect_chain
    assert Wording.objects.count() == 2


def test_saving_over_somebody_elses_keeps_both_texts_on_the_screen(staff):
    post(staff, copy="Theirs.")
    page = post(staff, based_on=0, copy="Mine.").content.decode()
    assert "Somebody else saved the wording meanwhile" in page
    assert "Mine." in page
    assert "Theirs." in page
    assert 'name="based_on" value="1"' in page
    assert Wording.objects.get().statements["copy"] == "Theirs."
    post(staff, based_on=1, copy="Mine.")
    assert Wording.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"copy": ""}, "The law asks for this statement"),
        ({"copy": "x" * 1_000_000}, "at most 1,000 characters"),
        ({"copy": "nul\x00byte"}, "cannot be kept"),
        ({"withdraw": "At any time."}, "Keep {how} in it"),
        ({"based_on": "x"}, "Enter a whole number"),
    ],
)
def test_bad_words_are_explained_beside_the_field_and_kept(staff, changes, sentence):
    data = {"reliance": "Typed just now.", **changes}
    answer = post(staff, **data)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert "Typed just now." in answer.content.decode()
    assert not Wording.objects.exists()


def test_only_administrators_open_it(client, cast):
    for by in (cast.prescriber, cast.coordinator, cast.therapist):
        client.force_login(by)
        for name in ("wording", "wording_edit"):
            assert client.get(reverse(f"consent:{name}")).status_code == 404
