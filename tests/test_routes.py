"""Every page, fragment and document × everybody × every state a release can be in."""

import pytest

from tests.policies import problems_on_the_way
from tests.releases import STATES
from tests.selection import POSTGRES
from tests.walk import World

# The whole walk is made once, on SQLite. What may differ by engine, the filter itself, is compared
# with the oracle on both, so that PostgreSQL walks the state in which most has happened.
WALKED = STATES if not POSTGRES else ("revoked",)
WHOLE = "active"  # the state in which every address is walked


@pytest.mark.pango
@pytest.mark.parametrize("state", WALKED)
def test_every_page_fragment_and_document_for_everybody(full_case, state):
    world = World(full_case, state)
    assert problems_on_the_way(world, "get", by_release_alone=state != WHOLE) == []
