"""Releases found by client, recipient or state, and taken along as CSV."""

import csv
import io
import re

import pytest

from audit.models import AuditEvent
from consent.clock import database_now
from consent.enums import ReleaseState
from consent.home import listing
from consent.home.search import Search
from consent.models import OutsideContact, Release
from people.enums import OrganizationKind, Role
from people.formats import day
from tests.builder import Builder
from tests.consent.pages import main
from tests.consent.waiting import (
    HOME,
    LIST,
    emergency,
    find,
    groups,
    many,
    numbers,
    on_paper,
    question,
)
from tests.factories import LAST_NAME, make_organization, make_user

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ finding
@pytest.mark.parametrize(
    "words", ["zqquill", "ROBIN", "robin zqq", "ZQQUILLFEATHER, Robin", "KC-{client}", "{client}"]
)
def test_a_client_is_found_by_name_or_number_in_every_state(staff, two, words):
    mine, other = two
    ended, waiting = mine.revoke(mine.active()), mine.unsigned()
    other.unsigned()
    answer = find(staff, client=words.format(client=mine.client.pk))
    assert groups(answer) == {"awaiting": numbers(waiting), "revoked": numbers(ended)}


def test_a_release_is_found_by_its_number(staff, two):
    mine, other = two
    mine.unsigned()
    release = other.unsigned()
    assert groups(find(staff, client=release.number.lower())) == {"awaiting": numbers(release)}
    assert groups(find(staff, client="Zqothername Robin")) == {}


@pytest.mark.parametrize("words", ["R-{0:04}", "r{0}", "KC-R-{0}"])
def test_its_number_may_be_written_shortly(staff, two, words):
    release = two[0].unsigned()
    assert groups(find(staff, client=words.format(release.pk))) == {"awaiting": numbers(release)}


def test_the_tiles_count_what_waits_whatever_is_looked_for(staff, two):
    mine, other = two
    mine.unsigned()
    other.unsigned()
    counts = {tile["label"]: tile["count"] for tile in find(staff, client="zqoth").context["tiles"]}
    assert counts["Awaiting"] == 2


def test_whom_it_was_withdrawn_for_is_marked_in_the_list_and_the_table(confirmed, sent):
    release = sent.active(recipients=[sent.referrer, sent.cast.physician])
    gone = release.recipients.get(user=sent.cast.physician)
    sent.revoke(release, recipient=gone)
    page = main(confirmed.get(f"{HOME}?show=expiring"))
    assert f"{gone}, withdrawn" in page
    assert page.count(", withdrawn") == 1
    assert f"{gone}, withdrawn" in confirmed.post(f"{LIST}?show=expiring").content.decode()


def test_emergencies_and_questions_are_found_with_their_client(staff, two):
    mine, other = two
    emergency(mine)
    question(other)
    assert groups(find(staff, client="zqother")) == {"review": ["Question"]}
    assert groups(find(staff, recipient="elm primary")) == {"review": ["Emergency access"]}


def test_what_is_looked_for_stands_in_no_address(staff, two):
    two[0].unsigned()
    answer = staff.post(HOME, {"client": LAST_NAME})
    assert answer.url == HOME
    answer = staff.get(HOME)
    links = [tile["url"] for tile in answer.context["tiles"]]
    assert LAST_NAME not in "".join(links)
    assert not re.search(rf'(href|action)="[^"]*{LAST_NAME}', main(answer))
    assert "You see only what you looked for" in main(answer)
    assert groups(staff.post(HOME, {}, follow=True))  # empty: everything again
    assert Search.of(staff.session) == Search()


def test_recipients_are_found_by_person_practice_role_and_contact(staff, two):
    mine, other = two
    person, elsewhere = mine.unsigned(), other.unsigned()
    role = mine.unsigned(recipients=[], roles=[(mine.cast.primary_care, Role.PHYSICIAN)])
    contact = OutsideContact.objects.create(
        client=mine.client, clinic=mine.cast.clinic, name="Ines Aunt", relation="aunt"
    )
    relative = mine.unsigned(recipients=[], contacts=[contact])
    for words, releases in {
        "tess": [person],
        "Mill Road": [elsewhere],
        "elm primary": [role],
        "ines": [relative],
        "nobody of that name": [],
    }.items():
        assert groups(find(staff, recipient=words)).get("awaiting", []) == numbers(*releases), words


