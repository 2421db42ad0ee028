"""Every page, fragment and document × everybody × every state a release can be in."""

import pytest

from tests.policies import problems_on_the_way
from tests.releases import STATES
from tests.walk import World

# The walk is made on SQLite. What may differ by engine, the filter itself, is compared with the
# oracle on both (tests/consent/test_queryset.py).
WHOLE = "active"  # the state in which every address is walked


@pytest.mark.pango
@pytest.mark.parametrize("state", STATES)
def test_every_page_fragment_and_document_for_everybody(full_case, state):
    world = World(full_case, state)
    assert problems_on_the_way(world, "get", by_release_alone=state != WHOLE) == []
