"""Every page, fragment and document × everybody × every state a release can be in."""

import pytest

from tests.policies import OURS, problems_of
from tests.releases import STATES
from tests.selection import POSTGRES
from tests.walk import World

# The whole walk is made once, on SQLite. What may differ by engine, the filter itself, is compared
# with the oracle on both, so that PostgreSQL walks the state in which most has happened.
WALKED = STATES if not POSTGRES else ("revoked",)


@pytest.mark.pango
@pytest.mark.parametrize("state", WALKED)
def test_every_page_fragment_and_document_for_everybody(full_case, state):
    world = World(full_case, state)
    problems = [
        problem
        for route in OURS
        for name in world.browsers
        for problem in problems_of(world, "get", route, name)
    ]
    assert problems == []
