"""The reminders of a dose: written with it, answered by a session, taken back, told again."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from audit.record import record
from consent.access import Access, Reader
from consent.clock import database_now
from consent.models import Release
from people.models import User
from reminders.actions.cancelling import cancel, cancel_barred
from reminders.enums import CancelReason, ReminderKind, ReminderState
from reminders.models import Reminder
from reminders.querysets import ReminderQuerySet
from sessions.coordination import owner_of_session
from sessions.enums import SessionState
from sessions.enums.coordination import Duty
from sessions.models import (
    CareEvent,
    DosingSession,
    EpisodeOfCare,
    IntegrationSession,
    PreparationSession,
)
from sessions.windows import Window, WindowKind, reminded

S = ReminderState


def write_reminders(dosing: DosingSession) -> None:
    """The reminders that this dose, as it stands now, asks for; the others are cancelled."""
    if not dosing.cancelled_at:
        given = dosing.given_at is not None
        for window in reminded(dosing.number, dosing.at, given=given):
            _write(dosing, window)
    stale = Reminder.objects.filter(dosing=dosing, state__in=[S.PENDING, S.SENT])
    if dosing.given_at:
        stale = stale.filter(kind=ReminderKind.PREPARATION)
    if dosing.given_at or dosing.cancelled_at:
        cancel(stale, CancelReason.DOSE_CHANGED)


def move_to_owners(episode: EpisodeOfCare) -> None:
    """Others own preparation or integration now: what is not over waits for them, also where
    the one before was told already. Whether they may be told is asked when it is sent."""
    now = database_now()
    for dosing in episode.doses.filter(cancelled_at=None):
        dosing.episode = episode
        for window in reminded(dosing.number, dosing.at, given=dosing.given_at is not None):
            owner = owner_of(episode, window)
            others = dosing.reminders.filter(kind=window.kind.value).exclude(owner=owner)
            if window.closes_at > now and others.exists():
                _write(dosing, window)


def _write(dosing: DosingSession, window: Window) -> None:
    owner = owner_of(dosing.episode, window)
    Reminder.objects.update_or_create(
        episode=dosing.episode,
        kind=ReminderKind(window.kind.value),
        dosing=dosing,
        defaults={
            "opens_at": window.opens_at,
            "closes_at": window.closes_at,
            "owner": owner,
            "state": S.DONE if _is_served(owner, dosing.episode_id, window) else S.PENDING,
            "cancel_reason": "",
            "leased_until": None,
            "lease": None,
        },
    )


def owner_of(episode: EpisodeOfCare, window: Window) -> User:
    """Who is told: whoever holds preparation before this dose, or integration after it."""
    before = window.kind == WindowKind.PREPARATION
    duty = Duty.PREPARATION if before else Duty.INTEGRATION
    return owner_of_session(episode, duty, window.dose_number)


def _is_served(owner: User, episode_id: int, span: Window | Reminder) -> bool:
    """Whether a session that the owner may know of was held from its opening to its close."""
    when = (span.opens_at, span.closes_at)
    if span.kind == ReminderKind.PREPARATION and _within(
        PreparationSession.objects.filter(episode=episode_id), "held_at", *when
    ):
        return True
    sessions = IntegrationSession.unscoped.filter(
        episode=episode_id, state=SessionState.HELD, error=None
    )
    return any(_may_know(owner, s) for s in _within(sessions, "occurred_at", *when))


def _within(rows: QuerySet, moment: str, opens_at: datetime, closes_at: datetime) -> QuerySet:
    return rows.filter(**{f"{moment}__gte": opens_at, f"{moment}__lt": closes_at})


def mark_served(session: IntegrationSession) -> int:
    """A held session is the answer to every open reminder in whose window it lies; how many."""
    if session.state != SessionState.HELD:
        return 0
    open_now = _answered_at(session.episode_id, session.occurred_at, ReminderKind.values)
    known = [r.pk for r in open_now.select_related("owner") if _may_know(r.owner, session)]
    return _done(Reminder.objects.filter(pk__in=known))


def open_again(session: IntegrationSession) -> int:
    """A session was logged by mistake: what it alone had answered is open again, or was missed;
    how many rows. Nobody prepares any more for a dose that was given meanwhile."""
    now = database_now()
    answered = _in_window(session.episode_id, session.occurred_at).filter(state=S.DONE)
    reopened = 0
    for reminder in answered.select_related("owner", "dosing"):
        if _is_served(reminder.owner, reminder.episode_id, reminder):
            continue
        dosing, over = reminder.dosing, reminder.closes_at <= now
        given = reminder.kind == ReminderKind.PREPARATION and dosing.given_at is not None
        reminder.state = S.MISSED if over else S.PENDING
        if not over and (given or dosing.cancelled_at):
            reminder.state, reminder.cancel_reason = S.CANCELLED, CancelReason.DOSE_CHANGED
        reminder.state_since = now
        reminder.save()
        record("reminder.reopened", by=None, on=reminder, session=session.pk)
        reopened += 1
    return reopened


def mark_prepared(preparation: PreparationSession) -> int:
    """Preparation held by the clinic answers the preparation reminder, and no other; how many."""
    kinds = [ReminderKind.PREPARATION]
    return _done(_answered_at(preparation.episode_id, preparation.held_at, kinds))


def _may_know(owner: User, session: IntegrationSession) -> bool:
    """A reminder that stops would tell its owner of the session: only those who may read it."""
    if owner.membership is None:
        return False
    access = Access.load(Reader.of(owner), {session.client_id}, timezone.now())
    return access.decide(session).permitted


def _done(reminders: QuerySet[Reminder]) -> int:
    return reminders.update(state=S.DONE, state_since=timezone.now(), leased_until=None, lease=None)


def _answered_at(episode_id: int, held_at: datetime, kinds: Collection[str]) -> QuerySet[Reminder]:
    """What is still to be answered and whose window holds the moment `held_at`."""
    open_states = [S.PENDING, S.SENT, S.MISSED, S.FAILED]
    return _in_window(episode_id, held_at).filter(kind__in=kinds, state__in=open_states)


def _in_window(episode_id: int, held_at: datetime) -> QuerySet[Reminder]:
    return Reminder.objects.filter(
        episode_id=episode_id, opens_at__lte=held_at, closes_at__gt=held_at
    )


def cancel_for_barred(release: Release) -> int:
    """Cancel what waits for people who may no longer be told; how many rows."""
    return cancel_barred(_of(release).pending(), obstacle, timezone.now())


def open_for_told(release: Release) -> int:
    """A release was signed: what was cancelled for want of one, and whose window is not over,
    waits again for those who may now be told; how many rows."""
    now = database_now()
    still = Q(dosing__cancelled_at=None) & (
        ~Q(kind=ReminderKind.PREPARATION) | Q(dosing__given_at=None)
    )
    barred = _of(release).barred().filter(still, closes_at__gt=now)
    told = [row for row in barred if not obstacle(row, max(now, row.opens_at))]
    for reminder in told:
        served = _is_served(reminder.owner, reminder.episode_id, reminder)
        reminder.state, reminder.cancel_reason = S.DONE if served else S.PENDING, ""
        reminder.state_since = now
        reminder.save()
        record("reminder.reopened", by=None, on=reminder, release=release.pk)
    return len(told)


def _of(release: Release) -> ReminderQuerySet:
    rows = Reminder.objects.filter(
        episode__client_id=release.client_id, episode__clinic_id=release.organization_id
    )
    return rows.select_related("episode", "owner")


def obstacle(reminder: Reminder, at: datetime) -> CancelReason | None:
    """Why it may not be sent at the moment `at`."""
    return None if may_be_told(reminder, at) else CancelReason.RELEASE_ENDED


def may_be_told(reminder: Reminder, at: datetime) -> bool:
    """Whether the owner may know at the moment `at` of the very dose that is reminded of.

    Staff of the clinic always; others while a release opens its date to them.
    """
    owner, episode = reminder.owner, reminder.episode
    if not owner.is_active or owner.membership is None:
        return False
    if owner.membership.organization_id == episode.clinic_id:
        return True
    access = Access.load(Reader.of(owner), {episode.client_id}, at)
    dose = CareEvent.unscoped.filter(dosing_id=reminder.dosing_id).first()
    return dose is not None and access.decide(dose).permitted
