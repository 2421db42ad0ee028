"""Who gets what at the addresses of the coordination plan, as tests/policies.py has it."""

from tests.walk import STAFF, World
from tests.who_opens import COORDINATE, OUTSIDE


def rows_of_plan(name: str, world: World) -> list[tuple[set[str], int, int]]:
    """The coordination plan, which the clinic proposed: it is met by whom a release lets."""
    met = world.met("integration")
    ours = {"therapist"} & met
    match name:
        case "care:propose_plan":
            return [(COORDINATE | ours, 200, 200)]
        case "care:agree_to_plan" | "care:withdraw_plan":
            # Its practice alone agrees, and the clinic alone takes it back.
            acts = COORDINATE | (ours if name == "care:agree_to_plan" else set())
            return [(acts, 405, 302), (STAFF | met, 405, 403), (OUTSIDE, 405, 404)]
        case "care:spoken_plan":
            # Where the therapist can answer here, nobody answers for them.
            status = 302 if ours else 200
            return [(COORDINATE, status, status), (STAFF, 302, 302)]
    return [(STAFF | met, 200, 200)]


PLAN = {
    *("care:coordination", "care:coordination_version", "care:coordination_pdf"),
    *("care:propose_plan", "care:agree_to_plan", "care:withdraw_plan", "care:spoken_plan"),
}
