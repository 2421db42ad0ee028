"""Whether and when the owner of a reminder is told, asked at the moment of sending."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from audit.record import record
from consent.access import Access, Reader
from consent.clock import database_now
from consent.enums import Category
from consent.models import Release
from people.models import User
from referrals.enums import MessageKind
from referrals.models import Message
from reminders.actions.cancelling import cancel, cancel_barred
from reminders.actions.reminding import is_served
from reminders.enums import (
    WINDOWS,
    CancelReason,
    Group,
    Outcome,
    ReminderKind,
    ReminderState,
    Stage,
    Way,
)
from reminders.models import Preferences, Reminder
from reminders.notifications.outbox import tell_of_window
from reminders.notifications.timing import hours_of
from reminders.querysets import ReminderQuerySet
from reminders.stages import GAP, with_mine
from sessions.appointments.spans import KINDS
from sessions.crossing import clinic_reads
from sessions.enums.appointments import AppointmentKind, AppointmentState
from sessions.models import Appointment, CareEvent, OutcomeResponse, QuestionLink
from sessions.windows import Window, WindowKind

S = ReminderState
LATELY = timedelta(days=7)  # questionnaires that are no older tell how the client is before a dose
A_MOMENT = timedelta(minutes=1)
ONE_MAIL = timedelta(minutes=10)  # what a digest tells of at its hour is told once


def barred(reminder: Reminder, at: datetime) -> CancelReason | None:
    """Why its owner may not know of it at the moment `at`."""
    return None if may_be_told(reminder, at) else CancelReason.RELEASE_ENDED


def obstacle(reminder: Reminder, at: datetime) -> CancelReason | None:
    """Why it is not sent at the moment `at`: it is not for them, or no longer needed."""
    if reason := barred(reminder, at):
        return reason
    if reminder.kind == ReminderKind.CHECK_IN:
        return _check_in(reminder)
    if reminder.kind == ReminderKind.QUESTIONS:
        return CancelReason.ANSWERED if _answers(reminder) else None
    if reminder.stage == Stage.HALFWAY and is_booked(reminder, at):
        return CancelReason.BOOKED
    return CancelReason.TOGETHER if told_with_another(reminder, at) else None


def drop(reminder: Reminder, reason: CancelReason) -> None:
    """Not to be sent. A window of which its owner was told together with another counts as told;
    anything else is cancelled."""
    if reason == CancelReason.TOGETHER and reminder.stage == Stage.OPENING:
        rows = Reminder.objects.filter(pk=reminder.pk)
        rows.update(
            state=S.SENT,
            state_since=database_now(),
            told_together=True,
            leased_until=None,
            lease=None,
        )
        tell_of_window(reminder)  # the portal says it all the same
    else:
        cancel([reminder], reason)


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


def is_booked(reminder: Reminder, at: datetime) -> bool:
    """Whether a session is booked that would serve the window, and that its owner may know of."""
    whole = reminder.whole
    rows = Appointment.unscoped.filter(
        episode=reminder.episode_id,
        state=AppointmentState.BOOKED,
        starts_at__gte=whole.opens_at,
        starts_at__lt=whole.closes_at,
    )
    kind = WindowKind(reminder.kind)
    serving = [row for row in rows if kind in KINDS[AppointmentKind(row.kind)]]
    if not serving or reminder.owner.membership is None:
        return False
    access = Access.load(Reader.of(reminder.owner), {reminder.episode.client_id}, at)
    return any(access.decide(row).permitted for row in serving)


def _check_in(reminder: Reminder) -> CancelReason | None:
    """Not asked for where the clinic could not read it, nor where it was written already."""
    referral, dosing = reminder.episode.referral, reminder.dosing
    if not clinic_reads(referral, Category.THEMES):
        return CancelReason.RELEASE_ENDED
    before = dosing.episode.doses.filter(given_at__lt=dosing.planned_at).order_by("-given_at")
    last = before.values_list("given_at", flat=True).first()
    since = max(filter(None, [last, dosing.planned_at - LATELY]))
    rows = Message.unscoped.filter(referral=referral, kind=MessageKind.CHECK_IN)
    return CancelReason.ANSWERED if rows.filter(occurred_at__gte=since).exists() else None


def _answers(reminder: Reminder) -> bool:
    """Whether the client answered questionnaires lately, or was asked to."""
    since, here = reminder.dosing.planned_at - LATELY, {"episode": reminder.episode_id}
    answered = OutcomeResponse.unscoped.filter(**here, error=None, occurred_at__gte=since)
    asked = QuestionLink.objects.filter(**here, used_at=None, created_at__gte=since)
    return answered.exists() or asked.exists()


# ---------------------------------------------------------------- never twice
def told_with_another(reminder: Reminder, at: datetime) -> bool:
    """Whether its owner was told of another window that the same session would serve, and that
    closes no later: at its opening ever, afterwards within `GAP`. And in a digest, whether they had
    their mail just now."""
    if reminder.stage == Stage.AGAIN:
        return False
    mine = _window(reminder)
    waiting = Reminder.objects.of_windows().filter(
        Q(state=S.PENDING) | Q(state=S.SENT),
        episode=reminder.episode_id,
        owner=reminder.owner_id,
        closes_at__gt=at,
    )
    others = {_window(row): row for row in waiting if _key(row) != _key(reminder)}
    together = with_mine(mine, others)
    mates = [_key(others[each]) for each in together if each.closes_at <= mine.closes_at]
    told = Reminder.objects.filter(owner=reminder.owner_id, state=S.SENT).exclude(pk=reminder.pk)
    lately = told.filter(episode=reminder.episode_id, state_since__gt=at - GAP)
    if any(_key(row) in (*mates, _key(reminder)) for row in lately):
        return True
    if reminder.stage == Stage.OPENING and _any_told(told, mates):
        return True
    by_digest = way_of(reminder) == Way.DIGEST and reminder.held_until is not None
    return by_digest and told.filter(state_since__gt=at - ONE_MAIL).exists()


def _any_told(told: ReminderQuerySet, keys: Iterable[tuple]) -> bool:
    rows = told.filter(stage=Stage.OPENING)
    return any(rows.filter(dosing=dosing, kind=kind).exists() for dosing, kind in keys)


def _key(reminder: Reminder) -> tuple:
    return reminder.dosing_id, reminder.kind


def _window(reminder: Reminder) -> Window:
    """The whole window, whatever the stage."""
    row = reminder.whole
    kind = WindowKind(reminder.kind)
    return Window(kind, reminder.dosing_id, row.opens_at, row.closes_at)


# ---------------------------------------------------------------- when it suits them
def way_of(reminder: Reminder) -> Way:
    """The last call goes at once, and so does what they asked to be told again."""
    if reminder.stage in (Stage.CLOSING, Stage.AGAIN):
        return Way.AT_ONCE
    return Preferences.of(reminder.owner).way(Group.WINDOWS)


def held_until(reminder: Reminder, at: datetime) -> datetime | None:
    """Until when it waits for the end of quiet hours, for the digest, or for another that is on its
    way to the same person; None for now. What would then be over is told now."""
    way = Way.AT_ONCE if reminder.held_until else way_of(reminder)
    if later := later_for(reminder.owner, reminder.closes_at, at, way):
        return later
    return at + A_MOMENT if _is_being_told(reminder, at) else None


def _is_being_told(reminder: Reminder, at: datetime) -> bool:
    """Whether another of theirs is on its way at this moment: how it went decides about this one.
    Whoever comes second sees the first: their row is locked."""
    User.objects.select_for_update(no_key=True).get(pk=reminder.owner_id)
    same = Reminder.objects.pending().filter(owner=reminder.owner_id, leased_until__gt=at)
    tried = Q(attempts__outcome=Outcome.UNKNOWN, attempts__started_at__gt=at - A_MOMENT)
    return same.exclude(pk=reminder.pk).filter(tried, episode=reminder.episode_id).exists()


def later_for(user: User, closes_at: datetime, at: datetime, way: Way) -> datetime | None:
    """When `user` may be told instead, where that is after `at` and before `closes_at`."""
    if user.membership is None:
        return None
    hours = hours_of(user.membership.organization, Preferences.of(user))
    suits = hours.opens_at(at, way)
    last = closes_at - timedelta(seconds=settings.SEND_SECONDS)  # nothing is begun after it
    return suits if suits and at < suits < last else None


# ---------------------------------------------------------------- releases
def cancel_for_barred(release: Release) -> int:
    """Cancel what waits for people who may no longer be told; how many rows."""
    return cancel_barred(_of(release).pending(), barred, timezone.now())


def open_for_told(release: Release) -> int:
    """A release was signed: what was cancelled for want of one, and whose window is not over,
    waits again for those who may now be told; how many rows."""
    now = database_now()
    still = Q(dosing__cancelled_at=None) & (
        Q(kind__in=AFTER) | Q(dosing__given_at=None)  # nobody prepares for a dose that was given
    )
    rows = _of(release).barred().filter(still, closes_at__gt=now)
    told = [row for row in rows if not barred(row, max(now, row.opens_at))]
    for reminder in told:
        served = reminder.kind in WINDOWS and is_served(reminder)
        reminder.state, reminder.cancel_reason = S.PENDING, ""
        if served:
            opening = reminder.stage == Stage.OPENING
            reminder.state = S.DONE if opening else S.CANCELLED
            reminder.cancel_reason = "" if opening else CancelReason.ANSWERED
        reminder.state_since = now
        reminder.save()
        record("reminder.reopened", by=None, on=reminder, release=release.pk)
    return len(told)


AFTER = (ReminderKind.PRIMARY, ReminderKind.SECONDARY)


def _of(release: Release) -> ReminderQuerySet:
    rows = Reminder.objects.filter(
        episode__client_id=release.client_id, episode__clinic_id=release.organization_id
    )
    return rows.select_related("episode", "owner")
