"""The days of the care timeline, assembled from what was disclosed. Pure: reads no database.

Numbers of doses come from disclosed events alone: a release that does not open the schedule shows
the days of notes, and no number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from consent.access import Reader
from consent.enums import Category
from people.formats import clock, day
from sessions.enums import EventKind, SessionState
from sessions.enums.outcomes import Instrument
from sessions.instruments import QUESTIONNAIRES
from sessions.models import CareEvent, IntegrationSession, NoteSection, OutcomeResponse

DOSE_WORDS = {
    EventKind.DOSE_PLANNED: ("planned", "Planned for {}"),
    EventKind.DOSE_GIVEN: ("", "Given at {}"),
    EventKind.DOSE_CANCELLED: ("cancelled", "Was planned for {}"),
}


IN_ERROR = "Entered in error."


@dataclass(frozen=True)
class Entry:
    """One line under a day: its category in words, and what is said."""

    label: str
    text: str


@dataclass(frozen=True)
class Part:
    """What one person wrote about one thing, under the day on which it was."""

    at: datetime
    title: str
    by: str
    own: bool
    entries: list[Entry] = field(default_factory=list)


def whose(parts: Iterable[Part], show: str) -> list[Part]:
    """All parts, the reader's own ("ours") or those of other organisations ("others")."""
    return [part for part in parts if show in ("all", "ours" if part.own else "others")]


def numbers_of(events: Iterable[CareEvent]) -> dict[datetime, int | None]:
    """The numbers of the doses given, by their moments."""
    return {e.occurred_at: e.dose_number for e in events if e.kind == EventKind.DOSE_GIVEN}


def safety(sections: Sequence[NoteSection], events: Iterable[CareEvent]) -> Part | None:
    """The newest of these safety sections, to be read before everything else."""
    if not sections:
        return None
    newest = max(sections, key=lambda section: (section.occurred_at, section.pk))
    number = numbers_of(events).get(newest.occurred_at)
    title = f"Safety, dose {number}" if number else "Safety"
    entry = Entry(newest.category_label, newest.text)
    return Part(newest.occurred_at, title, str(newest.author), own=False, entries=[entry])


def days(
    events: Iterable[CareEvent],
    sections: Iterable[NoteSection],
    sessions: Iterable[IntegrationSession],
    reader: Reader,
    responses: Iterable[OutcomeResponse] = (),
) -> list[Part]:
    """What was disclosed to `reader`, newest first."""
    organization = reader.organization
    by_note: dict[int, list[NoteSection]] = {}
    for section in sections:
        by_note.setdefault(section.note_id, []).append(section)
    numbers = numbers_of(events)
    noted = {found[0].occurred_at for found in by_note.values()}
    parts = [
        _note(found, numbers.get(found[0].occurred_at), organization) for found in by_note.values()
    ]
    parts += [
        _event(e, organization)
        for e in events
        if not (e.kind == EventKind.DOSE_GIVEN and e.occurred_at in noted)
    ]
    parts += [_session(s, reader) for s in sessions]
    parts += [_response(r, organization) for r in responses]
    return sorted(parts, key=lambda part: part.at, reverse=True)


def _note(found: list[NoteSection], number: int | None, organization: int) -> Part:
    order = list(Category.values)
    found.sort(key=lambda section: order.index(section.category))
    first = found[0]
    return Part(
        first.occurred_at,
        f"Dose {number}" if number else "Note",
        f"{first.author} · signed {clock(first.recorded_at)}"
        if day(first.recorded_at) == day(first.occurred_at)
        else f"{first.author} · signed {day(first.recorded_at)}",
        first.author_organization_id == organization,
        [Entry(section.category_label, section.text) for section in found],
    )


def _event(event: CareEvent, organization: int) -> Part:
    title = text = ""
    if event.dose_number:
        word, sentence = DOSE_WORDS[EventKind(event.kind)]
        title = f"Dose {event.dose_number}" + (f", {word}" if word else "")
        text = sentence.format(clock(event.occurred_at))
    else:
        title = EventKind(event.kind).label
        text = event.text or f"Held at {clock(event.occurred_at)}"
    return Part(
        event.occurred_at,
        title,
        str(event.author_organization),
        event.author_organization_id == organization,
        [Entry(event.category_label, text)],
    )


def _session(session: IntegrationSession, reader: Reader) -> Part:
    yours = session.author_id == reader.person
    missed = "" if session.state == SessionState.HELD else ", missed"
    text = "The client did not come." if missed else f"Held at {clock(session.occurred_at)}."
    return Part(
        session.occurred_at,
        f"{'Your' if yours else 'Integration'} session{missed}",
        "You" if yours else f"{session.author}, {session.author_organization}",
        session.author_organization_id == reader.organization,
        [Entry(session.category_label, text)],
    )


def _response(response: OutcomeResponse, organization: int) -> Part:
    questionnaire = QUESTIONNAIRES[Instrument(response.instrument)]
    band = questionnaire.band(response.score).name
    text = f"{response.score} of {questionnaire.most}: {band}."
    return Part(
        response.occurred_at,
        questionnaire.name,
        str(response.author_organization),
        response.author_organization_id == organization,
        [Entry(response.category_label, IN_ERROR if response.in_error else text)],
    )
