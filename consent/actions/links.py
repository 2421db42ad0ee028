"""Secret links: made for a client, opened with their date of birth, closed again."""

from datetime import date, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Manager
from django.urls import reverse

from audit.record import record
from consent.actions.locking import locked_awaiting
from consent.clock import database_now
from consent.models import AnswerLink, ClientLink, Release, SecretLink, Signed, SigningLink
from consent.models.links import MOST_TRIES
from consent.permissions import check_user_can_administer
from consent.signals import signing_link_mailed
from people.enums import SafeContact
from people.models import Client, Registration, User
from people.tokens import hashed, new_token

Link = TypeVar("Link", bound=SecretLink)
ON_SCREEN = timedelta(minutes=60)


def make_secret(
    rows: Manager[Link], *, by: User, lasts: timedelta, **fields: Any
) -> tuple[str, Link]:
    """A new token with the row of its hash: the token is given out here and kept nowhere."""
    token, now = new_token(), database_now()
    link = rows.create(
        token_sha256=hashed(token), created_by=by, created_at=now, expires_at=now + lasts, **fields
    )
    return token, link


def address_of(kind: type[AnswerLink], token: str) -> str:
    """What a client opens."""
    return settings.PUBLIC_URL + reverse(kind.DOOR, args=[token])


@transaction.atomic
def make_signing_link(*, by: User, release: Release, mail: bool = False) -> str:
    """The token of a new link to sign `release`, shown this once; earlier links close.

    `mail`: it also goes to the client, by mail that says nothing of care. Raises ValidationError
    where the client did not choose mail as the safe way to be reached.
    """
    check_user_can_administer(by, release.organization_id)
    token, link = new_link(locked_awaiting(release), by=by, lasts=SigningLink.LASTS)
    if mail:
        mail_link(link, token)
    return token


@transaction.atomic
def hand_over(*, by: User, release: Release) -> SigningLink:
    """A link that nobody can type: the session on the clinic's screen becomes this document's."""
    check_user_can_administer(by, release.organization_id)
    return new_link(locked_awaiting(release), by=by, lasts=ON_SCREEN)[1]


def new_link(signed: Signed, *, by: User, lasts: timedelta) -> tuple[str, Any]:
    """The token and the only open link to `signed`, which the caller holds locked and waits."""
    close_links(signed)
    links: Any = signed.links
    token, link = make_secret(links, by=by, lasts=lasts, on_screen=lasts == ON_SCREEN)
    event = "handed_over" if link.on_screen else "link_made"
    record(f"{signed.noun}.{event}", by=by, on=signed)
    return token, link


def may_be_mailed(client: Client) -> bool:
    return client.safe_contact == SafeContact.EMAIL and bool(client.email)


def mail_link(link: AnswerLink, token: str) -> None:
    """Inside the transaction that made it. Raises where mail is not safe for this client."""
    signed = link.document
    if not may_be_mailed(signed.client):
        raise ValidationError("Mail is not the safe way to reach this client.")
    signing_link_mailed.send(type(link), link=link, url=address_of(type(link), token))
    record(f"{signed.noun}.link_mailed", by=link.created_by, on=signed)


def close_links(signed: Signed) -> None:
    """No open link leads to this document any more."""
    signed.links.filter(closed_at=None, used_at=None).update(closed_at=database_now())


@transaction.atomic
def make_client_link(*, by: User, client: Client) -> str:
    """The token of the client's own page at `by`'s clinic, shown this once; an earlier one ends."""
    organization = by.membership.organization if by.membership else None
    check_user_can_administer(by, organization.pk if organization else 0)
    assert organization is not None
    if not Registration.objects.filter(client=client, organization=organization).exists():
        raise ValidationError("This client has not been referred to your clinic.")
    close_client_links(by=by, client=client)
    token, link = make_secret(
        ClientLink.objects, by=by, lasts=ClientLink.LASTS, client=client, organization=organization
    )
    record("client_link.made", by=by, on=link)
    return token


@transaction.atomic
def close_client_links(*, by: User, client: Client) -> int:
    """End the client's page at `by`'s clinic; how many links were open."""
    organization_id = by.membership.organization_id if by.membership else 0
    check_user_can_administer(by, organization_id)
    links = ClientLink.objects.filter(client=client, organization=organization_id, closed_at=None)
    for link in links:
        record("client_link.closed", by=by, on=link)
    return links.update(closed_at=database_now())


def open_with(model: type[Link], token: str, date_of_birth: date) -> Link | None:
    """The open link of `token` if the date of birth is its client's; None whatever is wrong.

    Opening uses nothing up. A wrong date counts, and the fifth closes the link for good.
    """
    return _tried(model, token, date_of_birth, still_open=True)


def over_with(model: type[Link], token: str, date_of_birth: date) -> Link | None:
    """The link of `token` that is over, used up or not, for its own client to be told so; None
    whatever is wrong. Wrong dates count here too: after five nothing is told any more."""
    return _tried(model, token, date_of_birth, still_open=False)


@transaction.atomic
def _tried(model: type[Link], token: str, date_of_birth: date, *, still_open: bool) -> Link | None:
    link = model.objects.select_for_update().filter(token_sha256=hashed(token)).first()
    if link is None or link.failures >= MOST_TRIES or link.is_open(database_now()) != still_open:
        return None
    client = Client.objects.get(pk=link.client_id)
    if client.date_of_birth == date_of_birth:
        event = "link.opened" if still_open else "link.found_over"
        record(event, by=None, on=link, client_id=client.pk)
        return link
    model.objects.filter(pk=link.pk).update(failures=F("failures") + 1)
    record("link.refused", by=None, on=link, client_id=client.pk)
    return None
