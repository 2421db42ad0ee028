"""The coordination plan: who proposes, who agrees, what comes into force, and what follows it."""

from tests.sessions.coordinating import BOTH_WAYS, agree, propose


def test_in_force_once_both_sides_agreed(case, episode):
    case.active(**BOTH_WAYS)
    plan = propose(case)
    agree(case, plan)
