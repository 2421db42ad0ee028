"""Plans are answered by whom they concern, each side once; a session is logged once an hour."""

from django.db import migrations

from audit.triggers import Refuse, append_only
from people.holding import written_by_its_house

APP = "care_sessions"
PLAN, DUTY, ANSWER = f"{APP}_coordinationplan", f"{APP}_planduty", f"{APP}_coordinationanswer"
SESSION, GOAL, PROGRESS = f"{APP}_integrationsession", f"{APP}_goal", f"{APP}_goalprogress"
ADDED_TO = (PLAN, DUTY, ANSWER, f"{APP}_goal", f"{APP}_goalprogress", f"{APP}_goalend")
ADDED_TO += (f"{APP}_sessionthemes", f"{APP}_sessionerror")

# The two houses of a case, by the episode `e` and its referral `r`.
CASE = f"{APP}_episodeofcare e JOIN referrals_referral r ON r.id = e.referral_id"
OF_PLAN = f"FROM {CASE} JOIN {PLAN} p ON p.episode_id = e.id WHERE p.id = NEW.plan_id"
ANSWERED = f"FROM {ANSWER} a WHERE a.plan_id = NEW.plan_id AND a.kind"
STAFF = (
    "EXISTS (SELECT 1 FROM people_membership m WHERE m.user_id = {who} AND m.ended_at IS NULL "
    "AND m.organization_id = {house} AND m.role IN ({roles}))"
)
TREATING = "'prescriber', 'nurse', 'kap_therapist'"
# The answer is the clinic's own, the practice's own, or the practice's as the clinic recorded it.
SIDES = (
    "(NEW.side = 'clinic' AND NEW.author_organization_id = e.clinic_id) "
    "OR (NEW.side = 'practice' AND NEW.said_at IS NULL "
    "AND NEW.author_organization_id = r.practice_id) "
    "OR (NEW.said_at IS NOT NULL AND NEW.author_organization_id = e.clinic_id "
    "AND p.author_organization_id = e.clinic_id)"
)
# The first thirteen letters of a moment, in UTC: its hour.
HOUR = "substr(CAST({} AS TEXT), 1, 13)"


def of_goal(table: str, more: str = "") -> Refuse:
    """What is said of a goal is said by the house that keeps it; afterwards nothing is."""
    return Refuse(
        f"{APP}_{table}_of_a_goal",
        f"{APP}_{table}",
        "INSERT",
        f"NOT EXISTS (SELECT 1 FROM {APP}_goal g WHERE g.id = NEW.goal_id "
        "AND g.client_id = NEW.client_id AND g.begun_on <= NEW.day "
        f"AND g.author_organization_id = NEW.author_organization_id){more}",
        "this goal is not theirs, or it is over",
    )


