"""Who may open a record in an emergency, and whose.

A medical emergency: medical staff alone (45 CFR 164.506(c); 42 CFR 2.51 for Part 2 records). A
serious and imminent threat: whoever in good faith judges it, here a prescriber or a physician
(45 CFR 164.512(j)(1)(i)). At the clinic it may concern the clinic's clients; elsewhere only a
client about whom a signed release of that clinic ever named the reader, or their role where they
work. That the release is over or was withdrawn does not matter: neither rule rests on consent.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from consent.access import DECLARED_BY, Access
from consent.enums import EmergencyBasis
from consent.models import EmergencyAccess, Release, ReleaseRecipient
from people.models import Client, Organization, Registration

if TYPE_CHECKING:
    from people.models import User


def bases_for(user: "User") -> list[EmergencyBasis]:
    """The reasons for which `user` may open a record, by their role."""
    membership = user.membership
    role = membership.role if membership else None
    return [basis for basis in EmergencyBasis if role in DECLARED_BY[basis]]


def check_user_can_declare(user: "User", basis: str) -> None:
    if basis not in bases_for(user):
        raise PermissionDenied("Only medical staff open a record in an emergency.")


def clinics_for(user: "User", client_id: int) -> QuerySet[Organization]:
    """The clinics whose record of this client `user` may open in an emergency."""
    clinics = Organization.objects.order_by("name")
    membership = user.membership
    if membership is None or not bases_for(user):
        return clinics.none()
    if membership.organization.is_clinic:
        kept = Registration.objects.filter(client=client_id)
        return clinics.filter(pk=membership.organization_id, pk__in=kept.values("organization"))
    named = _ever_named(user).filter(release__client=client_id)
    return clinics.filter(pk__in=named.values("release__organization"))


def clients_called(user: "User", last_name: str, date_of_birth: date) -> QuerySet[Client]:
    """Clients of this name and birthday whom a release ever named to `user`.

    They are asked for and never listed: to somebody new in a practice, or named only by a release
    that never came into force, even that there is such a client is news.
    """
    clients = Client.objects.filter(
        pk__in=_ever_named(user).values("release__client"),
        last_name__iexact=last_name.strip(),
        date_of_birth=date_of_birth,
    )
    return clients.order_by("first_name", "pk")


def knows_already(user: "User", client_id: int, at: datetime) -> bool:
    """Whether a release in force names `user`, so that the client's name is no news to them."""
    named = _ever_named(user).filter(
        revoked_at=None,
        release__client=client_id,
        release__in=Release.objects.in_force(at),
    )
    return named.exists()


def open_now(access: Access) -> list[EmergencyAccess]:
    """The emergencies that open something to this reader at this moment; usually none, and then
    the database is not asked."""
    role = access.reader.role
    found = {p.emergency for p in access.provisions if p.emergency is not None and p.role == role}
    if not found:
        return []
    return list(EmergencyAccess.objects.filter(pk__in=found).order_by("opened_at"))


def _ever_named(user: "User") -> QuerySet[ReleaseRecipient]:
    """Where a signed release, in whatever state it is now, names `user` or their role there."""
    membership = user.membership
    if membership is None or membership.organization.is_clinic:
        return ReleaseRecipient.objects.none()
    return ReleaseRecipient.objects.filter(
        Q(user=user) | Q(user=None, role=membership.role),
        organization=membership.organization_id,
        release__signed_at__isnull=False,
    )