def test_a_state_is_a_filter_and_every_state_can_be_chosen(staff, sent, monkeypatch):
    monkeypatch.setattr(listing, "SHORT", 99)
    many(sent)
    at = database_now()
    for state in ReleaseState:
        answer = find(staff, state=state)
        found = {number for group in groups(answer).values() for number in group}
        assert found == {r.number for r in Release.objects.all() if r.state(at) == state}


@pytest.mark.parametrize("wanted", [{"client": "x" * 81}, {"client": "nul\x00"}, {"state": "gone"}])
def test_nonsense_is_explained_and_nothing_is_kept(staff, sent, wanted):
    answer = staff.post(HOME, wanted)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert Search.of(staff.session) == Search()


def test_another_clinic_finds_none_of_ours(client, sent):
    sent.unsigned()
    on_paper(sent.unsigned())
    emergency(sent)
    question(sent)
    elsewhere = make_organization("South Clinic", OrganizationKind.CLINIC)
    client.force_login(make_user("Otto Other", Role.ADMINISTRATOR, elsewhere))
    for answer in (client.get(HOME), find(client, client=LAST_NAME)):
        assert groups(answer) == {}
        assert LAST_NAME.upper() not in main(answer)


# ------------------------------------------------------------------ CSV
def rows_of(answer) -> list[list[str]]:
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_taking_the_list_along_needs_a_fresh_sign_in(staff, sent):
    for answer in (staff.get(LIST), staff.post(LIST)):
        assert answer.status_code == 302
        assert "reauthenticate" in answer.url
    assert not AuditEvent.objects.filter(event="releases.exported").exists()


def test_the_list_as_csv_is_what_is_shown_and_is_recorded(confirmed, two):
    mine, other = two
    soon, draft = mine.active(), mine.draft_release()
    other.draft_release()
    emergency(mine)
    confirmed.post(HOME, {"client": LAST_NAME})
    assert "Download CSV" in main(confirmed.get(LIST))
    assert not AuditEvent.objects.filter(event="releases.exported").exists()
    answer = confirmed.post(LIST)
    header, *rows = rows_of(answer)
    assert header[0] == "Group"
    assert [row[3] for row in rows] == ["Emergency access", soon.number, draft.number]
    assert rows[1][9] == day(soon.until)
    assert answer["Content-Disposition"].startswith('attachment; filename="releases-')
    event = AuditEvent.objects.get(event="releases.exported")
    assert event.detail == {"show": "", "rows": 3}
    assert LAST_NAME not in str(event.detail)


def test_one_group_is_taken_whole_beyond_its_page(confirmed, sent, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 1)
    sent.unsigned()
    for _ in range(3):
        sent.draft_release()
    assert len(rows_of(confirmed.post(f"{LIST}?show=incomplete"))) == 4


def test_a_list_too_long_for_one_file_is_refused_and_not_cut(confirmed, sent, monkeypatch):
    monkeypatch.setattr("consent.views.home.MOST_EXPORTED", 2)
    for _ in range(3):
        sent.draft_release()
    answer = confirmed.post(LIST)
    assert answer["Content-Type"].startswith("text/html")
    assert "too many for one file" in main(answer)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", "＝"])
def test_no_cell_is_a_formula(confirmed, cast, start):
    case = Builder(cast)
    case.send(last_name=f"{start}cmd|' /c calc'!a0".strip() or "x")
    case.draft_release()
    (row,) = rows_of(confirmed.post(LIST))[1:]
    assert not [cell for cell in row if cell.lstrip(" ")[:1] in set("=+-@\t\r＝")], row
