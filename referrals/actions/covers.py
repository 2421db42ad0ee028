"""A therapist names a colleague who covers for them; it ends by the clock, or by one press."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.record import record
from people.concurrency import row_of_form
from people.joining.actions.memberships import successors
from people.models import Membership, Organization, User
from referrals.models import Cover
from referrals.models.cover import MOST_DAYS
from referrals.permissions import check_user_can_end_cover, check_user_can_refer
from referrals.signals import cover_agreed

FARTHEST = timedelta(days=366)


@transaction.atomic
def begin_cover(
    *, by: User, form_key: UUID, colleague: Membership, first_day: date, last_day: date
) -> Cover:
    """`colleague`, a therapist of the same practice, covers for `by` from the first to the last
    day, both whole days where the practice is. The same form sent twice gives one cover.

    Raises PermissionDenied for all but therapists of a practice; ValidationError for somebody who
    is no colleague, for days that are over or in the wrong order, for more than 90 days, a start
    more than a year ahead, and where this colleague covers on one of these days already.
    """
    check_user_can_refer(by)
    assert by.membership
    practice = by.membership.organization
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if existing := row_of_form(Cover.objects, form_key, covered_id=by.pk):
        return existing
    if not colleagues(by).filter(pk=colleague.pk).exists():
        raise ValidationError({"colleague": "Choose a therapist of your practice."})
    _check_days(first_day, last_day, practice.today)
    starts_at, until = _morning(first_day, practice), _morning(last_day + ONE_DAY, practice)
    overlapping = Cover.objects.filter(
        covered=by, colleague=colleague.user_id, ended_at=None, starts_at__lt=until
    )
    if overlapping.filter(until__gt=starts_at).exists():
        raise ValidationError({"first_day": "They cover for you on some of these days already."})
    cover = Cover.objects.create(
        form_key=form_key,
        practice=practice,
        covered=by,
        colleague=colleague.user,
        starts_at=starts_at,
        until=until,
    )
    record("cover.agreed", by=by, on=cover, user=colleague.user_id)
    cover_agreed.send(Cover, cover=cover)
    return cover


@transaction.atomic
def end_cover(*, by: User, cover: Cover) -> Cover:
    """Ended now, by whoever is covered or whoever covers. Ending it again changes nothing."""
    check_user_can_end_cover(by, cover)
    cover = Cover.objects.select_for_update(no_key=True).get(pk=cover.pk)
    if cover.ended_at is None and cover.until > timezone.now():
        _end(cover, by)
    return cover


def end_covers_of(user: User, *, by: User) -> None:
    """Whoever leaves covers for nobody, and nobody covers for them. In the caller's transaction."""
    theirs = Cover.objects.filter(Q(covered=user) | Q(colleague=user), ended_at=None)
    for cover in theirs.filter(until__gt=timezone.now()).select_for_update(no_key=True):
        _end(cover, by)


@transaction.atomic
def note_covers_over(now: datetime) -> int:
    """Record, once each, that the time of a cover is over; how many. It opened nothing since."""
    over = Cover.objects.filter(ended_at=None, over_noted_at=None, until__lte=now)
    found = list(over.select_for_update(no_key=True))
    for cover in found:
        cover.over_noted_at = now
        cover.save(update_fields=["over_noted_at"])
        record("cover.over", by=None, on=cover)
    return len(found)


def colleagues(user: User) -> QuerySet[Membership]:
    """The other therapists of the practice."""
    return successors(user.membership) if user.membership else Membership.objects.none()


ONE_DAY = timedelta(days=1)


def _end(cover: Cover, by: User) -> None:
    cover.ended_at, cover.ended_by = timezone.now(), by
    cover.save(update_fields=["ended_at", "ended_by"])
    record("cover.ended", by=by, on=cover)


def _morning(day: date, practice: Organization) -> datetime:
    """The first moment of a day where the practice is."""
    return datetime.combine(day, time(), ZoneInfo(practice.timezone))


def _check_days(first: date, last: date, today: date) -> None:
    errors = {}
    if last < first:
        errors["last_day"] = "This is before the first day. Check both days."
    elif last < today:
        errors["last_day"] = "This day is over. Choose days to come."
    elif (last - first).days >= MOST_DAYS:
        errors["last_day"] = f"A cover lasts at most {MOST_DAYS} days. Choose an earlier day."
    if first > today + FARTHEST:
        errors["first_day"] = "This is more than a year ahead. Check the year."
    if errors:
        raise ValidationError(errors)
