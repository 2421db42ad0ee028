"""What the database itself holds of plans, goals and logged sessions."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from referrals.enums import Collaboration
from sessions.actions.goals import end_goal
from sessions.actions.integration import mark_session_in_error
from sessions.enums.coordination import Duty
from sessions.models import (
    CoordinationAnswer,
    CoordinationPlan,
    GoalProgress,
    IntegrationSession,
    PlanDuty,
)
from tests.refusing import database_refuses
from tests.sessions.coordinating import BOTH_WAYS, agree, begin_goal, content, propose, rate

AFTER = Duty.INTEGRATION


def test_the_database_holds_whose_answer_it_is(case, episode):
    case.active(**BOTH_WAYS)
    plan, cast = propose(case), case.cast
    ours = CoordinationAnswer.unscoped.get(plan=plan)

    def answer(**changes):
        row = CoordinationAnswer.unscoped.get(pk=ours.pk)
        row.pk = None
        for name, value in changes.items():
            setattr(row, name, value)
        return row.save

    theirs = {"side": "practice", "author_organization": cast.practice, "author": cast.therapist}
    database_refuses(answer(side="practice"))  # the clinic for the practice, unsaid
    database_refuses(answer(**{**theirs, "author_organization": cast.other_practice}))
    database_refuses(answer(kind="withdrawn", **theirs))
    database_refuses(answer(**theirs, said_by="T", said_how="phone", said_at=timezone.now()))
    database_refuses(
        lambda: PlanDuty.objects.create(plan=plan, dose_number=1, duty=AFTER, owner=cast.nurse)
    )
    agree(case, plan)
    database_refuses(answer(kind="withdrawn"))
    foreign = CoordinationPlan.unscoped.get(pk=plan.pk)
    foreign.pk, foreign.form_key, foreign.version = None, uuid4(), 2
    foreign.author_organization = cast.other_practice
    database_refuses(foreign.save)


def test_the_database_divides_only_what_is_shared_and_only_before_it_is_proposed(case, episode):
    cast = case.cast

    def bare(version: int, **changes) -> CoordinationPlan:
        return CoordinationPlan.unscoped.create(
            client=case.client,
            category="integration",
            author=cast.coordinator,
            author_organization=cast.clinic,
            episode=episode,
            version=version,
            **content(cast, **changes),
        )

    def duty(plan, owner):
        return PlanDuty.objects.create(plan=plan, dose_number=1, duty=AFTER, owner=owner)

    database_refuses(lambda: duty(bare(1), cast.nurse))
    open_one = bare(2, collaboration=Collaboration.SHARED)
    database_refuses(lambda: duty(open_one, cast.stranger))
    database_refuses(lambda: duty(open_one, cast.coordinator))
    assert duty(open_one, cast.nurse)


def test_the_database_keeps_one_session_an_hour(case, episode):
    row = case.log_session(timezone.now())
    again = IntegrationSession.unscoped.get(pk=row.pk)
    again.pk, again.form_key = None, uuid4()
    database_refuses(again.save)
    mark_session_in_error(by=case.referrer, session=row, reason="another day")
    again.save()


def test_the_database_holds_whose_goal_it_is(case, referral):
    goal = begin_goal(case)
    row = rate(case, goal)

    def another(**changes):
        copy = GoalProgress.unscoped.get(pk=row.pk)
        copy.pk, copy.form_key = None, uuid4()
        for name, value in changes.items():
            setattr(copy, name, value)
        return copy.save

    for changes in (
        {"rating": 11},
        {"category": "outcomes"},
        {"author_organization": case.cast.clinic},
        {"day": goal.begun_on - timedelta(days=1)},
    ):
        database_refuses(another(**changes))
    today = timezone.localdate()
    end_goal(by=case.referrer, goal=goal, ending="reached", day=today)
    database_refuses(another())
