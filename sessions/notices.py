"""Emergency notices: who can be called, how long there is to answer, and reading one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from consent.access import Reader
from consent.disclosure import disclose_told
from consent.enums import Channel
from consent.models import EmergencyAccess
from people.enums import Role
from people.models import User
from referrals.models import Referral
from sessions.enums.notices import Called
from sessions.models import EmergencyNotice
from sessions.staff import treating_staff

EMERGENCY_NUMBER = "911"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Callee:
    """Somebody who can be called, with the phone number that is recorded, if one is."""

    whom: Called
    name: str
    phone: str
    user: User | None = None

    @property
    def key(self) -> str:
        return f"{self.whom}-{self.user.pk}" if self.user else str(self.whom)


def callees(referral: Referral, user: User) -> list[Callee]:
    """Whom `user` can call about this case: emergency services first, themselves never.

    To somebody outside it tells no more than that the clinic has prescribers: who looks after a
    client there would say that it treats them. Who referred them is told to the two houses alone.
    """
    return [each for each in _everybody(referral, user) if each.user != user]


def _everybody(referral: Referral, user: User) -> Iterator[Callee]:
    yield Callee(Called.SERVICES, "Emergency services", EMERGENCY_NUMBER)
    referrer, practice, clinic = referral.referrer, referral.practice, referral.clinic
    here, there = user.membership, referrer.membership
    of_a_house = here is not None and here.organization_id in (practice.pk, clinic.pk)
    if of_a_house and there and there.organization_id == practice.pk:
        yield Callee(Called.OWNER, str(referrer), practice.phone, referrer)
    yield Callee(Called.ON_CALL, f"{clinic}, on call", clinic.phone)
    for prescriber in treating_staff(clinic, {Role.PRESCRIBER}):
        yield Callee(Called.PRESCRIBER, str(prescriber), clinic.phone, prescriber)


def standing_notices(user: User):
    """Those that stand and are open to `user`, the oldest first, each with its client."""
    rows = EmergencyNotice.objects.open_to(user).standing()
    return rows.select_related("referral__client", "raised_by", "organization")


def may_have_words(user: User, notice: EmergencyNotice) -> bool:
    """Whether somebody who may open this notice may have what it says."""
    return notice.told.permitted(Reader.of(user))


def read_notice(user: User, notice: EmergencyNotice) -> bool:
    """Whether `user` may have its words; where they cross between houses, the ledger has it."""
    return disclose_told(to=Reader.of(user), told=notice.told, channel=Channel.PAGE)


def accesses_beside(notice: EmergencyNotice) -> list[EmergencyAccess]:
    """The emergency accesses to this client's record at the clinic that were opened while the
    notice stood, or within the hour after."""
    rows = EmergencyAccess.objects.filter(
        client=notice.referral.client_id,
        clinic=notice.referral.clinic_id,
        opened_at__gte=notice.raised_at,
    )
    if notice.acknowledged_at:
        rows = rows.filter(opened_at__lte=notice.acknowledged_at + HOUR)
    return list(rows.select_related("reader").order_by("opened_at"))
