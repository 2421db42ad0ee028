"""How a therapist's licence stands with one clinic on a day: one pure rule. It bars nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from people.enums import LookupResult
from people.models import LicenceCheck, PracticeLicence


class Stands(StrEnum):
    VERIFIED = "verified"
    EXPIRED = "expired"
    NOT_CONFIRMED = "not confirmed"
    NOT_VERIFIED = "not verified"
    NONE = "none"


@dataclass(frozen=True)
class Standing:
    """The best that this clinic has found of somebody's licences, and what it rests on."""

    stands: Stands
    licence: PracticeLicence | None = None
    check: LicenceCheck | None = None

    @property
    def kind(self) -> str:
        """The shape and colour: only what somebody might act on has one."""
        return "plain" if self.stands == Stands.VERIFIED else "attention"

    @property
    def words(self) -> str:
        return {
            Stands.VERIFIED: "Licence verified",
            Stands.EXPIRED: "Licence expired",
            Stands.NOT_CONFIRMED: "Licence not confirmed",
            Stands.NOT_VERIFIED: "Licence not verified",
            Stands.NONE: "No licence stated",
        }[self.stands]


# The better one first.
ORDER = list(Stands)


def standing_of(
    licences: Iterable[tuple[PracticeLicence, LicenceCheck | None]], on: date
) -> Standing:
    """How somebody stands on the day `on`, given each licence with the clinic's newest look-up.

    The last day that the register gave is the last on which it counts. One verified licence is
    enough, whatever became of others.
    """
    found = [_one(licence, check, on) for licence, check in licences]
    return min(found, key=lambda each: ORDER.index(each.stands), default=Standing(Stands.NONE))


def _one(licence: PracticeLicence, check: LicenceCheck | None, on: date) -> Standing:
    if check is None:
        over = licence.expires_on < on
        return Standing(Stands.EXPIRED if over else Stands.NOT_VERIFIED, licence)
    if check.result != LookupResult.VALID:
        return Standing(Stands.NOT_CONFIRMED, licence, check)
    return Standing(Stands.VERIFIED if check.holds_on(on) else Stands.EXPIRED, licence, check)