class Migration(migrations.Migration):
    dependencies = [
        (APP, "0009_notice_triggers"),
        ("people", "0001_initial"),
        ("referrals", "0001_initial"),
    ]
    operations = [
        *(trigger for table in ADDED_TO for trigger in append_only(table)),
        *(written_by_its_house(table) for table in (PLAN, ANSWER, GOAL, PROGRESS, SESSION)),
        Refuse(
            f"{GOAL}_of_a_house",
            GOAL,
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = NEW.referral_id "
            "AND r.client_id = NEW.client_id "
            "AND NEW.author_organization_id IN (r.clinic_id, r.practice_id))",
            "a goal is kept by one of the two houses",
        ),
        Refuse(
            f"{SESSION}_of_a_house",
            SESSION,
            "INSERT",
            f"NOT EXISTS (SELECT 1 FROM {CASE} WHERE e.id = NEW.episode_id "
            "AND NEW.author_organization_id IN (e.clinic_id, r.practice_id))",
            "a session is logged by one of the two houses",
        ),
        Refuse(
            f"{PLAN}_of_a_house",
            PLAN,
            "INSERT",
            f"NOT EXISTS (SELECT 1 FROM {CASE} WHERE e.id = NEW.episode_id "
            "AND e.client_id = NEW.client_id "
            "AND NEW.author_organization_id IN (e.clinic_id, r.practice_id))",
            "a plan is proposed by one of the two houses",
        ),
        Refuse(
            f"{PLAN}_starts_from_its_own",
            PLAN,
            "INSERT",
            f"NEW.starts_from_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {PLAN} p "
            "WHERE p.id = NEW.starts_from_id AND p.episode_id = NEW.episode_id)",
            "a version starts from one of the same case",
        ),
        Refuse(
            f"{DUTY}_shared",
            DUTY,
            "INSERT",
            f"NOT EXISTS (SELECT 1 FROM {PLAN} p WHERE p.id = NEW.plan_id "
            "AND p.collaboration = 'shared')",
            "only shared work is divided session by session",
        ),
        Refuse(
            f"{DUTY}_sealed",
            DUTY,
            "INSERT",
            f"EXISTS (SELECT 1 FROM {ANSWER} a WHERE a.plan_id = NEW.plan_id)",
            "a plan that was proposed does not change",
        ),
        Refuse(
            f"{DUTY}_of_the_case",
            DUTY,
            "INSERT",
            f"NOT EXISTS (SELECT 1 {OF_PLAN} AND ("
            + STAFF.format(who="NEW.owner_id", house="e.clinic_id", roles=TREATING)
            + " OR "
            + STAFF.format(who="NEW.owner_id", house="r.practice_id", roles="'therapist'")
            + "))",
            "an owner works at one of the two houses",
        ),
        Refuse(
            f"{ANSWER}_of_its_side",
            ANSWER,
            "INSERT",
            f"NOT EXISTS (SELECT 1 {OF_PLAN} AND p.client_id = NEW.client_id AND ({SIDES}))",
            "each side answers for itself",
        ),
        Refuse(
            f"{ANSWER}_still_open",
            ANSWER,
            "INSERT",
            f"EXISTS (SELECT 1 {ANSWERED} = 'withdrawn') "
            f"OR (SELECT COUNT(*) {ANSWERED} = 'agreed') = 2",
            "this version is no longer open",
        ),
        Refuse(
            f"{ANSWER}_takes_back_its_own",
            ANSWER,
            "INSERT",
            "NEW.kind = 'withdrawn' AND NOT EXISTS (SELECT 1 "
            f"FROM {PLAN} p WHERE p.id = NEW.plan_id "
            "AND p.author_organization_id = NEW.author_organization_id)",
            "a proposal is withdrawn by the side that made it",
        ),
        of_goal("goalprogress", f" OR EXISTS (SELECT 1 FROM {APP}_goalend d "
        "WHERE d.goal_id = NEW.goal_id)"),
        of_goal("goalend"),
        Refuse(
            f"{APP}_sessionthemes_of_its_session",
            f"{APP}_sessionthemes",
            "INSERT",
            f"NOT EXISTS (SELECT 1 FROM {SESSION} s WHERE s.id = NEW.session_id "
            "AND s.client_id = NEW.client_id AND s.author_id = NEW.author_id "
            "AND s.author_organization_id = NEW.author_organization_id)",
            "themes belong to a session of the same person",
        ),
        Refuse(
            f"{APP}_sessionerror_not_written_about",
            f"{APP}_sessionerror",
            "INSERT",
            f"EXISTS (SELECT 1 FROM {APP}_integrationrecord w "
            "WHERE w.session_id = NEW.session_id)",
            "this session is written about",
        ),
        Refuse(
            f"{SESSION}_once_an_hour",
            SESSION,
            "INSERT",
            f"EXISTS (SELECT 1 FROM {SESSION} s WHERE s.client_id = NEW.client_id "
            f"AND s.author_id = NEW.author_id "
            f"AND {HOUR.format('s.occurred_at')} = {HOUR.format('NEW.occurred_at')} "
            f"AND NOT EXISTS (SELECT 1 FROM {APP}_sessionerror x WHERE x.session_id = s.id))",
            "this session is logged already",
        ),
    ]
