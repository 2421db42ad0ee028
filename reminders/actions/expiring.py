"""Clearances and licences that end soon: who is told, 30, 14 and 7 days before."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

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
    rows = Clearance.objects.filter(~Exists(newer), result__in=PERMITTING)
    rows = rows.prefetch_related("episode__referral", "episode__clinic")  # of those few alone
    return [
        (row, days)
        for row in _near("clearance", "valid_until", rows, now)
        if row.episode.ended_at is None
        for days in _untold(row, row.valid_until, row.episode.clinic, now)
    ]


def ending_licences(now: datetime) -> list[Ending]:
    """The same for licences of those who work at a clinic that somebody else has checked."""
    rows = Licence.objects.filter(
        checked_at__isnull=False, error_at=None, person__memberships__ended_at=None
    ).select_related("organization", "person")
    return [
        (row, days)
        for row in _near("licence", "expires_on", rows, now)
        for days in _untold(row, row.expires_on, row.organization, now)
    ]


def _near(name: str, last_day: str, rows: QuerySet, now: datetime) -> QuerySet:
    """Those that end by the first threshold, each with whether a letter was written at each; a day
    more at either end, for clinics elsewhere on earth have another date."""
    told = {
        f"told_{days}": Exists(Letter.objects.filter(**{name: OuterRef("pk"), "days": days}))
        for days in THRESHOLDS
    }
    today = now.date()
    near = (today - DAY, today + (max(THRESHOLDS) + 1) * DAY)
    return rows.filter(**{f"{last_day}__range": near}).annotate(**told)


def _untold(
    row: Clearance | Licence, last_day: date, clinic: Organization, now: datetime
) -> Iterator[int]:
    for days in THRESHOLDS:
        if _passed(last_day, row, clinic, days, now) and not getattr(row, f"told_{days}"):
            yield days


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
