"""The demo's mail, as a page: nothing leaves the machine, and everybody can read what would."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import mktime_tz, parsedate_tz
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.policy import signed_in

NEWEST = 100
BETWEEN_MESSAGES = b"-" * 79 + b"\n"  # what Django's file backend writes after each


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    sent_at: datetime
    body: str


@signed_in
@require_safe
def sent_mail(request: HttpRequest) -> HttpResponse:
    """Every mail the demo has sent, newest first. Outside the demo there is no such page."""
    if not settings.DEMO:
        raise Http404
    return render(request, "kapcare/sent_mail.html", {"mails": mails(settings.EMAIL_FILE_PATH)})


def mails(folder: Path) -> list[Mail]:
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    found = [
        mail(message_from_bytes(part, policy=default))
        for file in files[:NEWEST]
        for part in file.read_bytes().split(BETWEEN_MESSAGES)
        if part.strip()
    ]
    return sorted(found, key=lambda each: each.sent_at, reverse=True)[:NEWEST]


def mail(message: EmailMessage) -> Mail:
    text = message.get_body(("plain",))
    return Mail(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=datetime.fromtimestamp(mktime_tz(parsedate_tz(message["Date"])), UTC),
        body=text.get_content() if text else "",
    )
