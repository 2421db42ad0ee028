"""What happened to one release or consent to treatment, from the audit log, in plain words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from audit.models import AuditEvent
from consent.enums import AskedHow, Method, RevokedBy
from consent.models import Signed
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
    "treatment_consent.prepared": "Prepared",
    "treatment_consent.discarded": "Put away",
    "treatment_consent.handed_over": "Screen handed over to sign",
    "treatment_consent.link_made": "Link to sign made",
    "treatment_consent.link_mailed": "Link to sign mailed",
    "treatment_consent.declined": "Did not agree",
    "treatment_consent.signed": "Signed",
    "treatment_consent.document_kept": "Signed PDF made and kept",
    "treatment_consent.withdrawn": "Withdrawn",
    "paper.transcribed": "Signed paper entered",
    "paper.accepted": "Signed paper verified",
    "paper.rejected": "Signed paper sent back",
    "link.opened": "Link opened with the date of birth",
    "link.found_over": "Link opened when it was over",
    "link.refused": "Wrong date of birth given to the link",
}
BY_CLIENT = {
    *("release.chosen", "release.declined", "release.revoked", "link.opened", "link.refused"),
    *("treatment_consent.declined", "treatment_consent.withdrawn"),
}


@dataclass(frozen=True)
class Entry:
    at: datetime
    what: str
    who: str


def history(signed: Signed, named: Mapping[int, str] | None = None) -> list[Entry]:
    """The newest MOST events of a document, its links and its papers, newest first.

    `named`: the recipients of a release by their key.
    """
    events = list(
        AuditEvent.objects.filter(subject__in=_subjects(signed)).order_by("-at", "-pk")[:MOST]
    )
    people = User.objects.in_bulk({event.actor_id for event in events if event.actor_id})
    return [
        Entry(event.at, _what(event, named or {}), _who(event, signed, people)) for event in events
    ]


def _subjects(signed: Signed) -> Iterable[str]:
    yield f"{signed._meta.label_lower}:{signed.pk}"
    for rows in (signed.links, signed.papers):
        for pk in rows.values_list("pk", flat=True):
            yield f"{rows.model._meta.label_lower}:{pk}"


def _what(event: AuditEvent, named: Mapping[int, str]) -> str:
    detail = event.detail
    words = [WORDS.get(event.event) or _plain(event.event)]
    if event.event.endswith(".signed") and detail.get("method") in Method:
        words.append(Method(detail["method"]).label.lower())
    if recipient := named.get(detail.get("recipient", 0)):
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


def _who(event: AuditEvent, signed: Signed, people: dict[int, User]) -> str:
    if event.event == f"{signed.noun}.signed":
        return signed.signer_name
    if event.actor_id in people:
        return str(people[event.actor_id])
    return CLIENT if event.event in BY_CLIENT else PORTAL
