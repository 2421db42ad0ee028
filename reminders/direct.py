"""Mail that may not wait in the outbox: its address is a secret, and secrets are stored nowhere.

It goes out once, right after the transaction that made it. If it does not arrive, a new link is
made: the ledger of events says how it went. The answer to somebody who asked to join, and has no
account, goes the same way.
"""

import logging

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Model

from audit.record import record
from consent.models import AnswerLink
from people.models import Invitation, JoinRequest, User
from reminders.wording import (
    Mail,
    of_declined_request,
    of_invitation,
    of_question_link,
    of_signing_link,
)
from sessions.models import QuestionLink

logger = logging.getLogger("reminders")
SECONDS = 10  # somebody waits for the page


def send_signing_link(link: AnswerLink, url: str) -> None:
    """Inside the transaction that makes the link: mail it to the client as soon as it is made."""
    signed, mail = link.document, of_signing_link(link, url)
    detail = {signed.noun: signed.pk}
    _send_after_commit(link, signed.client.email, mail, "signing_link", link.created_by, **detail)


def send_question_link(link: QuestionLink, url: str) -> None:
    """The same for a link to questions."""
    mail, to = of_question_link(link, url), link.episode.client.email
    _send_after_commit(link, to, mail, "question_link", link.created_by, episode=link.episode_id)


def send_invitation(invitation: Invitation, url: str) -> None:
    """The same for an invitation."""
    mail, by = of_invitation(invitation, url), invitation.invited_by
    _send_after_commit(invitation, invitation.email, mail, "invitation", by)


def send_declined_request(request: JoinRequest) -> None:
    mail, by = of_declined_request(request), request.answered_by
    _send_after_commit(request, request.email, mail, "join_answer", by)


def _send_after_commit(
    row: Model, to: str, mail: Mail, noun: str, by: User | None, **detail: int
) -> None:
    subject, body = mail
    message = EmailMessage(subject, body, to=[to])
    transaction.on_commit(lambda: _send(row, message, noun, by, detail), robust=True)


def _send(row: Model, message: EmailMessage, noun: str, by: User | None, detail: dict) -> None:
    try:
        message.connection = get_connection(timeout=SECONDS)
        message.send()
        event = f"{noun}.sent"
    except OSError as error:  # every SMTP and network error is one; its text may hold the address
        event = f"{noun}.not_sent"
        logger.warning("%s %s: not sent, %s", noun, row.pk, type(error).__name__)
    record(event, by=by, on=row, **detail)
