"""The clinic's list of clients: whose move it is with each, by role; and what it never shows."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.enums import Category as C
from consent.models import Disclosure
from people.enums import OrganizationKind, Role
from referrals.actions.triage import ask_for_information, decline_referral
from reminders.worklists.at_clinic import cases_at, referrals_at
from reminders.worklists.clinic import row_of
from reminders.worklists.enums import Group
from reminders.worklists.rows import Row
from reminders.worklists.searching import Search
from reminders.worklists.steps import steps_of
from sessions.actions.alerts import raise_alert
from sessions.enums.outcomes import AlertKind, Instrument
from tests.builder import Builder
from tests.factories import make_organization, make_user
from tests.referrals.talking import say
from tests.reminders.test_worklist_page import looked_for, main
from tests.sessions.asking import token_for

pytestmark = pytest.mark.django_db
URL = "/worklist/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
YOU, CLINIC, CLIENT, PRACTICE = Group.YOU, Group.CLINIC, Group.CLIENT, Group.PRACTICE


def rows(user, **wanted) -> list[Row]:
    now = timezone.now()
    usual = {"search": Search(), "house": None, "model": "", "ended": False}
    found = referrals_at(user, now, **usual | wanted)
    return [row_of(case, user, now) for case in cases_at(user, found, now)]


def row(user, **wanted) -> Row:
    (found,) = rows(user, **wanted)
    return found


def steps(user) -> set[tuple[Group, str, str]]:
    """Everything that waits in the one case."""
    now = timezone.now()
    found = referrals_at(user, now, Search(), house=None, model="", ended=False)
    (case,) = cases_at(user, found, now)
    return {(step.group, step.who, step.todo) for step in steps_of(case, user, now)}


def moves(cast, *names: str) -> list[tuple[Group, str]]:
    """Whose move it is for each of these people, and what."""
    found = [row(getattr(cast, name)) for name in names]
    return [(each.group, each.todo) for each in found]


# ------------------------------------------------------------------ whose move
def test_a_referral_waits_on_those_who_triage(case, referral, cast):
    (group, todo), nurse = moves(cast, "coordinator", "nurse")
    assert (group, nurse[0]) == (YOU, CLINIC)
    assert todo.startswith("Answer the referral, due ")
    assert row(cast.coordinator).action_url == ("referrals:triage", referral.pk)
    assert row(cast.nurse).url == ("referrals:messages", referral.pk)
    assert row(cast.nurse).who == "Coordinator or prescriber"


def test_a_question_waits_on_the_practice_where_they_may_read_it(case, referral, cast):
    ask_for_information(by=cast.coordinator, referral=referral, text="Which medicines?")
    assert moves(cast, "coordinator")[0][0] == YOU  # nobody there can read it
    case.active(out_categories=[C.READINESS])
    found = row(cast.coordinator)
    assert (found.group, found.who) == (PRACTICE, str(cast.therapist))


def test_an_accepted_one_waits_on_the_prescriber(case, accepted_referral, cast):
    assert moves(cast, "prescriber", "coordinator") == [
        (YOU, "Open the episode of care"),
        (CLINIC, "Open the episode of care"),
    ]
    assert row(cast.prescriber).action_url == ("care:open", accepted_referral.pk)


def test_only_the_first_missing_step_before_a_dose_can_be_done(case, accepted_referral, cast):
    case.open()
    found = row(cast.nurse)
    assert (found.group, found.todo) == (YOU, "Intake: not recorded")
    assert found.action_url == ("care:intake", case.episode.pk)
    assert "creening" not in found.also
    assert found.also.startswith("Also: Prepare the consent to treatment")
    assert row(cast.coordinator).todo.startswith("Prepare the consent")


def test_a_consent_waits_on_the_client_once_it_is_prepared(case, opened, cast):
    case.prepare_consent()
    found = row(cast.coordinator)
    assert (found.group, found.who) == (CLINIC, "Treating staff")  # intake
    assert "Sign or refuse the consent to treatment (Client)" in found.also
    case.prepare()
    case.plan(timezone.now() + timedelta(days=20))
    for name in ("coordinator", "prescriber"):
        assert moves(cast, name) == [(CLIENT, "Sign or refuse the consent to treatment")]


def test_what_a_near_dose_lacks_waits_on_whoever_gives_it(case, episode, cast):
    case.prepare()
    case.plan(timezone.now() + timedelta(days=2))
    found = row(cast.prescriber)
    assert (found.group, found.todo) == (YOU, "Order for dose 1: none")
    assert found.action_url == ("care:order", case.dosing.pk)
    assert found.due == case.dosing.planned_at
    assert row(cast.coordinator).todo == "Escort home for dose 1: nobody is named"
    case.make_ready(case.dosing)
    for name in ("prescriber", "coordinator"):
        assert row(getattr(cast, name)).group == PRACTICE  # the therapist prepares
    assert "Dose 1, " in row(cast.nurse).dose


def test_after_a_dose_the_note_is_written_by_those_who_write(case, episode, cast):
    case.prepare()
    case.give(hours_ago=5)
    assert moves(cast, "prescriber", "kaptherapist", "nurse") == [
        (YOU, "Note on dose 1: not begun"),
        (YOU, "Note on dose 1: not begun"),
        (CLINIC, "Note on dose 1: not begun"),
    ]


def test_a_client_in_session_comes_first(case, episode, cast):
    case.prepare()
    case.begin_dose(timezone.now() - timedelta(minutes=30))
    assert row(cast.nurse).todo.startswith("In session since ")
    assert row(cast.nurse).group == YOU
    raise_alert(by=None, episode=episode, kind=AlertKind.ADVERSE, source=episode)
    assert row(cast.nurse).todo.startswith("Answer the alert: ")


def test_an_open_window_waits_on_its_owner_until_a_session_is_known(case, episode, cast):
    case.prepare()
    case.give(hours_ago=30)
    case.note({C.RESPONSE: "Zqresponse"})
    theirs = (PRACTICE, str(cast.therapist), "Holds the session in its window")
    assert theirs in steps(cast.prescriber)
    case.log_session(timezone.now() - timedelta(hours=1))
    assert theirs in steps(cast.prescriber)  # no release tells the clinic of it
    case.active(in_categories=[C.SCHEDULE])
    assert theirs not in steps(cast.prescriber)


def test_releases_and_questions_that_were_sent_wait_on_the_client(case, episode, cast):
    case.prepare()
    case.plan(timezone.now() + timedelta(days=20))
    assert moves(cast, "nurse") == [(Group.NOBODY, "No step is due")]
    token_for(case, Instrument.PHQ9)
    assert moves(cast, "nurse") == [(CLIENT, "Answer the questionnaires")]
    case.unsigned()
    assert (CLIENT, "Client", "Sign or refuse the release of information") in steps(cast.nurse)


def test_a_message_waits_on_all_of_the_clinic(case, referral, cast):
    case.active()
    decline_referral(by=cast.coordinator, referral=referral, text="Zqdeclined")
    assert rows(cast.nurse) == []
    say(cast.therapist, referral, text="Zqwords")
    for name in ("nurse", "coordinator"):
        assert moves(cast, name) == [(YOU, "A message waits")]
    assert row(cast.nurse).action_url == ("referrals:messages", referral.pk)


def test_what_ended_is_shown_by_filter_and_by_search(case, referral, cast, signed_in):
    decline_referral(by=cast.coordinator, referral=referral, text="Zqdeclined")
    browser, name = signed_in(cast.coordinator), case.client.last_name.upper()
    assert name not in main(browser.get(URL))
    assert name in main(browser.get(f"{URL}?ended=yes"))
    assert name in main(browser.get(f"{URL}?show=ended&ended=yes"))
    assert name in looked_for(browser, case.client.first_name)


# ------------------------------------------------------------------ who sees it
def test_every_clinical_role_has_it_and_administrators_have_none(case, referral, cast, signed_in):
    for name, user in cast.everybody().items():
        expected = 404 if name == "administrator" else 200
        browser = signed_in(user)
        assert browser.get(URL).status_code == expected, name
        assert browser.post(URL, {"words": "Zq"}).status_code == (expected == 404 and 404 or 302)
    assert (
        referrals_at(
            cast.administrator, timezone.now(), Search("Zq"), house=None, model="", ended=True
        )
        == []
    )


def test_another_clinic_finds_nobody(case, full_case, cast, signed_in):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    other = make_user("Ed Elsewhere", Role.COORDINATOR, elsewhere)
    browser, client = signed_in(other), case.client

    def page_for(words: str) -> str:
        return TOKEN.sub("", looked_for(browser, words)).replace(f"<b>{words}</b>", "")

    nothing = page_for("Nobody Atall")
    for words in (
        client.last_name,
        client.number,
        f"{client.date_of_birth:%d-%b-%Y}",
        case.referral.reference,
    ):
        assert page_for(words) == nothing  # word for word as for somebody unknown
    assert not Disclosure.objects.filter(reader_id=other.pk).exists()
    assert client.last_name.upper() in looked_for(signed_in(cast.nurse), client.last_name)


def test_a_draft_is_the_practices_own(case, cast):
    case.draft()
    assert rows(cast.coordinator, ended=True) == []
    assert rows(cast.coordinator, search=Search(case.client.last_name)) == []


# ------------------------------------------------------------------ narrowing, and its cost
def test_tiles_filters_and_sorts_of_the_clinic(cast, signed_in):
    for name in ("Aaron", "Zeno"):
        Builder(cast).send(last_name=name, first_name="Zq")
    opened = Builder(cast)
    opened.send(last_name="Middle", first_name="Zq")
    opened.accept()
    opened.open()
    browser = signed_in(cast.prescriber)

    def names(query: str) -> list[str]:
        page = browser.get(URL + query).context["page"]
        return [row.client.last_name for row in page.rows]

    assert sorted(names("")) == ["Aaron", "Middle", "Zeno"]
    assert names("?sort=client") == ["Aaron", "Middle", "Zeno"]
    assert names("?stage=referral&sort=client") == ["Aaron", "Zeno"]
    assert names("?mine=yes") == ["Middle"]
    assert names("?model=pi") == ["Middle"]
    assert names("?model=kap") == []
    assert names(f"?house={cast.other_practice.pk}") == []
    tiles = {tile["label"]: tile for tile in browser.get(URL + "?mine=yes").context["tiles"]}
    assert [tile["count"] for tile in tiles.values()] == [1, 0, 0, 0, 0]
    assert tiles["Waiting on you"]["url"] == "?show=you&mine=yes"
    assert "Nobody fits this filter" in main(browser.get(URL + "?model=kap"))
    assert "Nothing waits on a client" in main(browser.get(URL + "?show=client"))


def test_queries_do_not_grow_with_the_clinics_rows(cast, signed_in):
    browser = signed_in(cast.prescriber)

    def add(count: int) -> None:
        for _ in range(count):
            Builder(cast).send()
        case = Builder(cast)
        case.begin_care()
        case.active()
        case.plan(timezone.now() + timedelta(days=2))
        say(cast.therapist, case.referral, text="Zqwords")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(URL).context["page"].total
        return len(queries)

    add(2)
    cost()
    three = cost()
    for _ in range(5):
        add(4)
    assert cost() == three
    assert three < 60
