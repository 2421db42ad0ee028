"""Mail that may not wait in the outbox: its address is a secret, and secrets are stored nowhere.

It goes out once, right after the transaction that made it. If it does not arrive, a new link is
made: the ledger of events says how it went.
"""

import logging

from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from audit.record import record
from consent.models import SigningLink
from reminders.wording import of_signing_link

logger = logging.getLogger("reminders")
SECONDS = 10  # somebody waits for the page


def send_signing_link(link: SigningLink, url: str) -> None:
    """Inside the transaction that makes the link: mail it to the client as soon as it is made."""
    subject, body = of_signing_link(link, url)
    to = link.release.client.email
    transaction.on_commit(lambda: _send(link, EmailMessage(subject, body, to=[to])), robust=True)


def _send(link: SigningLink, message: EmailMessage) -> None:
    try:
        message.connection = get_connection(timeout=SECONDS)
        message.send()
        event = "signing_link.sent"
    except OSError as error:  # every SMTP and network error is one; its text may hold the address
        event = "signing_link.not_sent"
        logger.warning("link %s: not sent, %s", link.pk, type(error).__name__)
    record(event, by=link.created_by, on=link, release=link.release_id)
