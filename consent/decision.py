"""The one decision: may this person read this item now? Pure Python, no database, no Django.

Default deny. A denial beats a permit: while its release is in force every one, and for good those
signed before it, so that ending a release never opens anything. Every answer carries its reason
and what it rests on. Intervals are half-open: from <= moment < until. An organisation reads what
it wrote itself, by role; everything that crosses an organisation needs a release, or an emergency
that was declared. Nobody is above the rule: whether a reader is a superuser is not even asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

READING_ROLES = frozenset(
    {"therapist", "physician", "prescriber", "nurse", "kap_therapist", "coordinator", "contact"}
)
AT_REQUEST = "at_request"  # 45 CFR 164.508(c)(1)(iv): enough as a purpose where the client asks


class Reason(StrEnum):
    OWN_RECORD = "the reader's organisation wrote it"
    RELEASED = "a release permits it"
    EMERGENCY = "emergency access was declared"
    ROLE = "this role reads no clinical content"
    NO_RELEASE = "no release names this reader"
    UNSIGNED = "the release is not signed"
    NOT_YET = "the release is not yet in force"
    EXPIRED = "the release has expired"
    REVOKED = "the release was revoked"
    SUPERSEDED = "a newer release took its place"
    DECLINED = "the client declined this category"
    CATEGORY = "the release does not list this category"
    SENSITIVITY = "the release does not name this specially protected content"
    PERIOD = "the item lies outside the release's service period"
    PURPOSE = "the release states another purpose"


@dataclass(frozen=True)
class Request:
    """One person who wants to read one item. Ids are those of the database.

    An outside contact has no account: `contact` names them, `person` and `organization` are 0.
    """

    person: int
    role: str
    organization: int
    client: int
    category: str
    sensitivities: frozenset[str]
    occurred_at: datetime
    author_organization: int
    purpose: str
    contact: int | None = None


@dataclass(frozen=True)
class Provision:
    """What one release, or one declared emergency, says about one recipient in one direction.

    `person` None stands for everybody with a reading role at the recipient organisation, or, where
    `role` is given, with that role there.
    """

    release: int | None
    permits: bool
    client: int
    discloser: int | None
    organization: int
    person: int | None
    categories: frozenset[str]
    role: str | None = None
    contact: int | None = None
    emergency: int | None = None
    sensitivities: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    signed_at: datetime | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    revoked_at: datetime | None = None
    superseded_at: datetime | None = None
    service_from: datetime | None = None
    service_until: datetime | None = None


@dataclass(frozen=True)
class Decision:
    permitted: bool
    reason: Reason
    release: int | None = None
    emergency: int | None = None


def decide(request: Request, provisions: Iterable[Provision], at: datetime) -> Decision:
    """Whether `request` may be answered at the moment `at` (aware), given the known provisions."""
    if request.role not in READING_ROLES:
        return Decision(False, Reason.ROLE)
    if request.author_organization == request.organization:
        return Decision(True, Reason.OWN_RECORD)
    naming = [p for p in provisions if _names_reader(p, request)]
    released = _by_release(request, [p for p in naming if p.emergency is None], at)
    if released.permitted:
        return released
    for provision in naming:
        declared = provision.emergency is not None
        if declared and not (_not_in_force(provision, at) or _not_covered(provision, request)):
            return Decision(True, Reason.EMERGENCY, emergency=provision.emergency)
    return released


def _by_release(request: Request, naming: list[Provision], at: datetime) -> Decision:
    denials = [p for p in naming if not p.permits and request.category in p.categories]
    for denial in denials:
        if not _not_in_force(denial, at):
            return Decision(False, Reason.DECLINED, denial.release)
    refusal = Decision(False, Reason.NO_RELEASE)
    for provision in naming:
        if not provision.permits:
            continue
        obstacle = (
            _not_in_force(provision, at)
            or _declined_since(provision, denials, at)
            or _not_covered(provision, request)
        )
        if obstacle is None:
            return Decision(True, Reason.RELEASED, provision.release)
        refusal = Decision(False, obstacle, provision.release)
    return refusal


def _names_reader(provision: Provision, request: Request) -> bool:
    return (
        provision.client == request.client
        and provision.discloser in (None, request.author_organization)
        and provision.organization == request.organization
        and provision.person in (None, request.person)
        and provision.role in (None, request.role)
        and provision.contact == request.contact
    )


def _not_in_force(provision: Provision, at: datetime) -> Reason | None:
    """Why the provision does not count at `at`; None when it does."""
    if provision.valid_from is None:
        return Reason.UNSIGNED
    if provision.revoked_at is not None and at >= provision.revoked_at:
        return Reason.REVOKED
    if at < provision.valid_from:
        return Reason.NOT_YET
    if provision.superseded_at is not None and at >= provision.superseded_at:
        return Reason.SUPERSEDED
    if provision.valid_until is not None and at >= provision.valid_until:
        return Reason.EXPIRED
    return None


def _declined_since(provision: Provision, denials: list[Provision], at: datetime) -> Reason | None:
    """A no outlives its release for everything that was signed before it."""
    assert provision.signed_at is not None
    for denial in denials:
        if denial.signed_at is not None and provision.signed_at < denial.signed_at <= at:
            return Reason.DECLINED
    return None


def _not_covered(provision: Provision, request: Request) -> Reason | None:
    """Why a provision in force does not cover the item; None when it does."""
    if request.category not in provision.categories:
        return Reason.CATEGORY
    if not request.sensitivities <= provision.sensitivities:
        return Reason.SENSITIVITY
    if provision.service_from is not None and request.occurred_at < provision.service_from:
        return Reason.PERIOD
    if provision.service_until is not None and request.occurred_at >= provision.service_until:
        return Reason.PERIOD
    if not provision.purposes & {request.purpose, AT_REQUEST}:
        return Reason.PURPOSE
    return None
