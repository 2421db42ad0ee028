"""The clinic's day: doses and what blocks them, closing windows, notes to sign, what was missed.

The clinic's own record is read by role. Whether an outside therapist held a session is known only
where a release opens it; where it is not, a window reads the same whether or not they did.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Q
from django.utils import timezone

from consent.access import Access, Reader
from consent.disclosure import disclose
from consent.enums import Category, Channel
from consent.treatment.standing import Standing as Consent
from consent.treatment.standing import standings
from people.formats import amount, clock, span
from people.models import User
from reminders.actions.reminding import owner_of
from reminders.enums import ReminderState
from reminders.models import Reminder
from reminders.worklists.rows import NextWindow, seen_from
from sessions.coordination import owners_by_dose
from sessions.enums import SessionState
from sessions.gates import GateFacts, Missing, asked_at, missing
from sessions.hours import hours_at
from sessions.models import ContinuityNote, DosingSession, EpisodeOfCare, IntegrationSession
from sessions.windows import HOURS, Window, WindowKind, WindowState, reminded

OF_THE_DAY = (
    "doseorders",
    "escortplans",
    "overrides",
    "identitychecks",
    "predosechecks__answers",
    "episode__screenings__answers",
    "episode__clearances__screening__answers",
)
MOST = 100  # rows of one kind
AHEAD = 7  # days after today whose doses are looked at already
NEAR = timedelta(days=8)  # the windows of doses farther away are over, or not yet open
NOTES_SINCE = timedelta(days=31)
MISSED_SINCE = timedelta(days=7)


@dataclass(frozen=True)
class Dose:
    dosing: DosingSession
    order: str
    who: str
    state: str
    note: str
    blocked: list[Missing]


@dataclass(frozen=True)
class Closing:
    """An open window in which nothing is known to be held."""

    episode: EpisodeOfCare
    for_dose: int  # the dose that is prepared for, else 0
    window: NextWindow
    owner: User
    serves: int  # open windows that one session would serve


@dataclass(frozen=True)
class Windows:
    closing: list[Closing]
    missed: list[Reminder]


def doses_today(user: User, now: datetime) -> list[Dose]:
    """The doses of the local day, by time."""
    begin, end = _midnight(now, 0), _midnight(now, 1)
    given = Q(given_at__gte=begin, given_at__lt=end)
    planned = Q(given_at=None, planned_at__gte=begin, planned_at__lt=end)
    return _with_what_blocks(user, now, given | planned)


def blocked_ahead(user: User, now: datetime, verbs: Collection[str]) -> list[Dose]:
    """The doses of the week after today that lack what `verbs` name: the pages that mend it."""
    begin, end = _midnight(now, 1), _midnight(now, 1 + AHEAD)
    planned = Q(given_at=None, planned_at__gte=begin, planned_at__lt=end)
    doses = [
        replace(dose, blocked=[each for each in dose.blocked if each.verb in verbs])
        for dose in _with_what_blocks(user, now, planned)
    ]
    return [dose for dose in doses if dose.blocked]


def _midnight(now: datetime, days: int) -> datetime:
    """When the local day begins that is so many `days` ahead: one may have 23 or 25 hours."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return (today + timedelta(days=days)).replace(fold=0)


def _with_what_blocks(user: User, now: datetime, which: Q) -> list[Dose]:
    """By time. Whether consent holds is asked once for each day, as it does at its end."""
    rows = _doses(user).filter(which)
    rows = rows.select_related("given_by", "planned_by", "order", "episode__clinic")
    rows = rows.prefetch_related(*OF_THE_DAY)
    found = sorted(rows[:MOST], key=lambda row: row.at)
    clinic_id = user.membership.organization_id if user.membership else 0
    doses = []
    for _, group in groupby(found, key=lambda row: timezone.localdate(row.at)):
        of_day = list(group)
        clients = {row.episode.client_id for row in of_day}
        end = _midnight(of_day[0].at, 1)
        agreed = standings(client_ids=clients, clinic_id=clinic_id, at=end)
        doses += [_dose(row, now, agreed[row.episode.client_id]) for row in of_day]
    return doses


def _doses(user: User):
    episodes = EpisodeOfCare.objects.at_clinic_of(user)
    rows = DosingSession.objects.filter(episode__in=episodes, cancelled_at=None)
    return rows.select_related(
        "episode__client",
        "episode__referral",
        "episode__opened_by",
        "episode__preparation_owner",
        "episode__integration_owner",
    )


