"""Emergency notices: raised by whoever is on the case, acknowledged by somebody else, or escalated.

No release is asked. What the law asks stands in `consent.disclosure.Told`, for every reader.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from consent.clock import database_now
from consent.enums import EmergencyBasis
from people.concurrency import row_of_form
from people.enums import Role
from people.models import User
from people.validators import required_text
from referrals.models import Referral
from sessions.coordination import minutes_to_acknowledge
from sessions.enums.notices import NextInLine
from sessions.models import EmergencyNotice, NoticeCall, NoticeEscalation
from sessions.notices import Callee, callees
from sessions.permissions import check_user_can_acknowledge, check_user_can_raise
from sessions.signals import emergency_escalated, emergency_raised
from sessions.staff import treating_staff

LONGEST = {"what": 300, "done": 2000}  # characters
MISSING = {"what": "Say in one line what happened.", "done": "Write what was done."}
NOT_IN_A_THREAT = "For a threat the law does not open these. Leave them out of your words."


@transaction.atomic
def raise_notice(
    *,
    by: User,
    referral: Referral,
    form_key: UUID,
    basis: str,
    what: str,
    called: Collection[str],
    substance_use: bool = False,
) -> EmergencyNotice:
    """Tell the other house, and this one, that something happens to the client of this case.

    `called`: keys of `sessions.notices.callees`. The same form sent twice raises one. Raises
    PermissionDenied for whoever is not on the case, ValidationError where it does not say what
    happened, why or who is called, or tells of substance-use records in a threat (42 CFR 2.51
    opens them in a medical emergency alone).
    """
    check_user_can_raise(by, referral)
    Referral.objects.select_for_update(of=("self",), no_key=True).get(pk=referral.pk)
    own = {"raised_by_id": by.pk, "referral_id": referral.pk}
    if existing := row_of_form(EmergencyNotice.objects, form_key, **own):
        return existing
    if basis not in EmergencyBasis:
        raise ValidationError({"basis": "Choose what kind of emergency it is."})
    if substance_use and basis != EmergencyBasis.MEDICAL:
        raise ValidationError({"substance_use": NOT_IN_A_THREAT})
    chosen = _chosen(referral, by, called)
    assert by.membership is not None
    now = database_now()
    minutes = minutes_to_acknowledge(referral)
    notice = EmergencyNotice.objects.create(
        form_key=form_key,
        referral=referral,
        basis=basis,
        what=required_text("what", what, LONGEST["what"], MISSING["what"]),
        substance_use=substance_use,
        raised_by=by,
        organization=by.membership.organization,
        raised_at=now,
        due_at=now + timedelta(minutes=minutes),
    )
    for each in chosen:
        NoticeCall.objects.create(
            notice=notice, whom=each.whom, user=each.user, name=each.name, phone=each.phone
        )
    facts = {"basis": basis, "called": [each.key for each in chosen], "part2": substance_use}
    record("notice.raised", by=by, on=notice, client_id=referral.client_id, **facts)
    emergency_raised.send(EmergencyNotice, notice=notice)
    return notice


def _chosen(referral: Referral, by: User, called: Collection[str]) -> list[Callee]:
    """Those of `called`, in the order in which they are offered."""
    offered = {each.key: each for each in callees(referral, by)}
    if not called or not set(called) <= set(offered):
        raise ValidationError({"called": "Choose who is called."})
    return [each for key, each in offered.items() if key in set(called)]


@transaction.atomic
def acknowledge_notice(*, by: User, notice: EmergencyNotice, done: str) -> EmergencyNotice:
    """Say what was done, by somebody else than who raised it; once.

    The same words sent twice are one. Raises PermissionDenied for whoever may not have its words,
    ValidationError for none at all, or when somebody else was first.
    """
    rows = EmergencyNotice.objects.select_for_update(of=("self",), no_key=True)
    notice = rows.select_related("referral", "acknowledged_by").get(pk=notice.pk)
    check_user_can_acknowledge(by, notice)
    done = required_text("done", done, LONGEST["done"], MISSING["done"])
    if notice.acknowledged_at:
        if (notice.acknowledged_by_id, notice.done) == (by.pk, done):
            return notice
        raise ValidationError(f"{notice.acknowledged_by} has acknowledged this already.")
    notice.acknowledged_at, notice.acknowledged_by, notice.done = database_now(), by, done
    notice.save(update_fields=["acknowledged_at", "acknowledged_by", "done"])
    client = notice.referral.client_id
    record("notice.acknowledged", by=by, on=notice, client_id=client)
    return notice


def overdue(now: datetime) -> Iterator[tuple[EmergencyNotice, NextInLine]]:
    """Notices that nobody has acknowledged in time, each with whom it has not gone to yet.

    First to the prescribers; as long again after that, to the administrators. Where nobody but its
    raiser prescribes, to the administrators at once.
    """
    rows = EmergencyNotice.objects.standing().filter(due_at__lte=now)
    for notice in rows.select_related("referral__clinic").prefetch_related("escalations"):
        gone = {row.to for row in notice.escalations.all()}
        prescribers = treating_staff(notice.referral.clinic, {Role.PRESCRIBER})
        others = prescribers.exclude(pk=notice.raised_by_id).exists()
        twice = now >= notice.due_at + (notice.due_at - notice.raised_at)
        due = [NextInLine.PRESCRIBERS, *([NextInLine.ADMINISTRATORS] * (twice or not others))]
        yield from ((notice, to) for to in due if to not in gone)


@transaction.atomic
def escalate_notice(*, notice: EmergencyNotice, to: NextInLine, at: datetime) -> bool:
    """Let it go to the next in line, unless somebody has acknowledged it meanwhile; once each."""
    rows = EmergencyNotice.objects.select_for_update(of=("self",), no_key=True)
    notice = rows.select_related("referral").get(pk=notice.pk)
    if notice.acknowledged_at:
        return False
    _, made = NoticeEscalation.objects.get_or_create(notice=notice, to=to, defaults={"at": at})
    if made:
        record("notice.escalated", by=None, on=notice, client_id=notice.referral.client_id, to=to)
        emergency_escalated.send(EmergencyNotice, notice=notice, to=to)
    return made
