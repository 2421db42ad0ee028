"""What was planned, put on the agenda and decided stays; whose it is, the database holds as well."""

from django.db import migrations

from audit.triggers import Refuse, append_only, frozen, kept, once
from people.holding import holds_role, works_at, written_by_its_house

SERIES, CONFERENCE = "reminders_conferenceseries", "reminders_conference"
CASE, REASON = "reminders_conferencecase", "reminders_conferencereason"
INVITED, THERE = "reminders_conferenceinvitation", "reminders_conferenceattendance"
DECISION = "reminders_conferencedecision"
ITEM = ("client_id", "category", "sensitivities", "author_organization_id", "author_id")
ITEM += ("occurred_at", "recorded_at", "form_key")
WITH_CLIENTS = ("coordinator", "prescriber", "nurse", "kap_therapist")
OUTSIDE = ("therapist", "physician")

# The case `c` of NEW, its referral `r`, its conference `k` and their clinic.
OF_CASE = (
    f"FROM {CASE} c JOIN referrals_referral r ON r.id = c.referral_id "
    f"JOIN {CONFERENCE} k ON k.id = c.conference_id WHERE c.id = NEW.case_id"
)


def of_its_case(table: str) -> Refuse:
    return Refuse(
        f"{table}_of_its_case",
        table,
        "INSERT",
        f"NOT EXISTS (SELECT 1 {OF_CASE} AND c.client_id = NEW.client_id "
        "AND r.clinic_id = NEW.author_organization_id AND c.taken_off_at IS NULL "
        "AND k.called_off_at IS NULL)",
        "it is written by the clinic, of a case that stands on the agenda",
    )


class Migration(migrations.Migration):
    dependencies = [("reminders", "0001_initial"), ("referrals", "0001_initial")]
    operations = [
        frozen(
            SERIES,
            ("form_key", "clinic_id", "first_on", "at_time", "every_weeks", "minutes", "place")
            + ("set_up_by_id", "set_up_at"),
        ),
        once(SERIES, "last_on", ("ended_by_id", "ended_at"), "a series is ended once"),
        kept(SERIES),
        Refuse(
            f"{SERIES}_after_the_last",
            SERIES,
            "INSERT",
            f"EXISTS (SELECT 1 FROM {SERIES} s WHERE s.clinic_id = NEW.clinic_id "
            "AND (s.last_on IS NULL OR s.last_on >= NEW.first_on))",
            "a series begins after the one before it",
        ),
        Refuse(
            f"{SERIES}_by_triage",
            SERIES,
            "INSERT",
            f"NOT {holds_role('NEW.set_up_by_id', 'NEW.clinic_id', ('coordinator', 'prescriber'))}",
            "a coordinator or prescriber sets conferences up",
        ),
        Refuse(
            f"{CONFERENCE}_planned_there",
            CONFERENCE,
            "INSERT",
            f"NOT EXISTS (SELECT 1 FROM {SERIES} s WHERE s.id = NEW.series_id AND "
            + holds_role("NEW.planned_by_id", "s.clinic_id", WITH_CLIENTS)
            + ")",
            "staff of the clinic prepare its conferences",
        ),
        frozen(CONFERENCE, ("series_id", "at", "planned_by_id", "planned_at")),
        once(
            CONFERENCE,
            "called_off_at",
            ("called_off_by_id", "called_off_why"),
            "a conference is called off once",
        ),
        kept(CONFERENCE),
        frozen(CASE, (*ITEM, "conference_id", "referral_id")),
        once(
            CASE,
            "taken_off_at",
            ("taken_off_by_id", "taken_off_why"),
            "a case is taken off once",
        ),
        kept(CASE),
        *(written_by_its_house(table) for table in (CASE, REASON, DECISION)),
        written_by_its_house(THERE, "person_id", "organization_id"),
        Refuse(
            f"{CASE}_of_its_client",
            CASE,
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM referrals_referral r "
            f"JOIN {CONFERENCE} k ON k.id = NEW.conference_id "
            f"JOIN {SERIES} s ON s.id = k.series_id "
            "WHERE r.id = NEW.referral_id AND r.client_id = NEW.client_id "
            "AND r.submitted_at IS NOT NULL AND k.called_off_at IS NULL "
            "AND r.clinic_id = s.clinic_id AND s.clinic_id = NEW.author_organization_id)",
            "a case stands on the agenda of its own clinic",
        ),
        Refuse(
            f"{CASE}_stays_once_decided",
            CASE,
            "UPDATE",
            "NEW.taken_off_at IS NOT NULL AND EXISTS "
            f"(SELECT 1 FROM {DECISION} d WHERE d.case_id = NEW.id)",
            "something was decided about this case",
        ),
        *append_only(REASON),
        of_its_case(REASON),
        *append_only(INVITED),
        Refuse(
            f"{INVITED}_of_the_practice",
            INVITED,
            "INSERT",
            "NOT EXISTS (SELECT 1 "
            + OF_CASE
            + " AND "
            + holds_role("NEW.person_id", "r.practice_id", OUTSIDE)
            + " AND "
            + holds_role("NEW.invited_by_id", "r.clinic_id", WITH_CLIENTS)
            + ")",
            "the clinic invites people of the practice that referred",
        ),
        *append_only(THERE),
        Refuse(
            f"{THERE}_of_its_conference",
            THERE,
            "INSERT",
            "NOT EXISTS (SELECT 1 "
            f"FROM {CONFERENCE} k JOIN {SERIES} s ON s.id = k.series_id "
            "WHERE k.id = NEW.conference_id AND k.called_off_at IS NULL AND ("
            "(NEW.case_id IS NULL AND NEW.organization_id = s.clinic_id) "
            "OR (NEW.organization_id <> s.clinic_id AND EXISTS "
            f"(SELECT 1 FROM {CASE} c WHERE c.id = NEW.case_id AND c.conference_id = k.id))))",
            "the clinic’s people are there for all of it, others for a case of it",
        ),
        frozen(DECISION, (*ITEM, "case_id", "text", "owner_id", "due_on", "replaces_id")),
        once(DECISION, "done_at", ("done_by_id",), "a decision is done once"),
        kept(DECISION),
        of_its_case(DECISION),
        Refuse(
            f"{DECISION}_owned_by_the_two",
            DECISION,
            "INSERT",
            "NOT EXISTS (SELECT 1 "
            + OF_CASE
            + " AND ("
            + holds_role("NEW.owner_id", "r.clinic_id", WITH_CLIENTS)
            + " OR "
            + holds_role("NEW.owner_id", "r.practice_id", OUTSIDE)
            + "))",
            "a decision is owned at one of the two houses",
        ),
        Refuse(
            f"{DECISION}_replaces_its_own",
            DECISION,
            "INSERT",
            "NEW.replaces_id IS NOT NULL AND NOT EXISTS "
            f"(SELECT 1 FROM {DECISION} d WHERE d.id = NEW.replaces_id "
            "AND d.case_id = NEW.case_id)",
            "a decision replaces one about the same case",
        ),
    ]