def _dose(row: DosingSession, now: datetime, consent: Consent) -> Dose:
    ordered, order = row.order or next(iter(row.doseorders.all()), None), f"Dose {row.number}"
    if ordered:
        order = f"{order}, {amount(ordered.dose_mg)} {ordered.get_route_display()}"
    who = row.given_by or row.planned_by
    return Dose(row, order, str(who), *_progress(row, now), _blocked(row, now, consent))


def _progress(row: DosingSession, now: datetime) -> tuple[str, str]:
    """(state, note) in plain words."""
    if row.discharged_at:
        return "Left", f"at {clock(row.discharged_at)}"
    if row.given_at:
        return "In session", f"{span((now - row.given_at).total_seconds())} since the dose"
    wait = (row.planned_at - now).total_seconds()
    return (f"Starts in {span(wait)}", "") if wait > 0 else ("Due", f"{span(-wait)} ago")


def _blocked(row: DosingSession, now: datetime, consent: Consent) -> list[Missing]:
    if row.given_at:
        return []
    at = asked_at(row, now)
    return missing(GateFacts.of(row, at, consent), at, row.episode.clinic.day_of(at))


def windows(user: User, now: datetime) -> Windows:
    """Windows open now with nothing held in them, and reminders whose window closed unanswered."""
    near = Q(given_at__gte=now - NEAR) | Q(given_at=None, planned_at__range=(now, now + NEAR))
    rows = list(_doses(user).filter(near)[:MOST])
    owners = owners_by_dose({row.episode for row in rows})
    hours = hours_at(user.membership.organization_id) if rows and user.membership else HOURS
    for row in rows:
        row.episode.dose_owners, row.episode.hours = owners[row.episode_id], hours
    missed = list(_missed(user, now))
    episodes = {row.episode for row in rows} | {reminder.episode for reminder in missed}
    found = disclose(
        to=Reader.of(user),
        about={episode.client_id for episode in episodes},
        kinds={
            IntegrationSession: Q(state=SessionState.HELD, error=None, occurred_at__gte=now - NEAR)
        },
        channel=Channel.WORKLIST,
    )
    held: dict[int, list[datetime]] = {}
    for session in found.of(IntegrationSession):
        held.setdefault(session.episode_id, []).append(session.occurred_at)
    return Windows(
        closing=sorted(_closing(rows, held, now), key=lambda each: each.window.closes_at),
        missed=[reminder for reminder in missed if may_know(reminder, found.access)],
    )


def _closing(rows: Iterable[DosingSession], held, now: datetime) -> Iterable[Closing]:
    """One entry for each client and owner: whoever holds one session serves all that is open."""
    found: dict[tuple[EpisodeOfCare, User], list[Window]] = {}
    for row in rows:
        given, hours = row.given_at is not None, row.episode.hours
        for window in reminded(row.number, row.at, given=given, hours=hours):
            if window.state(now, held.get(row.episode_id, [])) == WindowState.OPEN:
                owner = owner_of(row.episode, window)
                found.setdefault((row.episode, owner), []).append(window)
    for (episode, owner), open_now in found.items():
        first = min(open_now, key=lambda window: window.closes_at)
        for_dose = first.dose_number if first.kind == WindowKind.PREPARATION else 0
        yield Closing(episode, for_dose, seen_from(first, now), owner, len(open_now))


def _missed(user: User, now: datetime):
    states = [ReminderState.MISSED, ReminderState.FAILED]
    rows = (
        Reminder.objects.of_windows()
        .with_place()
        .filter(
            episode__in=EpisodeOfCare.objects.at_clinic_of(user),
            state__in=states,
            closes_at__range=(now - MISSED_SINCE, now),
        )
    )
    related = ("episode__client", "episode__referral", "dosing", "owner")
    return rows.select_related(*related).order_by("-closes_at", "-pk")[:MOST]


def may_know(reminder: Reminder, access: Access) -> bool:
    """Whether the clinic may know that nothing was held: always of its own people, of those of the
    practice only while a release opens their dates to it. The row is `with_place`."""
    referral = reminder.episode.referral
    if reminder.owned_here:  # type: ignore[attr-defined]
        return True
    opened = access.categories(referral.client_id, referral.practice_id, whole=True)
    return Category.SCHEDULE in opened


def notes_to_sign(user: User, now: datetime) -> list[DosingSession]:
    """Doses of the last month without a signed note, the oldest first."""
    rows = _doses(user).filter(given_at__gte=now - NOTES_SINCE)
    signed = ContinuityNote.objects.filter(signed_at__isnull=False, in_error_at=None)
    unsigned = rows.exclude(pk__in=signed.filter(adds_to=None).values("dosing"))
    return list(unsigned.order_by("given_at", "pk")[:MOST])
