"""What a client's own page shows: what one clinic shares, with whom, until when; what it may do."""

from dataclasses import dataclass
from datetime import datetime

from audit.models import AuditEvent
from consent.clock import database_now
from consent.enums import (
    IN_THEIR_WORDS,
    Direction,
    Effect,
    Ending,
    ReleaseState,
    TreatmentState,
)
from consent.ledger.accounting import Entry, Line
from consent.models import ClientLink, DisclosureQuestion, Release, TreatmentConsent
from consent.treatment.standing import in_turn
from people.formats import day, last_moment

GOING_ON = (ReleaseState.ACTIVE, ReleaseState.FUTURE)
UNTIL = {
    Ending.END_OF_TREATMENT: "When your treatment here ends",
    Ending.NONE: "Until you stop it",
}


@dataclass(frozen=True)
class Shared:
    """One signed release in words."""

    release: Release
    state: ReleaseState
    sent: list[str]  # categories that the clinic may send
    told: list[str]  # categories that the clinic may be told

    @property
    def going_on(self) -> bool:
        return self.state in GOING_ON

    @property
    def until(self) -> str:
        """The last day, or the event, whichever comes first."""
        event = UNTIL.get(Ending(self.release.ending), "")
        if not self.release.until:
            return event
        last_day = day(last_moment(self.release.until))
        return f"{last_day}, or when your treatment here ends" if event else last_day


def releases_on(link: ClientLink) -> tuple[list[Shared], list[Shared]]:
    """What is shared now, and what no longer is; the newest first."""
    releases = (
        Release.objects.of_clinic(link.organization_id)
        .filter(client=link.client_id)
        .signed()
        .with_parts()
        .prefetch_related("receipts")
        .order_by("-signed_at")
    )
    now = database_now()
    found = [_shared(release, now) for release in releases]
    return [s for s in found if s.going_on], [s for s in found if not s.going_on]


def _shared(release: Release, at: datetime) -> Shared:
    opened: dict[str, set[str]] = {Direction.OUT: set(), Direction.IN: set()}
    for row in release.categories.all():
        if row.effect == Effect.PERMIT:
            opened[row.direction].add(row.category)
    sent, told = (
        [words for category, words in IN_THEIR_WORDS.items() if category in opened[way]]
        for way in (Direction.OUT, Direction.IN)
    )
    return Shared(release, release.state(at), sent, told)


def agreements_on(link: ClientLink) -> list[tuple[TreatmentConsent, TreatmentState]]:
    """What the client agreed to, with its state; the newest first."""
    consents = TreatmentConsent.objects.of(link.client_id, link.organization_id)
    found = in_turn(list(consents), database_now())
    return [(consent, state) for consent, state in found if consent.signed_at]


def with_questions(link: ClientLink, lines: list[Line]) -> list[dict]:
    """Each line of who looked, its entries beside what the client asked about them."""
    asked: dict[int, list[DisclosureQuestion]] = {}
    for question in DisclosureQuestion.objects.filter(
        client=link.client_id, organization=link.organization_id
    ).order_by("asked_at"):
        asked.setdefault(question.sequence, []).append(question)
    return [
        {
            "line": line,
            "looks": [_look(entry, asked.get(entry.sequence, [])) for entry in line.entries],
            "questions": [q for entry in line.entries for q in asked.get(entry.sequence, [])],
        }
        for line in lines
    ]


def _look(entry: Entry, questions: list[DisclosureQuestion]) -> dict:
    return {"entry": entry, "waits": any(q.answered_at is None for q in questions)}


def last_opened(link: ClientLink) -> datetime | None:
    """When somebody last came in through this link."""
    events = AuditEvent.objects.filter(
        event="link.opened", subject=f"{link._meta.label_lower}:{link.pk}"
    )
    return events.order_by("-pk").values_list("at", flat=True).first()
