"""Every action × everybody; the sign-in pages; and what the walks rest on."""

import pytest

from sessions.models import NoteSection
from tests.factories import CLINIC, SENT
from tests.plan_policies import PLAN
from tests.policies import OURS, READING, problems_on_the_way
from tests.routes import routes
from tests.walk import World
from tests.who_opens import ANYBODY, BY_WORLD, TABLE


def test_every_action_for_everybody(full_case):
    assert problems_on_the_way(World(full_case, "active"), "post") == []


def test_the_sign_in_pages_know_nothing_of_anybody_in_care(full_case):
    world = World(full_case, "active")
    for route in (route for route in routes() if not route.is_ours):
        for name in world.browsers:
            answer = world.ask(name, route)
            assert answer.status < 500, (route.name, name)
            assert not answer.canaries(), (route.name, name)
            if name == "anonymous" and route.needs_sign_in:
                assert answer.status in (302, 404), route.name


@pytest.mark.parametrize(
    ("state", "who"),
    [
        ("none", set()),
        ("unsigned", set()),
        ("future", set()),
        ("active", {"therapist", "physician"}),
        ("expired", set()),
        ("revoked", set()),
        ("other_person", {"colleague"}),
        ("other_practice", {"stranger"}),
        ("other_category", {"therapist"}),
    ],
)
def test_the_walk_has_the_readers_it_should_have(full_case, state, who):
    """The walk rests on an oracle: here its answers are written out."""
    world = World(full_case, state)
    assert world.readers == who
    usual = {CLINIC[c] for c in ("schedule", "treatment", "response", "integration")}
    opened = {name: world.texts(name, NoteSection) for name in who}
    assert opened == {
        "active": {"therapist": usual, "physician": {CLINIC["safety"]}},
        "other_person": {"colleague": usual},
        "other_practice": {"stranger": usual},
        "other_category": {"therapist": set()},
    }.get(state, {})
    inward = {SENT[kind] for kind in ("goals", "history", "medicines")}
    opens_inward = state in {"active", "other_person"}
    assert (world.permitted["nurse"] & set(SENT.values())) == (inward if opens_inward else set())


def test_every_route_has_its_line_in_the_table():
    depends = {"home", "session_stay", *READING, "referrals:detail", "care:log_session"}
    depends |= {"referrals:packet", *BY_WORLD, *PLAN}
    depends |= {"consent:emergency", "care:consent_withdraw", "care:consent_copy"}
    assert {route.name for route in OURS} == set(TABLE) | set(ANYBODY) | depends
