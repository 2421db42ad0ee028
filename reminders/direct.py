"""Mail that may not wait in the outbox: its address is a secret, and secrets are stored nowhere.

It goes out once, right after the transaction that made it. If it does not arrive, a new link is
made: the ledger of events says how it went.
"""

import logging

from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from audit.record import record
from consent.models import AnswerLink, SecretLink
from people.models import Client
from reminders.wording import Mail, of_question_link, of_signing_link
from sessions.models import QuestionLink

logger = logging.getLogger("reminders")
SECONDS = 10  # somebody waits for the page


def send_signing_link(link: AnswerLink, url: str) -> None:
    """Inside the transaction that makes the link: mail it to the client as soon as it is made."""
    mail = of_signing_link(link, url)
    signed = link.document
    _send_after_commit(link, signed.client, mail, "signing_link", **{signed.noun: signed.pk})


def send_question_link(link: QuestionLink, url: str) -> None:
    """The same for a link to questions."""
    mail = of_question_link(link, url)
    _send_after_commit(link, link.episode.client, mail, "question_link", episode=link.episode_id)


def _send_after_commit(link: SecretLink, to: Client, mail: Mail, noun: str, **detail: int) -> None:
    subject, body = mail
    message = EmailMessage(subject, body, to=[to.email])
    transaction.on_commit(lambda: _send(link, message, noun, detail), robust=True)


def _send(link: SecretLink, message: EmailMessage, noun: str, detail: dict[str, int]) -> None:
    try:
        message.connection = get_connection(timeout=SECONDS)
        message.send()
        event = f"{noun}.sent"
    except OSError as error:  # every SMTP and network error is one; its text may hold the address
        event = f"{noun}.not_sent"
        logger.warning("link %s: not sent, %s", link.pk, type(error).__name__)
    record(event, by=link.created_by, on=link, **detail)
