"""Clearances and licences that end soon: who is told, 30, 14 and 7 days before."""

from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from people.enums import Role
from people.models import Licence, Organization, User
from reminders.actions.letters import administrators, members_as
from reminders.enums import LetterKind, Told
from reminders.models import THRESHOLDS, Letter
from reminders.notifications.actions import notify
from sessions.enums.screening import PERMITTING
from sessions.models import Clearance

K = LetterKind
DAY = timedelta(days=1)
Ending = tuple[Clearance | Licence, int]  # with the threshold, in days, that was passed last


def tell_of_expiring(now: datetime) -> int:
    """Write to those concerned what nobody was told of yet; how many letters."""
    told = 0
    for row, days in [*ending_clearances(now), *ending_licences(now)]:
        with transaction.atomic():
            told += _write(row, days, now)
    return told


def ending_clearances(now: datetime) -> list[Ending]:
    """Those that hold, of treatment that goes on, and of which nobody was told since the last
    threshold. One that was given later than a threshold says nothing new at it."""
    newer = Clearance.objects.filter(episode=OuterRef("episode"), pk__gt=OuterRef("pk"))
    rows = Clearance.objects.filter(~Exists(newer), episode__ended_at=None, result__in=PERMITTING)
    rows = rows.select_related("episode__referral", "episode__clinic")
    return [
        (row, days)
        for days, untold in _untold("clearance", "valid_until", rows, now)
        for row in untold
        if row.valid_until and _passed(row.valid_until, row, row.episode.clinic, days, now)
    ]


def ending_licences(now: datetime) -> list[Ending]:
    """The same for licences of those who work at a clinic that somebody else has checked."""
    rows = Licence.objects.filter(
        checked_at__isnull=False, error_at=None, person__memberships__ended_at=None
    ).select_related("organization", "person")
    return [
        (row, days)
        for days, untold in _untold("licence", "expires_on", rows, now)
        for row in untold
        if _passed(row.expires_on, row, row.organization, days, now)
    ]


def _untold(name: str, last_day: str, rows: QuerySet, now: datetime):
    """By threshold, those of which no letter was written at it; a day more at either end, for
    clinics elsewhere on earth have another date."""
    for days, next_ in pairwise((*THRESHOLDS, 0)):
        told = Letter.objects.filter(**{name: OuterRef("pk"), "days": days})
        near = (now.date() + (next_ - 1) * DAY, now.date() + (days + 1) * DAY)
        yield days, rows.filter(~Exists(told), **{f"{last_day}__range": near})


def _passed(
    last_day: date, row: Clearance | Licence, clinic: Organization, days: int, now: datetime
) -> bool:
    """Whether this threshold was passed, and no later one, since the row was written."""
    next_ = max((each for each in THRESHOLDS if each < days), default=-1)
    left = (last_day - clinic.day_of(now)).days
    return next_ < left <= days < (last_day - clinic.day_of(row.recorded_at)).days


def concerned(row: Clearance | Licence) -> QuerySet[User]:
    """Those who clear and those who plan at the clinic; whose licence it is, and the clinic's
    administrators."""
    if isinstance(row, Clearance):
        clinic = row.episode.clinic_id
        return members_as(Role.PRESCRIBER, clinic) | members_as(Role.COORDINATOR, clinic)
    own = Q(pk=row.person_id, is_active=True)
    return User.objects.filter(own | Q(pk__in=administrators(row.organization_id)))


def _write(row: Clearance | Licence, days: int, now: datetime) -> int:
    is_clearance = isinstance(row, Clearance)
    kind, told = (
        (K.CLEARANCE, Told.CLEARANCE_ENDING) if is_clearance else (K.LICENCE, Told.LICENCE_ENDING)
    )
    next_ = max((each for each in THRESHOLDS if each < days), default=0)
    lasts, people = timedelta(days=days - next_), list(concerned(row))
    about = {kind.value: row, "kind": kind, "days": days}
    letters = [Letter(**about, user=user, opens_at=now, closes_at=now + lasts) for user in people]
    case = row.episode.referral if isinstance(row, Clearance) else None
    notify(told, people, source=row, at=now, referral=case)
    return len(Letter.objects.bulk_create(letters, ignore_conflicts=True))


def still_ends(letter: Letter) -> bool:
    """Whether what it tells of still ends then: no newer clearance, no end of treatment, no
    licence entered in error."""
    if clearance := letter.clearance:
        newer = Clearance.objects.filter(episode=clearance.episode_id, pk__gt=clearance.pk)
        return clearance.episode.ended_at is None and not newer.exists()
    assert letter.licence
    return letter.licence.counts
