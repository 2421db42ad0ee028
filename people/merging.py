"""Two records of one person at a clinic: found, joined, told apart.

Only the clinic's coordinators and prescribers learn of them. A merge moves no row: decisions about
disclosure, releases and the ledger stay with each record.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from audit.record import record
from people.concurrency import row_of_form
from people.enums import Role
from people.likeness import Identity, alike, as_text, names_alike, near_dates, near_texts
from people.models import Client, ClientMerge, Organization, Registration, TwoPeople, User
from people.validators import validate_text

MAY_MERGE = frozenset({Role.COORDINATOR, Role.PRESCRIBER})
Pair = tuple[Client, Client]
LONGEST_REASON = 200  # characters


def check_user_can_merge(user: User, clinic_id: int) -> None:
    membership = user.membership
    here = membership is not None and membership.organization_id == clinic_id
    if not here or Role(membership.role) not in MAY_MERGE:  # type: ignore[union-attr]
        raise PermissionDenied("A coordinator or a prescriber of the clinic does this.")


# ---------------------------------------------------------------- one person
def same_person(client_id: int, clinic_id: int) -> frozenset[int]:
    """The records that the clinic holds to be of one person with this one, itself among them."""
    found, seen = {client_id}, set[int]()
    while found != seen:
        seen = set(found)
        rows = ClientMerge.objects.filter(Q(merged__in=seen) | Q(survivor__in=seen))
        for pair in rows.filter(clinic=clinic_id).values_list("merged", "survivor"):
            found.update(pair)
    return frozenset(found)


def survivor(client_id: int, clinic_id: int) -> int:
    """The record with which the clinic goes on: this one, or the one it was merged into."""
    rows = ClientMerge.objects.filter(clinic=clinic_id)
    while into := rows.filter(merged=client_id).values_list("survivor", flat=True).first():
        client_id = into
    return client_id


def other_records(client_id: int, clinic_id: int) -> list[Client]:
    """The clinic's other records of this person, the surviving one first."""
    others = same_person(client_id, clinic_id) - {client_id}
    if not others:
        return []
    first = survivor(client_id, clinic_id)
    return sorted(Client.objects.filter(pk__in=others), key=lambda c: (c.pk != first, c.pk))


# ---------------------------------------------------------------- perhaps one person
def kept_at(clinic_id: int):
    """Clients of whom the clinic keeps a record."""
    return Client.objects.filter(
        pk__in=Registration.objects.filter(organization=clinic_id).values("client")
    )


def likely_of(client: Client, clinic_id: int) -> list[Client]:
    """Whom the clinic may know as another record of `client`, and has not decided about."""
    rows = kept_at(clinic_id).filter(date_of_birth__in=near_dates(client.date_of_birth))
    found = [each for each in rows.exclude(pk=client.pk) if alike(_of(client), _of(each))]
    return [each for each in found if _undecided(client, each, _decided(clinic_id))]


def likely_pairs(clinic_id: int) -> list[Pair]:
    """Every two records of the clinic that are alike and undecided, the newest first."""
    by_birth: dict = defaultdict(list)
    clients = list(kept_at(clinic_id).order_by("pk"))
    for client in clients:
        by_birth[as_text(client.date_of_birth)].append(client)
    decided = _decided(clinic_id)
    pairs = [
        (other, client)
        for client in clients
        for born in near_texts(as_text(client.date_of_birth))
        for other in by_birth.get(born, ())
        if other.pk < client.pk and names_alike(_names(other), _names(client))
    ]
    found = [pair for pair in pairs if _undecided(*pair, decided)]
    return sorted(found, key=lambda pair: (-pair[1].pk, -pair[0].pk))


def _names(client: Client) -> tuple[str, str]:
    return client.first_name, client.last_name


def _of(client: Client) -> Identity:
    return Identity(client.first_name, client.last_name, client.date_of_birth)


def _decided(clinic_id: int) -> tuple[dict[int, int], set[tuple[int, int]]]:
    """(group by record, pairs told apart): merged records share a group."""
    group: dict[int, int] = {}
    rows = ClientMerge.objects.filter(clinic=clinic_id).order_by("pk")
    for merged, into in rows.values_list("merged", "survivor"):
        old, new = group.get(merged, merged), group.get(into, into)
        group |= {each: new for each, root in group.items() if root == old}
        group |= {merged: new, into: new}
    apart = TwoPeople.objects.filter(clinic=clinic_id).values_list("lower", "higher")
    return group, set(apart)


def _undecided(a: Client, b: Client, decided: tuple[dict, set]) -> bool:
    group, apart = decided
    lower, higher = sorted((a.pk, b.pk))
    one = group.get(lower, lower) == group.get(higher, higher)
    return not one and (lower, higher) not in apart


# ---------------------------------------------------------------- deciding
@transaction.atomic
def merge_clients(
    *, by: User, clinic: Organization, merged: Client, survivor: Client, reason: str, form_key: UUID
) -> ClientMerge:
    """Hold two records of the clinic to be one person, and go on with `survivor`; say how it is
    known. Either may be the head of a group; one that was merged before takes no other in."""
    check_user_can_merge(by, clinic.pk)
    _lock(clinic, (merged, survivor))
    if existing := row_of_form(
        ClientMerge.objects, form_key, merged_id=merged.pk, survivor_id=survivor.pk
    ):
        return existing
    if not reason.strip():
        raise ValidationError({"reason": "Say how you know that they are one person."})
    validate_text(reason, LONGEST_REASON, "reason")
    if survivor.pk in same_person(merged.pk, clinic.pk):
        raise ValidationError("These are held to be one person already.")
    if ClientMerge.objects.filter(clinic=clinic, merged__in=(merged, survivor)).exists():
        raise ValidationError("One of them was merged before: choose the record it went into.")
    row = ClientMerge.objects.create(
        form_key=form_key,
        clinic=clinic,
        merged=merged,
        survivor=survivor,
        reason=reason.strip(),
        by=by,
    )
    record("client.merged", by=by, on=row, client_id=merged.pk, survivor=survivor.pk)
    return row


@transaction.atomic
def tell_apart(*, by: User, clinic: Organization, one: Client, other: Client) -> TwoPeople:
    """Two records that are alike are of two people; saying it again changes nothing."""
    check_user_can_merge(by, clinic.pk)
    _lock(clinic, (one, other))
    if other.pk in same_person(one.pk, clinic.pk):
        raise ValidationError("These are held to be one person already.")
    lower, higher = sorted((one.pk, other.pk))
    row, made = TwoPeople.objects.get_or_create(
        clinic=clinic, lower_id=lower, higher_id=higher, defaults={"by": by}
    )
    if made:
        record("client.told_apart", by=by, on=row, client_id=lower, other=higher)
    return row


def _lock(clinic: Organization, clients: Iterable[Client]) -> None:
    """One decision of a clinic at a time, about records that it keeps."""
    Organization.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    for client in clients:
        if not kept_at(clinic.pk).filter(pk=client.pk).exists():
            raise PermissionDenied("The clinic keeps no record of this client.")
