"""Outside contacts: somebody without an account whom the client may name."""

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from consent.models import OutsideContact
from consent.permissions import check_user_can_administer
from people.models import Client, Registration, User
from people.validators import validate_text

LONGEST = {"name": 120, "relation": 80, "workplace": 120, "address": 200}


@transaction.atomic
def add_contact(
    *, by: User, client: Client, name: str, relation: str, workplace: str = "", address: str = ""
) -> OutsideContact:
    """Keep a contact of `client` at `by`'s clinic. The same name and relation are one contact.

    Raises ValidationError with the field to mend, also where that contact is known with another
    workplace or address: a signed release may name them, so that they never change.
    """
    organization = by.membership.organization if by.membership else None
    check_user_can_administer(by, organization.pk if organization else 0)
    if not Registration.objects.filter(client=client, organization=organization).exists():
        raise ValidationError("This client has not been referred to your clinic.")
    given = dict(zip(LONGEST, map(str.strip, (name, relation, workplace, address)), strict=True))
    _check(given)
    contact, created = OutsideContact.objects.get_or_create(
        client=client,
        clinic=organization,
        name__iexact=given["name"],
        relation__iexact=given["relation"],
        defaults=given,
    )
    if created:
        record("contact.added", by=by, on=contact)
    for place in ("workplace", "address"):
        if given[place] and given[place] != getattr(contact, place):
            raise ValidationError(
                {
                    "relation": f"{contact} is listed already, with another {place}. Tick them in "
                    "the list, or say more exactly who this is."
                }
            )
    return contact


def _check(given: dict[str, str]) -> None:
    if not given["name"]:
        raise ValidationError({"name": "Enter their name."})
    if not given["relation"]:
        raise ValidationError({"relation": "Say who they are to the client."})
    for column, value in given.items():
        validate_text(value, LONGEST[column], column)
