"""Who gets what at every address, and what is wrong with an answer.

The table says who gets what, from the words of the product; the views are not asked. Whoever is
not in it gets the 404 of a thing that does not exist, and nobody ever meets a word that no release
in force opens to them.
"""

from sessions.models import NoteSection
from tests.factories import CLINIC, CLINIC_SENSITIVE, OWN_NOTE, SENT
from tests.plan_policies import PLAN, rows_of_plan
from tests.routes import Route, routes
from tests.walk import STAFF, World
from tests.who_opens import ANYBODY, BY_WORLD, OUTSIDE, TABLE, TRIAGE, TWINS, Row

READING = ("care:timeline", "care:timeline_notes", "care:timeline_pdf", "care:timeline_note_pdf")
OWN = ("care:own_notes", "care:own_note")  # nobody but the author of a note meets its words


def rows_of(name: str, world: World) -> list[Row]:
    """The table, with the lines that depend on what a release opens."""
    readers = world.readers
    if name in BY_WORLD:
        return BY_WORLD[name](world)
    match name:
        case "home" | "session_stay":
            answer = (302, 302) if name == "home" else (405, 204)
            return [(set(world.people), *answer)]
        case "care:timeline":
            return [(readers | {"therapist"}, 200, 200)]
        case "care:timeline_notes" | "care:timeline_pdf":
            return [(readers, 200, 200)]
        case "care:timeline_note_pdf":
            # Of which nothing is open to a reader, there is no such note.
            met = {name for name in readers if world.texts(name, NoteSection)}
            return [(met, 200, 200)]
        case "referrals:detail" | "referrals:packet":
            # Those of the practice see what was sent; others on the case are led to the timeline.
            ours = {"therapist"} | (readers & {"colleague"})
            packet = [(ours | TRIAGE, 200, 200)]
            detail = [(ours, 200, 200), (readers - ours, 302, 302)]
            return packet if name == "referrals:packet" else detail
        case "consent:emergency":
            # Whom no release in force names has to ask for the client first.
            return [({"prescriber", "nurse"} | (readers & {"physician"}), 200, 200)]
        case "care:consent_withdraw" | "care:consent_copy":
            # Where a consent was signed there is something to withdraw, and a copy.
            if world.consent is None:
                return [] if name == "care:consent_copy" else [(STAFF, 302, 302)]
            return [(STAFF, 200, 200)] if name == "care:consent_withdraw" else [(STAFF, 302, 302)]
    return rows_of_plan(name, world) if name in PLAN else TABLE[name]


def expected(route: Route, name: str, method: str, world: World) -> int:
    if route.name in ANYBODY:
        return ANYBODY[route.name][method == "post"]
    if name == "anonymous":
        return 302
    rows = rows_of(route.name, world)
    if name in TWINS.values():
        role = next(role for role, twin in TWINS.items() if twin == name)
        own = [(who, get, post) for who, get, post in rows if role in who]
        if own and "<int:pk>" in route.path:
            # Nothing of ours is there for them; only "no such page" comes before asking.
            return 405 if own[0][1 if method == "get" else 2] == 405 else 404
        rows = [({name}, get, post) for _, get, post in own] or rows
    for who, get, post in rows:
        if name in who:
            return get if method == "get" else post
    return 404


# What a release opens, or what the practice sent, may stand on these: they are walked in every
# state that a release can be in. All others answer alike in each, and are walked in one.
BY_RELEASE = {
    *READING,
    *("home", "reminders:worklist", "reminders:today", "referrals:detail", "referrals:triage"),
    *("reminders:notifications", "reminders:unseen"),
    "referrals:packet",
    *("referrals:sent", "referrals:check", "referrals:edit"),
    *("referrals:messages", "referrals:message_pdf", "care:notice"),
    *("care:case", "care:log_session", "care:outcomes", "care:contact_copy"),
    *("care:note", "care:note_page", "care:note_pdf", "care:sign_note", "care:in_error"),
    *("consent:emergency", "consent:as_recipient", "consent:accounting"),
    *PLAN,
    *("care:goals", "care:goal_progress", "care:goal_end"),
    *("reminders:conferences", "reminders:conference", "reminders:conference_case"),
    *("reminders:conference_minutes", "reminders:decision_correct", "reminders:decision_done"),
}
WORDS_OF_ITEMS = {*CLINIC.values(), *SENT.values(), CLINIC_SENSITIVE}


def problems_on_the_way(world: World, method: str, *, by_release_alone: bool = False) -> list[str]:
    """What is wrong when everybody asks for every address of ours.

    `by_release_alone`: only for those `BY_RELEASE`, and by those of whom a release may speak; one
    of the staff stands for all, who read by role.
    """
    walked = [r for r in OURS if r.name in BY_RELEASE] if by_release_alone else OURS
    spoken_of = OUTSIDE | {"coordinator", "anonymous"}
    people = [name for name in world.browsers if not by_release_alone or name in spoken_of]
    return [
        problem
        for route in walked
        for name in people
        for problem in problems_of(world, method, route, name)
    ]


def problems_of(world: World, method: str, route: Route, name: str) -> list[str]:
    """What is wrong with the answer to one request."""
    where = f"{method} {route.name} as {name}"
    answer = world.ask(name, route, method)
    found = []
    if (right := expected(route, name, method, world)) != answer.status:
        found.append(f"{where}: {answer.status} instead of {right}")
    if method == "get" and answer.canaries() & WORDS_OF_ITEMS and route.name not in BY_RELEASE:
        found.append(f"{where}: shows what a release opens, and is walked in one state alone")
    permitted = world.permitted.get(name, set())
    if route.name in OWN and name == "kaptherapist":
        permitted = permitted | {OWN_NOTE}
        if method == "get" and OWN_NOTE not in answer.canaries():
            found.append(f"{where}: the author misses the note")
    if met := answer.canaries() - permitted:
        found.append(f"{where}: meets {sorted(met)}")
    if told := answer.told_in_title():
        found.append(f"{where}: the title of the page says {told}")
    if answer.disclosures and answer.status == 404:
        found.append(f"{where}: a disclosure is recorded, and nothing was shown")
    if name in world.readers and route.name in READING:
        found += _reads_all(world, name, answer, where)
    return found


def _reads_all(world: World, name: str, answer, where: str) -> list[str]:
    """Whoever reads meets everything that is opened to them, and it is recorded once."""
    opened = world.texts(name, NoteSection)
    found = (
        [f"{where}: misses {sorted(missing)}"] if (missing := opened - answer.canaries()) else []
    )
    if answer.disclosures != bool(opened):
        found.append(f"{where}: {answer.disclosures} disclosures are recorded")
    return found


OURS = [route for route in routes() if route.is_ours and route.name not in {"health", "sent_mail"}]
