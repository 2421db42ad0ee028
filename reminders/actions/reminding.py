"""The reminders of a dose: written with it, answered by a session, taken back, told again."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from audit.record import record
from consent.access import Access, Reader
from consent.clock import database_now
from people.models import Organization, User
from reminders.actions.cancelling import cancel
from reminders.enums import WINDOWS, CancelReason, ReminderKind, ReminderState, Stage
from reminders.models import Reminder
from reminders.stages import Span, before_dose, stages_of
from sessions.coordination import owner_of_session
from sessions.enums import SessionState
from sessions.enums.coordination import Duty
from sessions.hours import hours_at
from sessions.models import (
    DosingSession,
    EpisodeOfCare,
    IntegrationSession,
    PreparationSession,
)
from sessions.windows import Window, WindowKind, reminded

S = ReminderState
NEAR = timedelta(days=8)  # the windows of doses farther back are over


class Wanted(NamedTuple):
    """One reminder that a dose, as it stands, asks for."""

    kind: ReminderKind
    stage: Stage
    span: Span
    owner: User
    served: bool = False


def write_reminders(dosing: DosingSession) -> None:
    """The reminders that this dose, as it stands now, asks for; the others are cancelled."""
    wanted = [] if dosing.cancelled_at else list(_wanted(dosing))
    for each in wanted:
        _put(dosing, each)
    _follow_again(dosing)
    kept = {(each.kind, each.stage) for each in wanted} | {(k, Stage.AGAIN) for k, _, *_ in wanted}
    waiting = Reminder.objects.filter(dosing=dosing, state__in=[S.PENDING, S.SENT])
    if dosing.given_at or dosing.cancelled_at:
        stale = [row for row in waiting if (row.kind, row.stage) not in kept]
        cancel(stale, CancelReason.DOSE_CHANGED)


def _wanted(dosing: DosingSession) -> Iterator[Wanted]:
    episode, given = dosing.episode, dosing.given_at is not None
    for window in reminded(dosing.number, dosing.at, given=given, hours=episode.hours):
        kind, owner = ReminderKind(window.kind.value), owner_of(episode, window)
        served = _is_served(owner, episode.pk, window)
        for stage, span in stages_of(window).items():
            yield Wanted(kind, stage, span, owner, served)
    if not given:
        asked = {ReminderKind.CHECK_IN: episode.referral.referrer}
        asked[ReminderKind.QUESTIONS] = dosing.planned_by
        for kind, span in before_dose(dosing.planned_at).items():
            yield Wanted(kind, Stage.OPENING, span, asked[kind])


def _follow_again(dosing: DosingSession) -> None:
    """What somebody asked to be told again stands while the window is theirs and open then."""
    for row in Reminder.objects.pending().filter(dosing=dosing, stage=Stage.AGAIN):
        whole = row.whole
        if row.owner_id != whole.owner_id or not whole.opens_at <= row.opens_at < whole.closes_at:
            cancel([row], CancelReason.DOSE_CHANGED)
        elif row.closes_at != whole.closes_at:
            row.closes_at = whole.closes_at
            row.save(update_fields=["closes_at"])


def move_to_owners(episode: EpisodeOfCare) -> None:
    """Others own preparation or integration now: what is not over waits for them, also where
    the one before was told already. Whether they may be told is asked when it is sent."""
    now = database_now()
    for dosing in episode.doses.filter(cancelled_at=None):
        dosing.episode = episode
        for each in _wanted(dosing):
            others = dosing.reminders.filter(kind=each.kind, stage=each.stage)
            if each.span[1] > now and others.exclude(owner=each.owner).exists():
                _put(dosing, each)
        _follow_again(dosing)


def follow_hours(clinic: Organization) -> int:
    """The hours of the clinic's windows are others now: those of its doses move; how many doses."""
    near = Q(given_at__gte=database_now() - NEAR) | Q(given_at=None)
    doses = DosingSession.objects.filter(
        near, episode__clinic=clinic, episode__ended_at=None, cancelled_at=None
    )
    hours = hours_at(clinic.pk)
    found = list(doses.select_related("episode__referral__referrer", "planned_by"))
    for dosing in found:
        dosing.episode.hours = hours
        write_reminders(dosing)
    return len(found)


