"""Letters: written once for each person, in the transaction of what they speak of, or by upkeep.

None names a client. What one person may no longer be told is found out again when it is sent.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from consent.actions.links import may_be_mailed
from consent.clock import database_now
from consent.enums import RecipientKind
from consent.models import EmergencyAccess, Receipt, Release
from people.enums import CLINICAL_ROLES, PRACTICE_ROLES, Role
from people.models import User
from referrals.actions.stale import mover_of
from referrals.enums import Mover
from referrals.models import Nudge, Referral, ReferralUserPermission
from referrals.permissions import TRIAGE_ROLES
from referrals.stale import CLOSABLE, CLOSE_AFTER
from reminders.enums import LetterKind, ReminderState
from reminders.models import THRESHOLDS, Letter
from sessions.enums.notices import NextInLine
from sessions.models import EmergencyNotice, SafetyAlert

LASTS = timedelta(days=7)  # how long a letter may still go out when mail does not work
K = LetterKind


def write_receipt_letter(receipt: Receipt) -> Letter | None:
    """Only to a client who asked to be reached by mail."""
    if not may_be_mailed(receipt.release.client):
        return None
    now = database_now()
    return Letter.objects.create(
        kind=K.RECEIPT, receipt=receipt, opens_at=now, closes_at=now + LASTS
    )


def write_emergency_letters(emergency: EmergencyAccess) -> int:
    """To every administrator of the clinic that reviews it, at once; how many."""
    now = database_now()
    people = administrators(emergency.clinic_id)
    return _write(
        Letter(
            kind=K.EMERGENCY,
            emergency=emergency,
            user=user,
            opens_at=now,
            closes_at=now + LASTS,
        )
        for user in people
    )


def write_alert_letters(alert: SafetyAlert) -> int:
    """To everybody who works with clients at the clinic, at once; how many."""
    now = database_now()
    return _write(
        Letter(kind=K.ALERT, alert=alert, user=user, opens_at=now, closes_at=now + LASTS)
        for user in clinical_staff(alert.episode.clinic_id)
    )


def write_notice_letters(notice: EmergencyNotice) -> int:
    """To everybody who works with clients at the clinic and to those who are called, but for who
    raised it; how many."""
    return _write_of_notice(notice, K.NOTICE, told_of_notice(notice))


def write_unanswered_letters(notice: EmergencyNotice, to: NextInLine) -> int:
    """To the next in line; how many."""
    return _write_of_notice(notice, K.UNANSWERED, next_in_line(notice, to))


def _write_of_notice(notice: EmergencyNotice, kind: LetterKind, people: QuerySet[User]) -> int:
    now = database_now()
    return _write(
        Letter(kind=kind, notice=notice, user=user, opens_at=now, closes_at=now + LASTS)
        for user in people
    )


def told_of_notice(notice: EmergencyNotice) -> QuerySet[User]:
    roles = CLINICAL_ROLES - PRACTICE_ROLES
    clinic = notice.referral.clinic_id
    staff = Q(memberships__role__in=roles, memberships__organization=clinic)
    called = Q(
        pk__in=notice.calls.values("user"), memberships__organization=notice.referral.practice_id
    )
    return _members(staff | called).exclude(pk=notice.raised_by_id)


def next_in_line(notice: EmergencyNotice, to: str) -> QuerySet[User]:
    clinic = notice.referral.clinic_id
    if to == NextInLine.ADMINISTRATORS:
        return administrators(clinic)
    prescribers = Q(memberships__role=Role.PRESCRIBER, memberships__organization=clinic)
    return _members(prescribers).exclude(pk=notice.raised_by_id)


def clinical_staff(clinic_id: int) -> QuerySet[User]:
    """Prescribers, nurses, KAP therapists and coordinators; no administrator."""
    roles = CLINICAL_ROLES - PRACTICE_ROLES
    return _members(Q(memberships__role__in=roles, memberships__organization=clinic_id))


def administrators(organization_id: int) -> QuerySet[User]:
    return _members(_administers(organization_id))


def members_as(role: Role, organization_id: int) -> QuerySet[User]:
    return _members(Q(memberships__role=role, memberships__organization=organization_id))


def _administers(organization_id: int) -> Q:
    return Q(memberships__role=Role.ADMINISTRATOR, memberships__organization=organization_id)


def _members(who: Q) -> QuerySet[User]:
    return User.objects.filter(who, memberships__ended_at=None, is_active=True).distinct()


# ---------------------------------------------------------------- releases that end soon
def ending_unannounced(now: datetime) -> list[tuple[Release, int]]:
    """Releases in force with the threshold, in days, that they passed last and nobody was told of.

    A threshold that was already behind when the release began says nothing new.
    """
    found = []
    for days, next_ in zip(THRESHOLDS, (*THRESHOLDS[1:], 0), strict=True):
        passed_at = F("until") - timedelta(days=days)
        rows = Release.objects.in_force(now).filter(
            Q(starts_at=None) | Q(starts_at__lt=passed_at),
            ~Exists(Letter.objects.filter(release=OuterRef("pk"), days=days)),
            signed_at__lt=passed_at,
            superseded_at=None,
            until__gt=now + timedelta(days=next_),
            until__lte=now + timedelta(days=days),
        )
        found += [(release, days) for release in rows]
    return found


def write_ending_letters(release: Release, days: int, now: datetime) -> int:
    """To the clinic's administrators and to whom the release names; how many.

    After the next threshold it would be out of date, so that it goes out no more.
    """
    assert release.until
    next_ = max((each for each in THRESHOLDS if each < days), default=0)
    return _write(
        Letter(
            kind=K.ENDING,
            release=release,
            days=days,
            user=user,
            opens_at=now,
            closes_at=release.until - timedelta(days=next_),
        )
        for user in told_of_ending(release)
    )


def told_of_ending(release: Release) -> QuerySet[User]:
    """Those with an account: administrators, people it names, holders of a role it names."""
    who = _administers(release.organization_id)
    named = release.recipients.filter(revoked_at=None).exclude(kind=RecipientKind.CONTACT)
    for recipient in named:
        role = Q(memberships__role=recipient.role)
        person = Q(pk=recipient.user_id) if recipient.user_id else role
        who |= person & Q(memberships__organization=recipient.organization_id)
    return _members(who)


# ---------------------------------------------------------------- referrals that stand still
def write_nudge_letters(nudge: Nudge, now: datetime) -> int:
    """To whoever has the next move; how many."""
    return _write(
        Letter(kind=K.NUDGE, nudge=nudge, user=user, opens_at=now, closes_at=now + LASTS)
        for user in whose_move(nudge.referral, now)
    )


def told_in_vain(now: datetime) -> list[tuple[Nudge, datetime]]:
    """Nudges about what time may close, with the moment somebody was first told."""
    rows = Letter.objects.filter(
        kind=K.NUDGE,
        state=ReminderState.SENT,
        state_since__lte=now - CLOSE_AFTER,
        nudge__referral__state__in=CLOSABLE,
    )
    told = rows.values("nudge").annotate(first=Min("state_since"))
    moments = {row["nudge"]: row["first"] for row in told}
    nudges = Nudge.objects.filter(pk__in=moments).select_related("referral__client")
    return [(nudge, moments[nudge.pk]) for nudge in nudges]


def whose_move(referral: Referral, at: datetime) -> QuerySet[User]:
    """Those at the practice who answer for the referral, or those who triage at the clinic."""
    if mover_of(referral, at) == Mover.CLINIC:
        there = Q(memberships__role__in=TRIAGE_ROLES, memberships__organization=referral.clinic_id)
        return _members(there)
    on_case = ReferralUserPermission.objects.filter(
        content_object=referral, permission__codename="coordinate_case"
    )
    answers = Q(pk__in=on_case.values("user"), memberships__organization=referral.practice_id)
    return _members(answers)


def _write(letters) -> int:
    """Whoever was told already is not told twice: the constraints hold that."""
    return len(Letter.objects.bulk_create(letters, ignore_conflicts=True))
