"""What happened to one release, from the audit log, in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from audit.models import AuditEvent
from consent.enums import AskedHow, Method, RevokedBy
from consent.models import PaperCopy, Release, SigningLink
from people.models import User

MOST = 100
CLIENT, PORTAL = "The client", "kapcare"

WORDS = {
    "release.drafted": "Draft begun",
    "release.edited": "Draft changed",
    "release.sent": "Made ready to sign",
    "release.discarded": "Draft discarded",
    "release.renewed": "Renewal drafted",
    "release.handed_over": "Screen handed over to sign",
    "release.link_made": "Link to sign made",
    "release.link_mailed": "Link to sign mailed",
    "release.chosen": "Chose what to share",
    "release.declined": "Said no",
    "release.signed": "Signed",
    "release.document_kept": "Signed PDF made and kept",
    "release.superseded": "Replaced by a newer release",
    "release.revoked": "Withdrawn",
    "release.event_came": "Ended with the treatment",
    "release.expired": "Came to its end",
    "release.previewed": "Looked at as a recipient would see it",
    "paper.transcribed": "Signed paper entered",
    "paper.accepted": "Signed paper verified",
    "paper.rejected": "Signed paper sent back",
    "link.opened": "Link opened with the date of birth",
    "link.refused": "Wrong date of birth given to the link",
}
BY_CLIENT = {"release.chosen", "release.declined", "link.opened", "link.refused", "release.revoked"}


@dataclass(frozen=True)
class Entry:
    at: datetime
    what: str
    who: str


def history(release: Release) -> list[Entry]:
    """The newest MOST events of a release, its links and its papers, newest first."""
    events = list(
        AuditEvent.objects.filter(subject__in=_subjects(release)).order_by("-at", "-pk")[:MOST]
    )
    people = User.objects.in_bulk({event.actor_id for event in events if event.actor_id})
    named = {recipient.pk: str(recipient) for recipient in release.recipients.all()}
    return [Entry(event.at, _what(event, named), _who(event, release, people)) for event in events]


def _subjects(release: Release) -> Iterable[str]:
    yield f"{release._meta.label_lower}:{release.pk}"
    for rows in (SigningLink.objects, PaperCopy.objects):
        for pk in rows.filter(release=release).values_list("pk", flat=True):
            yield f"{rows.model._meta.label_lower}:{pk}"


def _what(event: AuditEvent, named: dict[int, str]) -> str:
    detail = event.detail
    words = [WORDS.get(event.event) or _plain(event.event)]
    if event.event == "release.signed" and detail.get("method") in Method:
        words.append(Method(detail["method"]).label.lower())
    if recipient := named.get(detail.get("recipient")):
        words.append(f"for {recipient}" if event.event == "release.revoked" else recipient)
    if detail.get("asked_by") in RevokedBy:
        words.append(f"asked by {_lower(RevokedBy(detail['asked_by']).label)}")
    if detail.get("asked_how") in AskedHow:
        words.append(_lower(AskedHow(detail["asked_how"]).label))
    return ", ".join(words)


def _plain(event: str) -> str:
    """noun.verb_rest as words, for events that others write."""
    return event.replace(".", " ").replace("_", " ").capitalize()


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _who(event: AuditEvent, release: Release, people: dict[int, User]) -> str:
    if event.event == "release.signed":
        return release.signer_name
    if event.actor_id in people:
        return str(people[event.actor_id])
    return CLIENT if event.event in BY_CLIENT else PORTAL
