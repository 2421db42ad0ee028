"""What no form offers, the database refuses as well: rows in the name of a house that is not one's
own, a cover without an end in sight, a call to somebody who is not on the case."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from referrals.models import Cover
from reminders.models import Conference, ConferenceDecision
from sessions.enums.notices import Called
from sessions.models import CoordinationAnswer, Goal, IntegrationSession, NoticeCall
from tests.refusing import database_refuses
from tests.reminders.conferring import add, began, decide
from tests.sessions.coordinating import BOTH_WAYS, agree, begin_goal, propose
from tests.sessions.telling import tell


def again(row, **changes):
    """The same row once more, otherwise."""
    for name, value in {"pk": None, "id": None, "form_key": uuid4(), **changes}.items():
        if hasattr(row, name):
            setattr(row, name, value)
    row._state.adding = True
    return lambda: type(row).unscoped.bulk_create([row])


def test_nobody_writes_in_the_name_of_another_house(case, opened, cast):
    case.active(**BOTH_WAYS)
    agree(case, propose(case))
    case.log_session(timezone.now())
    begin_goal(case)
    decide(case, add(case, began(case)))
    for model in (CoordinationAnswer, Goal, IntegrationSession, ConferenceDecision):
        row = model.unscoped.earliest("pk")
        database_refuses(again(row, author=cast.stranger, occurred_at=timezone.now()))
    for model in (Goal, IntegrationSession):
        row, elsewhere = model.unscoped.earliest("pk"), cast.other_practice
        database_refuses(again(row, author=cast.stranger, author_organization=elsewhere))
    planned = Conference.objects.get()
    planned.pk, planned.planned_by = None, cast.stranger
    planned.at += timedelta(days=7)
    database_refuses(lambda: Conference.objects.bulk_create([planned]))


def test_a_notice_calls_nobody_who_is_not_on_the_case(case, referral, cast):
    notice = tell(case)
    for user in (cast.stranger, cast.colleague):
        call = NoticeCall(notice=notice, whom=Called.OWNER, user=user, name=str(user))
        database_refuses(lambda call=call: NoticeCall.objects.bulk_create([call]))


def test_no_cover_lasts_longer_than_ninety_days(cast):
    now = timezone.now()
    long = Cover(
        practice=cast.practice,
        covered=cast.therapist,
        colleague=cast.colleague,
        starts_at=now,
        until=now + timedelta(days=91),
    )
    database_refuses(lambda: Cover.objects.bulk_create([long]))
    long.until = now + timedelta(days=90)
    Cover.objects.bulk_create([long])
