"""Goals: begun, rated by the client's own word over time, reached or let go. Nothing is changed."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.enums import Category
from people.concurrency import row_of_form
from people.models import User
from referrals.models import Referral
from sessions.enums.coordination import GoalEnding
from sessions.models import Goal, GoalEnd, GoalProgress
from sessions.models.goals import HIGHEST
from sessions.permissions import check_user_can_keep_goals

WRITTEN = ["client", "author_organization", "author", "referral", "goal"]
NOON = time(12)


@transaction.atomic
def begin_goal(*, by: User, referral: Referral, form_key: UUID, text: str, begun_on: date) -> Goal:
    """A goal in words (up to 300 characters), begun on a day up to today."""
    check_user_can_keep_goals(by, referral)
    Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
    if existing := row_of_form(Goal.unscoped, form_key, referral_id=referral.pk):
        return existing
    _check_day(referral, "begun_on", begun_on)
    goal = Goal(form_key=form_key, referral=referral, text=text.strip(), begun_on=begun_on)
    return _save(goal, "goal.begun", by, referral, begun_on)


@transaction.atomic
def record_progress(
    *, by: User, goal: Goal, form_key: UUID, day: date, rating: int, text: str = ""
) -> GoalProgress:
    """How near the client feels to it: 0 to 10, and a line. Raises ValidationError for a day that
    cannot be, and for a goal that is over."""
    check_user_can_keep_goals(by, goal.referral)
    _locked(goal)
    if existing := row_of_form(GoalProgress.unscoped, form_key, goal_id=goal.pk):
        return existing
    _check_goes_on(goal)
    _check_day(goal.referral, "day", day, goal.begun_on)
    if not 0 <= rating <= HIGHEST:
        raise ValidationError({"rating": f"Choose a number from 0 to {HIGHEST}."})
    row = GoalProgress(form_key=form_key, goal=goal, day=day, rating=rating, text=text.strip())
    return _save(row, "goal.progress", by, goal.referral, day)


@transaction.atomic
def end_goal(*, by: User, goal: Goal, ending: GoalEnding, day: date, text: str = "") -> GoalEnd:
    """It was reached, or let go; ending it twice is once."""
    check_user_can_keep_goals(by, goal.referral)
    _locked(goal)
    if existing := GoalEnd.unscoped.filter(goal=goal).first():
        return existing
    last = GoalProgress.unscoped.filter(goal=goal).order_by("-day").first()
    _check_day(goal.referral, "day", day, last.day if last else goal.begun_on)
    row = GoalEnd(goal=goal, ending=ending, day=day, text=text.strip())
    return _save(row, "goal.ended", by, goal.referral, day)


def _locked(goal: Goal) -> None:
    Goal.unscoped.select_for_update(of=("self",), no_key=True).get(pk=goal.pk)


def _check_goes_on(goal: Goal) -> None:
    if GoalEnd.unscoped.filter(goal=goal).exists():
        raise ValidationError("This goal is over. Begin another one to go on with it.")


def _check_day(referral: Referral, name: str, day: date, least: date | None = None) -> None:
    if day > referral.practice.today:
        raise ValidationError({name: "This day lies ahead. Enter today or a day before."})
    if least and day < least:
        raise ValidationError({name: "This is before what is recorded. Choose a later day."})


def _save(row: Any, event: str, by: User, referral: Referral, day: date) -> Any:
    assert by.membership
    row.client_id, row.category, row.author = referral.client_id, Category.INTEGRATION, by
    row.author_organization_id = by.membership.organization_id
    noon = datetime.combine(day, NOON, ZoneInfo(referral.practice.timezone)).astimezone(UTC)
    row.occurred_at = min(noon, timezone.now())
    row.full_clean(exclude=WRITTEN)
    row.save()
    record(event, by=by, on=row, client_id=referral.client_id)
    return row
