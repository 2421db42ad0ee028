"""Writing reminders and taking them back. Each runs inside its caller's transaction."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from audit.record import record
from consent.access import Access, Reader
from consent.models import Release
from people.models import User
from reminders.enums import CancelReason, ReminderKind, ReminderState
from reminders.models import Reminder
from sessions.enums import SessionState
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
        _cancel(stale, CancelReason.DOSE_CHANGED)


def _write(dosing: DosingSession, window: Window) -> None:
    episode = dosing.episode
    owner = owner_of(episode, window.kind)
    served = any(_may_know(owner, session) for session in _held_in(episode, window))
    Reminder.objects.update_or_create(
        episode=episode,
        kind=ReminderKind(window.kind.value),
        dosing=dosing,
        defaults={
            "opens_at": window.opens_at,
            "closes_at": window.closes_at,
            "owner": owner,
            "state": S.DONE if served else S.PENDING,
            "cancel_reason": "",
            "leased_until": None,
        },
    )


def owner_of(episode: EpisodeOfCare, kind: WindowKind) -> User:
    """Who is told: the owner of preparation before a dose, of integration after it."""
    if kind == WindowKind.PREPARATION:
        return episode.preparation_owner
    return episode.integration_owner


def _held_in(episode: EpisodeOfCare, window: Window) -> QuerySet[IntegrationSession]:
    return IntegrationSession.unscoped.filter(
        episode=episode,
        state=SessionState.HELD,
        occurred_at__gte=window.opens_at,
        occurred_at__lt=window.closes_at,
    )


def mark_served(session: IntegrationSession) -> int:
    """A held session is the answer to every open reminder in whose window it lies; how many."""
    if session.state != SessionState.HELD:
        return 0
    open_now = _answered_at(session.episode_id, session.occurred_at, ReminderKind.values)
    known = [r.pk for r in open_now.select_related("owner") if _may_know(r.owner, session)]
    return _done(Reminder.objects.filter(pk__in=known))


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
    return reminders.update(state=S.DONE, state_since=timezone.now(), leased_until=None)


def _answered_at(episode_id: int, held_at: datetime, kinds: Collection[str]) -> QuerySet[Reminder]:
    """What is still to be answered and whose window holds the moment `held_at`."""
    return Reminder.objects.filter(
        episode_id=episode_id,
        kind__in=kinds,
        state__in=[S.PENDING, S.SENT, S.MISSED, S.FAILED],
        opens_at__lte=held_at,
        closes_at__gt=held_at,
    )


def cancel_for_recipients(release: Release) -> int:
    """Cancel what waits for people who may no longer be told; how many rows."""
    waiting = Reminder.objects.pending().filter(
        episode__client_id=release.client_id,
        owner_id__in=release.recipients.values("user_id"),
    )
    now = timezone.now()
    barred = [r.pk for r in waiting.select_related("episode") if not may_be_told(r, now)]
    return _cancel(Reminder.objects.filter(pk__in=barred), CancelReason.RELEASE_ENDED)


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


def _cancel(reminders, reason: CancelReason) -> int:
    found = list(reminders)
    for reminder in found:
        reminder.state, reminder.cancel_reason = S.CANCELLED, reason
        reminder.state_since, reminder.leased_until = timezone.now(), None
        reminder.save()
        record("reminder.cancelled", by=None, on=reminder, reason=reason)
    return len(found)
