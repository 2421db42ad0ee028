"""Whoever is asked to a case conference, or given something to do, is told while they may know."""

from reminders.conferences.actions import agenda, planning
from reminders.enums import Told
from tests.reminders.conferring import DECIDED, add, began, decide, set_up
from tests.reminders.news import kinds, texts, written

T = Told


def test_an_invitation_is_told_while_a_release_opens_the_case(case, opened, cast):
    row, release = add(case, began(case)), case.active()
    agenda.invite(by=cast.nurse, case=row, people=[cast.therapist.pk])
    [text] = texts(cast.therapist, T.INVITED)
    assert text.startswith("You are asked to join the case conference of ")
    assert T.INVITED not in written(cast.nurse) | written(cast.colleague)
    case.revoke(release)
    assert T.INVITED not in kinds(cast.therapist)


def test_what_is_called_off_is_told_to_whom_was_invited(case, opened, cast):
    set_up(case)
    row = add(case, planning.plan_next(by=cast.nurse, clinic=cast.clinic))
    case.active()
    agenda.invite(by=cast.nurse, case=row, people=[cast.therapist.pk])
    planning.call_off(by=cast.coordinator, conference=row.conference, why="Snow")
    for kind in (T.INVITED, T.CALLED_OFF):
        [text] = texts(cast.therapist, kind)
        assert text.endswith("does not take place")


def test_a_decision_is_told_to_its_owner_until_another_takes_its_place(case, opened, cast):
    row, release = add(case, began(case)), case.active()
    made = decide(case, row, owner=cast.therapist)
    [text] = texts(cast.therapist, T.DECISION)
    assert text.startswith("Yours to do from a case conference, by ")
    assert DECIDED not in text
    later = decide(case, row, owner=cast.coordinator, replaces=made)
    assert T.DECISION not in kinds(cast.therapist)
    assert T.DECISION in kinds(cast.coordinator)
    decide(case, row, owner=cast.therapist, replaces=later)
    case.revoke(release)
    assert T.DECISION not in kinds(cast.therapist)
