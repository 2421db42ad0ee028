"""What the pages of people show: who is where, how they sign in, what waits for an answer."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from people.forms import FormKeyForm
from people.joining.standing import Standing, standing_of
from people.models import (
    Invitation,
    LicenceCheck,
    Membership,
    Organization,
    Partnership,
    PracticeLicence,
    User,
)

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
SHOWN = 50  # of those who left, the latest


@dataclass(frozen=True)
class Line:
    """One person in one place."""

    member: Membership
    second_factor: bool
    licence: Standing | None = None  # of people in practices, as this clinic found it


@dataclass(frozen=True)
class Place:
    organization: Organization
    lines: list[Line]


def places_of(clinic: Organization) -> list[Place]:
    """The clinic and the practices that work with it, each with those who are there now."""
    practices = list(practices_of(clinic))
    members = _members([clinic, *practices])
    factors = _with_second_factor({each.user_id for each in members})
    outside = [each for each in members if each.organization_id != clinic.pk]
    licences = licences_at(clinic, outside, clinic.today)
    lines: dict[int, list[Line]] = defaultdict(list)
    for member in members:
        line = Line(member, member.user_id in factors, licences.get(member.user_id))
        lines[member.organization_id].append(line)
    return [Place(each, lines[each.pk]) for each in (clinic, *practices)]


def practices_of(clinic: Organization) -> QuerySet[Organization]:
    """The practices that work with this clinic, by name."""
    ids = Partnership.objects.filter(clinic=clinic).values("practice")
    return Organization.objects.filter(pk__in=ids).order_by("name")


def managed_by(clinic: Organization) -> QuerySet[Membership]:
    """Every membership, past ones too, at the clinic and at the practices that work with it."""
    ids = [clinic.pk, *practices_of(clinic).values_list("pk", flat=True)]
    return Membership.objects.filter(organization__in=ids).select_related("user", "organization")


def left(clinic: Organization) -> list[Membership]:
    """Whose membership ended and who is there no more, the latest first."""
    still = Membership.objects.filter(
        user=OuterRef("user"), organization=OuterRef("organization"), ended_at=None
    )
    ended = managed_by(clinic).filter(~Exists(still), ended_at__isnull=False)
    newest: dict[tuple[int, int], Membership] = {}
    for member in ended.order_by("-ended_at", "-pk")[: SHOWN * 2]:
        newest.setdefault((member.user_id, member.organization_id), member)
    return list(newest.values())[:SHOWN]


def waiting_invitations(
    places: Collection[int], now: datetime
) -> list[tuple[Invitation, bool, FormKeyForm]]:
    """Those that nobody accepted and nobody closed, the newest first; whether each still works,
    and the key with which it is sent again."""
    rows = Invitation.objects.filter(organization__in=places, closed_at=None, accepted_at=None)
    found = rows.select_related("organization", "invited_by")
    return [(each, each.is_open(now), FormKeyForm(auto_id=False)) for each in found]


def licences_at(
    clinic: Organization, members: Collection[Membership], on: date
) -> dict[int, Standing]:
    """How the licences of these people stand with this clinic on the day `on`, by person."""
    return {
        member.user_id: standing_of([(row, newest) for row, newest, _ in rows], on)
        for member, rows in _stated(clinic, members)
    }


def licence_with(clinic: Organization, member: Membership) -> Standing:
    """How the licence of one person in a practice stands with this clinic today."""
    return licences_at(clinic, [member], clinic.today)[member.user_id]


def licences_of(
    clinic: Organization, member: Membership
) -> list[tuple[PracticeLicence, LicenceCheck | None, list[LicenceCheck]]]:
    """What this person stated where they work: each with the clinic's newest look-up, and all."""
    return _stated(clinic, [member])[0][1]


def _stated(clinic: Organization, members: Collection[Membership]):
    """(member, their licences with what the clinic found) in two queries, the newest first."""
    people = {each.user_id for each in members}
    looked: dict[int, list[LicenceCheck]] = defaultdict(list)
    checks = LicenceCheck.objects.filter(clinic=clinic, licence__person__in=people)
    for check in checks.select_related("checked_by"):
        looked[check.licence_id].append(check)
    stated = defaultdict(list)
    for row in PracticeLicence.objects.filter(person__in=people):
        mine = looked[row.pk]
        stated[row.person_id, row.practice_id].append((row, mine[0] if mine else None, mine))
    return [(each, stated[each.user_id, each.organization_id]) for each in members]


def _members(places: Collection[Organization]) -> list[Membership]:
    rows = Membership.objects.filter(organization__in=places, ended_at=None)
    return list(rows.select_related("user").order_by("user__name", "pk"))


def _with_second_factor(people: Collection[int]) -> set[int]:
    found = Authenticator.objects.filter(user__in=people, type__in=FACTORS)
    return set(found.values_list("user_id", flat=True))


def has_second_factor(user: User) -> bool:
    return user.pk in _with_second_factor({user.pk})
