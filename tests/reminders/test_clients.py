"""The clinic's list of clients: whose move it is with each, by role; and what it never shows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.enums import Category as C
from consent.models import Disclosure
from people.enums import OrganizationKind, Role
from referrals.actions.triage import ask_for_information, decline_referral
from referrals.models import Referral
from reminders.worklists.at_clinic import cases_at, referrals_at
from reminders.worklists.clinic import row_of
from reminders.worklists.enums import Group
from reminders.worklists.rows import Row
from reminders.worklists.searching import Search
from sessions.actions.alerts import raise_alert
from sessions.enums.outcomes import AlertKind
from tests.builder import Builder
from tests.factories import make_organization, make_user
from tests.referrals.talking import say
from tests.reminders.test_worklist_page import looked_for, main

pytestmark = pytest.mark.django_db
URL = "/worklist/"
YOU, CLINIC, CLIENT, PRACTICE = Group.YOU, Group.CLINIC, Group.CLIENT, Group.PRACTICE


def rows(user, **wanted) -> list[Row]:
    now = timezone.now()
    usual = {"search": Search(), "house": None, "model": "", "ended": False}
    found = referrals_at(user, now, **usual | wanted)
    return [row_of(case, user, now) for case in cases_at(user, found, now)]


def row(user, **wanted) -> Row:
    (found,) = rows(user, **wanted)
    return found


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
    assert (found.group, found.who) == (CLINIC, "Prescriber")  # the intake was never recorded
    assert "Sign or refuse the consent to treatment (Client)" in found.also
    case.plan_nothing = None


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
    case.call_after(case.dosing)
    found = row(cast.prescriber)
    assert (found.group, found.who) == (PRACTICE, str(cast.therapist))
    assert found.due == found.window.closes_at
    case.log_session(timezone.now() - timedelta(hours=1))
    assert row(cast.prescriber).group == PRACTICE  # no release tells the clinic
    case.active(out_categories=[C.SCHEDULE], in_categories=[C.SCHEDULE])
    assert row(cast.prescriber).group != PRACTICE
