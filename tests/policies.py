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
from tests.who_opens import ANYBODY, BY_WORLD, COORDINATE, OUTSIDE, TABLE, TRIAGE, TWINS, Row

<<<<<<< HEAD
=======
THERAPISTS = {"therapist", "colleague", "stranger", "superuser"}
OUTSIDE = THERAPISTS | {"physician", "lapsed"}
TRIAGE = {"coordinator", "prescriber"}
TREAT = {"prescriber", "nurse", "kaptherapist"}
WRITE = {"prescriber", "kaptherapist"}
KEEP_STOCK = {"prescriber", "nurse"}
PRESCRIBE, ADMINISTER = {"prescriber"}, {"administrator"}
RESPONSIBLE = PRESCRIBE | ADMINISTER
# Staff of another clinic: their own pages, and nothing that belongs to this one.
TWINS = {"prescriber": "elsewhere prescriber", "administrator": "elsewhere administrator"}

# (who, status of a GET, status of an empty POST); 405: there is no such page, only its action.
Row = tuple[set[str], int, int]
TABLE: dict[str, list[Row]] = {
    "account_email": [],  # an address is given with the account
    "reminders:worklist": [(OUTSIDE, 200, 200)],
    "reminders:today": [(STAFF, 200, 200)],
    "reminders:quality": [(TRIAGE | ADMINISTER, 200, 200)],
    "reminders:quality_csv": [(TRIAGE | ADMINISTER, 302, 200)],
    "referrals:queue": [(TRIAGE, 200, 200)],
    "referrals:new": [(THERAPISTS, 200, 200)],
    "referrals:edit": [({"therapist"}, 302, 302)],
    "referrals:save": [({"therapist"}, 405, 200), (THERAPISTS, 405, 404)],
    "referrals:check": [({"therapist"}, 302, 302)],
    "referrals:submit": [({"therapist"}, 405, 302), (THERAPISTS, 405, 404)],
    "referrals:sent": [({"therapist"}, 200, 200)],
    "referrals:answer": [],  # the clinic asked nothing
    "referrals:cancel": [({"therapist"}, 302, 302)],
    "referrals:triage": [(TRIAGE, 200, 200)],
    "referrals:receive": [(TRIAGE, 405, 302)],
    "referrals:ask": [(TRIAGE, 405, 200)],
    "referrals:accept": [(TRIAGE, 405, 200)],
    "referrals:decline": [(TRIAGE, 405, 200)],
    "care:open": [(PRESCRIBE, 302, 302)],
    "care:case": [(STAFF, 200, 200)],
    "care:phase": [(PRESCRIBE, 200, 200)],
    "care:end_episode": [(PRESCRIBE, 200, 200)],
    "care:change_plan": [(PRESCRIBE, 200, 200)],
    "care:intake": [(TREAT, 200, 200)],
    "care:screening": [(TREAT, 200, 200)],
    "care:complete_screening": [(TREAT, 302, 302)],  # nothing is missing
    "care:clearance": [(PRESCRIBE, 200, 200)],
    "care:documents": [(STAFF, 200, 200)],
    "care:take_document": [(STAFF, 405, 200)],
    "care:document_in_error": [(STAFF, 200, 200)],
    "care:consults": [(TREAT, 200, 200), (STAFF, 200, 404)],
    "care:answer_consult": [(TREAT, 200, 200)],
    "care:preparation": [(TREAT, 200, 200)],
    "care:consent": [(STAFF, 200, 200)],
    "care:consent_prepare": [(STAFF, 200, 200)],
    "care:consent_discard": [(STAFF, 405, 302)],
    "care:consent_present": [(STAFF, 405, 302)],  # nothing waits for an answer
    "care:consent_link": [(STAFF, 302, 302)],
    "care:consent_paper": [(STAFF, 302, 302)],
    "care:consent_verify": [(STAFF, 302, 302)],
    "care:consent_form": [],
    "care:consent_scan": [],  # it was not signed on paper
    "care:integration": [(TREAT, 200, 200)],
    "care:follow_up": [(TREAT, 200, 200)],
    "care:delayed_check": [(TREAT, 200, 200)],
    "care:plan_dose": [(PRESCRIBE, 200, 200)],
    "care:move_dose": [(PRESCRIBE, 200, 200)],
    "care:cancel_dose": [(PRESCRIBE, 200, 200)],
    "care:dosing": [(STAFF, 200, 200)],
    "care:order": [(PRESCRIBE, 200, 200)],
    "care:check_order": [(PRESCRIBE, 405, 200)],
    "care:identity": [(TREAT, 405, 200)],
    "care:checks": [(TREAT, 405, 200)],
    "care:escort": [(STAFF, 405, 200)],
    "care:override": [(PRESCRIBE, 302, 302)],  # the dose was given
    "care:overrides": [(STAFF, 200, 200)],
    "care:review_override": [],  # nothing was lifted
    "care:give": [(TREAT, 405, 200)],
    "care:sheet_parts": [(STAFF, 200, 200)],
    "care:vitals": [(TREAT, 405, 422)],
    "care:side_effect": [(TREAT, 405, 422)],
    "care:intervention": [(TREAT, 405, 422)],
    "care:mark_phase": [(TREAT, 405, 422)],
    "care:presence": [(TREAT, 405, 422)],
    "care:correct": [(TREAT, 200, 200)],
    "care:correct_dose": [(TREAT, 200, 200)],
    "care:withdraw": [(TREAT, 405, 200)],
    "care:record_adverse_event": [(TREAT, 200, 200)],
    "care:adverse_event": [(STAFF, 200, 200)],
    "care:update_adverse_event": [(TREAT, 405, 200)],
    "care:review_adverse_event": [(PRESCRIBE, 405, 200)],
    "care:correct_adverse_event": [(TREAT, 200, 200)],
    "care:withdraw_adverse_event": [(TREAT, 405, 200)],
    "care:monitoring": [(PRESCRIBE, 200, 200), (STAFF, 200, 403)],
    "care:discharge": [(TREAT, 405, 200)],
    "care:note": [(WRITE, 200, 302), (STAFF, 200, 403)],
    "care:save_note": [(WRITE, 405, 422)],
    "care:sign_note": [(WRITE, 200, 200)],
    "care:draw": [(KEEP_STOCK, 200, 200)],
    "care:stock": [(TREAT, 200, 200)],
    "care:stock_pdf": [(TREAT, 302, 200)],
    "care:stock_receive": [(KEEP_STOCK, 200, 200)],
    "care:stock_count": [(KEEP_STOCK, 200, 200)],
    "care:stock_waste": [(KEEP_STOCK, 200, 200)],
    "care:stock_entry": [(TREAT, 200, 200)],
    "care:stock_rest": [(KEEP_STOCK, 200, 200)],
    "care:stock_correct": [(KEEP_STOCK, 200, 200)],
    "care:discrepancy": [(TREAT, 200, 200)],
    "care:note_page": [(STAFF, 200, 405)],
    "care:add_to_note": [(WRITE, 405, 302)],
    "care:in_error": [(PRESCRIBE, 200, 200), (WRITE, 403, 403)],  # the prescriber signed it
    "care:note_pdf": [(STAFF, 200, 200)],
    "care:own_notes": [(WRITE, 200, 200)],
    "care:own_note": [({"kaptherapist"}, 200, 200)],  # whose it is
    # Most rest on what a release opens; see rows_of.
    "care:goals": [({"therapist"}, 200, 200)],
    "care:goal_progress": [({"therapist"}, 200, 200)],
    "care:goal_end": [({"therapist"}, 200, 200)],
    "care:correct_session": [({"therapist"}, 200, 200)],
    "consent:releases": [(ADMINISTER, 200, 302)],
    "consent:export": [(ADMINISTER, 200, 200)],
    "consent:new": [(ADMINISTER, 200, 200)],
    "consent:detail": [(ADMINISTER, 200, 200)],
    "consent:as_recipient": [(ADMINISTER, 200, 200)],
    "consent:signed_pdf": [(ADMINISTER, 404, 302)],  # none was made of this one
    "consent:builder": [(ADMINISTER, 302, 302)],  # the release is signed
    "consent:wording": [(ADMINISTER, 200, 200)],
    "consent:wording_edit": [(ADMINISTER, 200, 200)],
    "consent:treatment_wording": [(PRESCRIBE, 200, 200)],
    "consent:treatment_wording_edit": [(PRESCRIBE, 200, 200)],
    "consent:renew": [(ADMINISTER, 405, 302)],
    "consent:discard": [(ADMINISTER, 405, 302)],  # refused, and said on its page
    "consent:send": [(ADMINISTER, 405, 302)],
    "consent:revoke": [(ADMINISTER, 302, 302)],  # it is over already
    "consent:present": [(ADMINISTER, 405, 302)],  # refused: it is signed
    "consent:send_link": [(ADMINISTER, 302, 302)],
    "consent:paper": [(ADMINISTER, 302, 302)],
    "consent:paper_verify": [(ADMINISTER, 302, 302)],
    "consent:paper_form": [],  # nothing is left to sign
    "consent:paper_scan": [],  # it was not signed on paper
    "consent:ledger": [(ADMINISTER, 200, 200)],
    "consent:emergencies": [(ADMINISTER, 200, 200)],
    "consent:emergency_find": [({"physician", "lapsed"}, 200, 200)],
    "consent:emergency_review": [],  # nobody opened anything
    "consent:emergency_close": [
        ({"prescriber", "nurse", "physician", "lapsed", "administrator"}, 405, 404)
    ],
    "care:emergency": [],
    "consent:accounting": [(ADMINISTER, 200, 200)],
    "consent:accounting_pdf": [(ADMINISTER, 302, 200)],
    "consent:accounting_csv": [(ADMINISTER, 302, 200)],
    "consent:ledger_csv": [(ADMINISTER, 302, 200)],
    "consent:client_links": [(ADMINISTER, 200, 200)],
    "consent:question": [],  # the client asked nothing
    "care:outcomes": [(STAFF, 200, 200)],
    "care:ask": [(STAFF, 200, 200)],
    "care:enter_answers": [(STAFF, 200, 200)],
    "care:answers": [],  # nothing is answered yet
    "care:alert": [],  # nothing raised one
    "care:contact_copy": [],  # the client named no contact
    "people:own": [(STAFF | ADMINISTER, 200, 200)],
    "people:staff": [(RESPONSIBLE, 200, 200)],
    "people:person": [(RESPONSIBLE | {"nurse"}, 200, 200)],
    "people:add_licence": [(ADMINISTER | {"nurse"}, 200, 200)],
    "people:add_training": [(ADMINISTER | {"nurse"}, 200, 200)],
    "people:check_licence": [(RESPONSIBLE, 405, 302)],
    "people:check_training": [(RESPONSIBLE, 405, 404)],  # there is none
    "people:wrong_licence": [(ADMINISTER | {"nurse"}, 200, 200)],
    "people:wrong_training": [],
}
# Without signing in, for everybody alike: status of a GET, status of an empty POST. A client's own
# page answers 404 to whoever did not come by a link.
ANYBODY: dict[str, tuple[int, int]] = {
    "consent:visit": (404, 404),
    "consent:visit_copy": (404, 404),
    "consent:visit_leave": (405, 200),
    "consent:open_link": (200, 200),
    "consent:agreement": (404, 404),
    "consent:agreement_copy": (404, 404),
    "consent:agreement_leave": (405, 200),
    "consent:open_agreement": (200, 200),
    "consent:my_open": (200, 200),
    "consent:my_leave": (405, 200),
    "care:open_questions": (200, 200),
    "care:questions": (404, 404),
    "care:questions_leave": (405, 200),
    **dict.fromkeys(
        (
            "consent:my_page",
            "consent:my_copy",
            "consent:my_withdraw",
            "consent:my_question",
            "consent:my_agreement",
            "consent:my_agreement_stop",
            "consent:my_accounting",
            "consent:my_accounting_csv",
            "consent:my_accounting_pdf",
        ),
        (404, 404),
    ),
}
>>>>>>> fe912e864d4b6f05cc4c24de947c9b03e4d376bc
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
<<<<<<< HEAD
    return _rows_of_plan(name, world) if name in PLAN else TABLE[name]


def _rows_of_plan(name: str, world: World) -> list[Row]:
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
=======
        case "care:log_session":
            knows = {"therapist"} if world.opens("therapist", "schedule") else set()
            return [(TREAT | knows, 200, 200)]
    return rows_of_plan(name, world) if name in PLAN else TABLE[name]
>>>>>>> fe912e864d4b6f05cc4c24de947c9b03e4d376bc


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
    "referrals:packet",
    *("referrals:sent", "referrals:check", "referrals:edit"),
    *("referrals:messages", "referrals:message_pdf", "care:notice"),
    *("care:case", "care:log_session", "care:outcomes", "care:contact_copy"),
    *("care:note", "care:note_page", "care:note_pdf", "care:sign_note", "care:in_error"),
    *("consent:emergency", "consent:as_recipient", "consent:accounting"),
    *PLAN,
    *("care:goals", "care:goal_progress", "care:goal_end"),
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
