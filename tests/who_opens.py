"""Who opens which address: one line for each, from the words of the product."""

from collections.abc import Callable

from tests.walk import STAFF, World

THERAPISTS = {"therapist", "colleague", "stranger", "superuser"}
OUTSIDE = THERAPISTS | {"physician", "lapsed"}
TRIAGE = {"coordinator", "prescriber"}
TALKING = STAFF | {"therapist", "colleague"}
TREAT = {"prescriber", "nurse", "kaptherapist"}
WRITE = {"prescriber", "kaptherapist"}
KEEP_STOCK = {"prescriber", "nurse"}
COORDINATE = {"coordinator", "prescriber", "kaptherapist"}
PRESCRIBE, ADMINISTER = {"prescriber"}, {"administrator"}
RESPONSIBLE = PRESCRIBE | ADMINISTER
EVERYBODY = OUTSIDE | STAFF | ADMINISTER
# Staff of another clinic: their own pages, and nothing that belongs to this one.
TWINS = {"prescriber": "elsewhere prescriber", "administrator": "elsewhere administrator"}

# (who, status of a GET, status of an empty POST); 405: there is no such page, only its action.
Row = tuple[set[str], int, int]
TABLE: dict[str, list[Row]] = {
    "account_email": [],  # an address is given with the account
    "reminders:worklist": [(OUTSIDE | STAFF, 200, 302)],  # an empty search finds everybody again
    "reminders:saved_views": [(OUTSIDE | STAFF, 200, 200)],
    "reminders:saved_view": [({"therapist"}, 200, 200)],
    "reminders:default_view": [({"therapist"}, 405, 302), (OUTSIDE | STAFF, 405, 404)],
    "reminders:delete_view": [({"therapist"}, 405, 302), (OUTSIDE | STAFF, 405, 404)],
    "reminders:today": [(STAFF, 200, 200)],
    "reminders:quality": [(TRIAGE | ADMINISTER, 200, 200)],
    "reminders:quality_csv": [(TRIAGE | ADMINISTER, 302, 200)],
    "reminders:operations": [(ADMINISTER, 200, 200)],
    "reminders:resend": [(ADMINISTER, 405, 302)],
    "reminders:notifications": [(EVERYBODY, 200, 200)],
    "reminders:unseen": [(EVERYBODY, 200, 200)],
    "reminders:seen": [(EVERYBODY, 405, 302)],
    "reminders:see_to": [({"therapist"}, 405, 302), (EVERYBODY, 405, 404)],
    "reminders:tell_again": [({"therapist"}, 405, 302), (EVERYBODY, 405, 404)],
    "reminders:preferences": [(EVERYBODY, 200, 200)],
    "reminders:open_notification": [({"coordinator"}, 405, 302), (EVERYBODY, 405, 404)],
    "reminders:conferences": [(OUTSIDE | STAFF | ADMINISTER, 200, 200)],
    "reminders:conference_series": [(TRIAGE, 200, 200)],
    "reminders:conferences_end": [(TRIAGE, 200, 200)],
    "reminders:conferences_next": [(STAFF, 405, 302)],
    "reminders:conference_minutes": [(STAFF, 200, 200)],
    "reminders:conference_call_off": [(TRIAGE, 302, 302)],  # it has begun
    "reminders:conference_attendance": [(STAFF, 200, 302)],
    "reminders:conference_add": [(STAFF, 200, 200)],
    "reminders:conference_take": [(STAFF, 405, 302)],
    "reminders:conference_case": [(STAFF, 200, 200)],
    "reminders:conference_invite": [(STAFF, 405, 302)],
    "reminders:conference_joined": [(STAFF, 200, 302)],
    "reminders:conference_take_off": [(STAFF, 200, 200)],
    "reminders:decision_correct": [(STAFF, 200, 200)],
    "referrals:queue": [(TRIAGE, 200, 200)],
    "referrals:new": [(THERAPISTS, 200, 200)],
    "referrals:edit": [({"therapist"}, 302, 302)],
    "referrals:save": [({"therapist"}, 405, 200), (THERAPISTS, 405, 404)],
    "referrals:check": [({"therapist"}, 302, 302)],
    "referrals:resume": [({"therapist"}, 302, 302)],
    "referrals:submit": [({"therapist"}, 405, 302), (THERAPISTS, 405, 404)],
    "referrals:sent": [({"therapist"}, 200, 200)],
    "referrals:answer": [],  # the clinic asked nothing
    "referrals:cancel": [({"therapist"}, 302, 302)],
    "referrals:in_error": [({"therapist"}, 200, 200)],
    "referrals:reopen": [],  # nobody knows it to be closed
    "referrals:duplicates": [(TRIAGE, 200, 200)],
    "referrals:compare": [],  # there is no second record
    "referrals:apart": [(TRIAGE, 405, 404)],
    "referrals:write_message": [(STAFF | {"therapist"}, 200, 200)],
    "referrals:check_message": [(STAFF | {"therapist"}, 302, 302)],  # nothing is kept unsent
    "referrals:discard_message": [(STAFF | {"therapist"}, 405, 302), (OUTSIDE, 405, 404)],
    "care:notices": [(STAFF | ADMINISTER, 200, 200)],
    "referrals:triage": [(TRIAGE, 200, 200)],
    "referrals:receive": [(TRIAGE, 405, 302)],
    "referrals:ask": [(TRIAGE, 200, 200)],
    "referrals:accept": [(TRIAGE, 405, 200)],
    "referrals:decline": [(TRIAGE, 200, 200)],
    "referrals:more_time": [(TRIAGE, 200, 200)],
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
    "care:windows": [(PRESCRIBE, 200, 200), (STAFF, 200, 403)],
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
    # Most of the plan rests on what a release opens; see policies.rows_of.
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
    "care:close_questions": [(STAFF, 405, 302)],
    "care:enter_answers": [(STAFF, 200, 200)],
    "care:answers": [],  # nothing is answered yet
    "care:alert": [],  # nothing raised one
    "care:contact_copy": [],  # the client named no contact
    "referrals:covers": [(THERAPISTS, 200, 200)],
    "referrals:end_cover": [({"stranger", "superuser"}, 405, 302), (THERAPISTS, 405, 404)],
    "joining:people": [(ADMINISTER, 200, 200)],
    "joining:invite": [(ADMINISTER, 200, 200)],
    "joining:invite_again": [(ADMINISTER, 405, 302), (THERAPISTS, 405, 404)],
    "joining:close": [(ADMINISTER, 405, 302), (THERAPISTS, 405, 404)],
    "joining:answer": [(ADMINISTER, 200, 200)],
    "joining:decline": [(ADMINISTER, 405, 200)],
    "joining:member": [(ADMINISTER, 200, 200)],
    "joining:change_role": [(ADMINISTER, 405, 200)],
    "joining:end": [(ADMINISTER, 200, 302)],
    "joining:licence": [(RESPONSIBLE, 200, 200)],
    "joining:look_up": [(RESPONSIBLE, 200, 200)],
    "joining:practice": [(OUTSIDE, 200, 200)],
    "joining:invite_colleague": [(THERAPISTS, 200, 200)],
    "joining:state_licence": [(OUTSIDE, 200, 200)],
    "joining:leave": [(OUTSIDE, 200, 302)],
    "people:own": [(STAFF | ADMINISTER, 200, 200)],
    "people:staff": [(RESPONSIBLE, 200, 200)],
    "people:person": [(RESPONSIBLE | {"nurse"}, 200, 200)],
    "people:add_licence": [(ADMINISTER | {"nurse"}, 200, 200)],
    "people:add_training": [(ADMINISTER | {"nurse"}, 200, 200)],
    "people:check_licence": [(RESPONSIBLE, 405, 302)],
    "people:check_training": [(RESPONSIBLE, 405, 404)],  # there is none
    "people:wrong_licence": [(ADMINISTER | {"nurse"}, 200, 200)],
    "care:schedule": [(EVERYBODY, 200, 200)],
    "care:rooms": [(ADMINISTER, 200, 200)],
    "care:room": [(ADMINISTER, 200, 200)],
    "care:retire_room": [(ADMINISTER, 405, 302)],
    "care:calendar": [(OUTSIDE | STAFF, 200, 200)],
    "care:calendar_revoke": [(OUTSIDE | STAFF, 405, 302)],
    "people:wrong_training": [],
    "people:clinic_pdf": [(OUTSIDE | STAFF | ADMINISTER, 200, 405)],
    "people:profile": [(STAFF | ADMINISTER, 200, 200)],
    "people:profile_edit": [(RESPONSIBLE, 200, 200)],
    "people:profile_preview": [(RESPONSIBLE, 302, 302)],  # nothing waits to be published
    "people:profile_publish": [(RESPONSIBLE, 405, 302)],
    "people:profile_discard": [(RESPONSIBLE, 405, 302)],
}
# Without signing in, for everybody alike: status of a GET, status of an empty POST. A client's own
# page answers 404 to whoever did not come by a link.
ANYBODY: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("people:clinics", "people:clinic", "people:compare"), (200, 405)),
    "joining:ask": (200, 200),
    "joining:asked": (200, 200),
    "joining:accept": (200, 200),
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
    "care:calendar_feed": (404, 405),
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


