"""The states of a referral: whose move it is, and what the other side learns of each."""

import pytest

from referrals.enums import Mover, ReferralState, Verb
from referrals.transitions import EVENTS, MOVER, TRANSITIONS, outward, possible

S, V = ReferralState, Verb
CLINIC_VERBS = {V.RECEIVE, V.ASK, V.ACCEPT, V.DECLINE, V.BEGIN, V.COMPLETE}


def test_every_state_has_a_mover_and_every_verb_a_move_and_an_event():
    assert set(MOVER) == set(S)
    assert set(TRANSITIONS) == set(EVENTS) == set(V)
    assert len(set(EVENTS.values())) == len(V)


def test_every_state_can_be_reached_and_whoever_is_to_move_can():
    reached, frontier = {S.DRAFT}, {S.DRAFT}
    while frontier:
        frontier = {
            target for sources, target in TRANSITIONS.values() if sources & reached
        } - reached
        reached |= frontier
    assert reached == set(S)
    for state, mover in MOVER.items():
        verbs = {v for v in V if possible(state, v) and v not in (V.LAPSE, V.MARK_IN_ERROR)}
        theirs = verbs & CLINIC_VERBS if mover is Mover.CLINIC else verbs - CLINIC_VERBS
        assert bool(theirs) == (mover is not Mover.NOBODY), state
        assert mover is not Mover.NOBODY or not verbs, state


def test_no_verb_leads_back_to_where_it_began():
    assert all(target not in sources for sources, target in TRANSITIONS.values())


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        (S.DRAFT, S.DRAFT),
        (S.REQUESTED, S.REQUESTED),
        (S.RECEIVED, S.RECEIVED),
        (S.INFORMATION_ASKED, S.RECEIVED),
        (S.ACCEPTED, S.RECEIVED),
        (S.DECLINED, S.RECEIVED),
        (S.IN_PROGRESS, S.RECEIVED),
        (S.COMPLETED, S.RECEIVED),
        (S.CANCELLED, S.CANCELLED),
        (S.LAPSED, S.RECEIVED),
        (S.IN_ERROR, S.IN_ERROR),
    ],
)
def test_without_a_release_the_practice_learns_no_more_than_received(state, seen):
    assert outward(state, readiness_opened=False) == seen
    assert outward(state, readiness_opened=True) == state
