"""The picture of the states in the documentation is the table in the code."""

from kapcare.management.commands.state_diagram import DOCUMENT, diagram, with_diagram
from referrals.enums import ReferralState
from referrals.transitions import MOVER, TRANSITIONS


def test_the_document_shows_the_states_as_they_are():
    document = DOCUMENT.read_text()
    assert with_diagram(document) == document, "Run `python manage.py state_diagram`."


def test_the_diagram_shows_every_state_and_every_move():
    drawn = diagram()
    moves = sum(len(sources) for sources, _ in TRANSITIONS.values())
    assert drawn.count("-->") == moves + 1  # and the beginning
    assert all(f"note right of {state.value}: {MOVER[state].label}" in drawn for state in MOVER)
    assert set(MOVER) == set(ReferralState)
