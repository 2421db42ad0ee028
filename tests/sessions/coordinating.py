"""A coordination plan as both houses make it, and goals with what came of them."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from consent.enums import Category
from people.models import User
from referrals.enums import Collaboration
from sessions.actions import coordination, goals, integration
from sessions.enums.coordination import Duty
from sessions.models import (
    CoordinationAnswer,
    CoordinationPlan,
    Goal,
    GoalEnd,
    GoalProgress,
    PlanDuty,
    SessionError,
    SessionThemes,
)
from tests.builder import Builder
from tests.factories import Cast

APPEND_ONLY = {
    CoordinationPlan: {"escalation": "other"},
    PlanDuty: {"dose_number": 9},
    CoordinationAnswer: {"kind": "withdrawn"},
    Goal: {"text": "other"},
    GoalProgress: {"rating": 9},
    GoalEnd: {"text": "other"},
    SessionThemes: {"text": "other"},
    SessionError: {"reason": "other"},
}
GUARDS = {
    "care_sessions_coordinationplan": ["of_a_house", "starts_from_its_own", "by_its_house"],
    "care_sessions_planduty": ["shared", "sealed", "of_the_case"],
    "care_sessions_coordinationanswer": [
        *("of_its_side", "still_open", "takes_back_its_own", "by_its_house")
    ],
    "care_sessions_goal": ["of_a_house", "by_its_house"],
    "care_sessions_noticecall": ["of_the_two"],
    "care_sessions_goalprogress": ["of_a_goal", "by_its_house"],
    "care_sessions_goalend": ["of_a_goal"],
    "care_sessions_sessionthemes": ["of_its_session"],
    "care_sessions_sessionerror": ["not_written_about"],
    "care_sessions_integrationsession": ["once_an_hour"],
}
BOTH_WAYS = {"out_categories": [Category.INTEGRATION], "in_categories": [Category.INTEGRATION]}
CONTENT = {
    "collaboration": Collaboration.CLINIC_MEDICAL,
    "talk_how": "phone",
    "talk_often": "each_dose",
    "safety_protocol": "Stay with the client, then call the clinic.",
    "escalation": "Therapist to the nurse on duty, nurse to the prescriber.",
    "hospitalisation": "Intent with a plan; a blood pressure that does not fall.",
    "after_hours_who": "Prescriber on call",
    "after_hours_phone": "555 0111",
    "after_hours_when": "17:00 to 08:00 and at weekends",
    "minutes_to_acknowledge": 30,
    "remark": "",
}


def content(cast: Cast, **changes) -> dict:
    owners = {"preparation_owner": cast.therapist, "integration_owner": cast.therapist}
    return {**CONTENT, **owners, **changes}


def shared(cast: Cast, **changes) -> dict:
    return content(cast, collaboration=Collaboration.SHARED, **changes)


def session(number: int, duty: Duty, owner: User) -> coordination.Session:
    return coordination.Session(number, duty, owner)


def propose(case: Builder, by: User | None = None, **changes) -> CoordinationPlan:
    """By the coordinator, unless `by` somebody else; `seen` is the newest there is."""
    newest = CoordinationPlan.unscoped.filter(episode=case.episode).order_by("-version").first()
    usual = {"form_key": uuid4(), "sessions": (), "seen": newest.pk if newest else None}
    mine = {name: changes.pop(name) for name in usual if name in changes}
    said = changes.pop("content", None) or content(case.cast, **changes)
    return coordination.propose_plan(
        by=by or case.cast.coordinator, episode=case.episode, content=said, **{**usual, **mine}
    )


def agree(case: Builder, plan: CoordinationPlan, by: User | None = None) -> CoordinationPlan:
    return coordination.agree_to_plan(by=by or case.cast.therapist, plan=plan)


def agreed(case: Builder, **changes) -> CoordinationPlan:
    """In force: proposed by the coordinator, agreed to by the therapist; a release opens it."""
    return agree(case, propose(case, **changes))


def begin_goal(case: Builder, by: User | None = None, **changes) -> Goal:
    usual = {"text": "To sleep through", "begun_on": timezone.localdate() - timedelta(days=20)}
    return goals.begin_goal(
        by=by or case.referrer,
        referral=case.referral,
        **{"form_key": uuid4(), **usual, **changes},
    )


def rate(case: Builder, goal: Goal, rating: int = 4, days_ago: int = 1, **changes):
    day = timezone.localdate() - timedelta(days=days_ago)
    usual = {"by": case.referrer, "form_key": uuid4(), "day": day, "rating": rating, "text": ""}
    return goals.record_progress(goal=goal, **{**usual, **changes})


def write_each_once(case: Builder) -> None:
    """A row of every kind; a release opens integration both ways, and themes to the clinic."""
    cast = case.cast
    divided = [session(2, Duty.INTEGRATION, cast.kaptherapist)]
    agreed(case, content=shared(cast), sessions=divided)
    goal = begin_goal(case)
    rate(case, goal)
    goals.end_goal(by=case.referrer, goal=goal, ending="reached", day=timezone.localdate())
    held = case.log_session(timezone.now(), themes="grief")
    integration.mark_session_in_error(by=case.referrer, session=held, reason="hers was moved")
    case.log_session(timezone.now())