# What one expression says of what a release opens.
def _booking(world: World) -> list[Row]:
    """The clinic's staff, and a therapist on the case who may know of its dates."""
    return [(STAFF | {name for name in {"therapist"} if world.opens(name, "schedule")}, 200, 200)]


BY_WORLD: dict[str, Callable[[World], list[Row]]] = {
    "care:book": _booking,
    "care:offer_times": _booking,
    "care:appointment": _booking,
    "care:appointment_ics": _booking,
    # What is not theirs, or over, is answered by the appointment as it stands, and why.
    "care:take_time": _booking,
    "care:decline_time": _booking,
    "care:move_time": _booking,
    "care:cancel_time": _booking,
    "care:log_session": lambda world: [
        (TREAT | {name for name in {"therapist"} if world.opens(name, "schedule")}, 200, 200)
    ],
    # The two houses; of the practice those on the case.
    "referrals:messages": lambda world: [
        (STAFF | {"therapist"} | (world.readers & {"colleague"}), 200, 200)
    ],
    # A notice knows no release: it is for the clinic, and for the practice's people on the case.
    "care:notice": lambda world: [
        (STAFF, 200, 200),
        ({"therapist"} | (world.readers & {"colleague"}), 200, 404),
    ],
    "care:raise_notice": lambda world: [
        (STAFF | {"therapist"} | (world.readers & THERAPISTS), 200, 200)
    ],
    # A conference is met by whom a release lets meet a case of it, or a reason: adverse events.
    "reminders:conference": lambda world: [
        (STAFF | world.met("integration") | world.met("safety"), 200, 200)
    ],
    "reminders:decision_done": lambda world: [
        (STAFF | ({"therapist"} & world.met("integration")), 405, 302),
        (OUTSIDE, 405, 404),
    ],
    "referrals:message_pdf": lambda world: [(world.may_take_pdf & TALKING, 200, 200)],
}
