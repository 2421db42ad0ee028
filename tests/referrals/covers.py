"""Covers as the tests agree on them, and who is on a case."""

from datetime import timedelta
from uuid import uuid4

from people.models import User
from referrals.actions.covers import begin_cover
from referrals.models import Cover, Referral

DAY = timedelta(days=1)


def agreed(by: User, colleague: User, first: int = 0, last: int = 6, **changes) -> Cover:
    """A cover from so many days from today to so many."""
    today = by.membership.organization.today
    days = {"first_day": today + first * DAY, "last_day": today + last * DAY}
    fields = {"form_key": uuid4(), "colleague": colleague.membership, **days, **changes}
    return begin_cover(by=by, **fields)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def sees(user: User, permission: str = "view_case") -> bool:
    return Referral.objects.open_to(fresh(user), permission).exists()
