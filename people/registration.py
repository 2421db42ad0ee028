"""Making and naming the record of a client."""

from django.core.exceptions import ValidationError

from people.models import Client, Organization, Registration


def create_client(*, organization: Organization, **identity) -> Client:
    """A client's record at `organization`. Raises ValidationError that names each wrong field."""
    client = Client(created_by_organization=organization, **identity)
    client.full_clean()
    client.save()
    register(client, organization)
    return client


def update_client(client: Client, **identity) -> Client:
    """Correct a client's identity. Raises ValidationError that names each wrong field."""
    for name, value in identity.items():
        setattr(client, name, value)
    client.full_clean()
    client.save()
    return client


def register(client: Client, organization: Organization) -> None:
    """From now on `organization` keeps a record of `client`; repeating it changes nothing."""
    Registration.objects.get_or_create(client=client, organization=organization)


def check_has_identity(client: Client) -> None:
    """What a clinic needs to reach the client safely."""
    errors = {}
    if not client.safe_contact:
        errors["safe_contact"] = "Say how the client can be reached safely."
    if not client.phone and not client.email and client.safe_contact != "therapist":
        errors["phone"] = "Give a phone number or an email address."
    if errors:
        raise ValidationError(errors)


def unregister(client: Client, organization: Organization) -> None:
    """`organization` no longer keeps a record of `client`; what it did is in the logs."""
    Registration.objects.filter(client=client, organization=organization).delete()