def _put(dosing: DosingSession, wanted: Wanted) -> None:
    """Whoever was told of a window that is still open is not told once more."""
    key = {"episode": dosing.episode, "dosing": dosing, "kind": wanted.kind, "stage": wanted.stage}
    opens_at, closes_at = wanted.span
    row, now = Reminder.objects.filter(**key).first() or Reminder(**key), database_now()
    if row.pk is None and closes_at <= now and wanted.stage != Stage.OPENING:
        return  # of what is over nobody is told; that it was missed, the first stage says
    same = (row.opens_at, row.closes_at, row.owner_id) == (opens_at, closes_at, wanted.owner.pk)
    if row.pk and same and not wanted.served and _stands(row):
        return
    if row.state == S.MISSED and closes_at <= now and not wanted.served:
        return  # it was missed, and that was told
    told = row.state == S.SENT and row.owner_id == wanted.owner.pk and opens_at <= now < closes_at
    if row.owner_id != wanted.owner.pk:
        row.seen_to_at = None
    row.opens_at, row.closes_at, row.owner = opens_at, closes_at, wanted.owner
    row.state, row.cancel_reason = (S.SENT if told else S.PENDING), ""
    if wanted.served:
        row.state = S.DONE if wanted.stage == Stage.OPENING else S.CANCELLED
        row.cancel_reason = "" if wanted.stage == Stage.OPENING else CancelReason.ANSWERED
    if row.pk and row.state == S.PENDING:  # what was tried before is history
        row.tried_before = row.attempts.aggregate(last=Max("number"))["last"] or 0
        row.faults, row.fault = 0, ""
    row.leased_until = row.lease = row.held_until = None
    row.told_together, row.written_at = row.told_together and told, now
    row.save()


def _stands(row: Reminder) -> bool:
    """Whether it waits, was told, or is not needed, as its owner said."""
    return row.state in (S.PENDING, S.SENT) or row.cancel_reason == CancelReason.SEEN_TO


def owner_of(episode: EpisodeOfCare, window: Window) -> User:
    """Who is told: whoever holds preparation before this dose, or integration after it."""
    before = window.kind == WindowKind.PREPARATION
    duty = Duty.PREPARATION if before else Duty.INTEGRATION
    return owner_of_session(episode, duty, window.dose_number)


def is_served(reminder: Reminder) -> bool:
    return _is_served(reminder.owner, reminder.episode_id, reminder.whole)


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
    open_now = _answered_at(session.episode_id, session.occurred_at, WINDOWS)
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
        reminder.state = S.PENDING  # what is over is missed with the next round, and told of
        if not over and (given or dosing.cancelled_at):
            reminder.state, reminder.cancel_reason = S.CANCELLED, CancelReason.DOSE_CHANGED
        reminder.state_since = now
        reminder.save()
        record("reminder.reopened", by=None, on=reminder, session=session.pk)
        if not over:
            reminder.others().filter(cancel_reason=CancelReason.ANSWERED, closes_at__gt=now).update(
                state=S.PENDING, cancel_reason="", state_since=now
            )
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
    """Answered, and with each what else would have been said of the same window; how many."""
    done = list(reminders)
    rows = Reminder.objects.filter(pk__in=[row.pk for row in done])
    rows.update(state=S.DONE, state_since=timezone.now(), leased_until=None, lease=None)
    for row in done:
        cancel(row.others().pending(), CancelReason.ANSWERED)
    return len(done)


def _answered_at(episode_id: int, held_at: datetime, kinds: Collection[str]) -> QuerySet[Reminder]:
    """What is still to be answered and whose window holds the moment `held_at`."""
    open_states = [S.PENDING, S.SENT, S.MISSED, S.FAILED]
    return _in_window(episode_id, held_at).filter(kind__in=kinds, state__in=open_states)


def _in_window(episode_id: int, held_at: datetime) -> QuerySet[Reminder]:
    return Reminder.objects.of_windows().filter(
        episode_id=episode_id, opens_at__lte=held_at, closes_at__gt=held_at
    )
