"""Whether a letter is still to be sent, asked at the moment of sending."""

from datetime import datetime

from django.db.models import Q, QuerySet

from consent.actions.links import may_be_mailed
from consent.clock import database_now
from consent.models import Release
from people.models import User
from referrals.actions.stale import still_waits
from reminders.actions import expiring, missed
from reminders.actions.cancelling import cancel_barred
from reminders.actions.letters import (
    administrators,
    clinical_staff,
    next_in_line,
    told_of_ending,
    told_of_notice,
    whose_move,
)
from reminders.actions.telling import later_for
from reminders.enums import CancelReason, LetterKind, Way
from reminders.models import Letter
from reminders.notifications.reading import count_of
from sessions.models import EmergencyNotice

K = LetterKind
PATIENT = frozenset({K.ENDING, K.NUDGE, K.MISSED, K.CLEARANCE, K.LICENCE})  # not in quiet hours


def obstacle(letter: Letter, at: datetime) -> CancelReason | None:
    """Why it may not be sent at the moment `at`."""
    if letter.receipt:
        return None if may_be_mailed(letter.receipt.release.client) else CancelReason.NOT_THEIRS
    if letter.kind == K.MISSED:
        return None if missed.stands(letter, at) else CancelReason.ANSWERED
    if letter.kind in (K.CLEARANCE, K.LICENCE) and not expiring.still_ends(letter):
        return CancelReason.ANSWERED
    if letter.kind == K.NEWS:
        return None if count_of(letter) else CancelReason.NOTHING_NEW
    if _is_answered(letter):
        return CancelReason.ANSWERED
    if letter.release and not _ends_soon(letter.release, at):
        return CancelReason.RELEASE_ENDED
    assert letter.user_id
    still = _addressed(letter, at).filter(pk=letter.user_id).exists()
    return None if still else CancelReason.NOT_THEIRS


def _is_answered(letter: Letter) -> bool:
    """Whether somebody has seen to what it speaks of."""
    if letter.nudge:
        return not still_waits(letter.nudge)
    stands = letter.alert or letter.notice
    return stands is not None and stands.acknowledged_at is not None


def _addressed(letter: Letter, at: datetime) -> QuerySet[User]:
    """To whom it would be written at the moment `at`."""
    if letter.emergency:
        return administrators(letter.emergency.clinic_id)
    if letter.alert:
        return clinical_staff(letter.alert.episode.clinic_id)
    if letter.nudge:
        return whose_move(letter.nudge.referral, at)
    if letter.notice:
        return _told(letter.notice, letter.kind)
    if row := letter.clearance or letter.licence:
        return expiring.concerned(row)
    assert letter.release
    return told_of_ending(letter.release)


def _told(notice: EmergencyNotice, kind: str) -> QuerySet[User]:
    if kind == K.NOTICE:
        return told_of_notice(notice)
    gone = [next_in_line(notice, row.to) for row in notice.escalations.all()]
    return User.objects.filter(Q(*[Q(pk__in=who) for who in gone], _connector=Q.OR))


def _ends_soon(release: Release, at: datetime) -> bool:
    """In force, and no signed renewal takes its place."""
    return Release.objects.in_force(at).filter(pk=release.pk, superseded_at=None).exists()


def held_until(letter: Letter, at: datetime) -> datetime | None:
    """Until when it waits for the end of quiet hours; None for now. What is urgent does not."""
    if letter.kind not in PATIENT or letter.user is None:
        return None
    return later_for(letter.user, letter.closes_at, at, Way.AT_ONCE)


def cancel_for_ended(release: Release) -> int:
    """A release was withdrawn, replaced or is over: what would say that it ends; how many."""
    waiting = Letter.objects.pending().filter(release=release).select_related("release")
    return cancel_barred(waiting, obstacle, database_now())
