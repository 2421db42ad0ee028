"""The days of the care timeline, assembled from what was disclosed. Pure: reads no database.

Numbers of doses come from disclosed events alone: a release that does not open the schedule shows
the days of notes, and no number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from consent.access import Reader
from consent.enums import Category
from people.formats import clock, day, moment
from sessions.enums import NOTE_CATEGORIES, EventKind, SessionState
from sessions.enums.outcomes import Instrument
from sessions.instruments import QUESTIONNAIRES
from sessions.models import (
    CareEvent,
    IntegrationSession,
    NoteSection,
    OutcomeResponse,
    SessionThemes,
)

DOSE_WORDS = {
    EventKind.DOSE_PLANNED: ("planned", "Planned for {}"),
    EventKind.DOSE_GIVEN: ("", "Given at {}"),
    EventKind.DOSE_CANCELLED: ("cancelled", "Was planned for {}"),
}


IN_ERROR = "Entered in error."
ORDER: list[str] = [*NOTE_CATEGORIES, *(c for c in Category if c not in NOTE_CATEGORIES)]


@dataclass(frozen=True)
class Entry:
    """One line under a day: its category in words, and what is said.

    `about` says of an addition when, by whom and, at the clinic, why. `in_error` says that it alone
    was a mistake; words that stand no more are `struck`, and only the clinic still has them.
    """

    label: str
    text: str
    about: str = ""
    in_error: str = ""
    struck: bool = False
    protected: bool = False  # substance-use records


@dataclass(frozen=True)
class Part:
    """What one person wrote about one thing, under the day on which it was; `in_error` says that
    all of it was a mistake, `note` which note it is."""

    at: datetime
    title: str
    by: str
    own: bool
    entries: list[Entry] = field(default_factory=list)
    note: int | None = None
    in_error: str = ""
    session: int | None = None  # one's own, that can still be marked as a mistake


def whose(parts: Iterable[Part], show: str) -> list[Part]:
    """All parts, the reader's own ("ours") or those of other organisations ("others")."""
    return [part for part in parts if show in ("all", "ours" if part.own else "others")]


def numbers_of(events: Iterable[CareEvent]) -> dict[datetime, int | None]:
    """The numbers of the doses given, by their moments."""
    return {e.occurred_at: e.dose_number for e in events if e.kind == EventKind.DOSE_GIVEN}


def safety(sections: Sequence[NoteSection], events: Iterable[CareEvent]) -> Part | None:
    """The newest of these sections about safety, with what was added to it, to be read before
    everything else. What was entered in error is not quoted."""
    standing = [s for s in sections if s.category == Category.SAFETY and not s.note.in_error_at]
    if not standing:
        return None
    newest = max(standing, key=lambda section: (section.occurred_at, section.pk))
    found = [section for section in standing if section.note.first == newest.note.first]
    number = numbers_of(events).get(newest.occurred_at)
    title = f"Safety, dose {number}" if number else "Safety"
    lines, _ = told(found, organization=0)
    return Part(newest.occurred_at, title, str(newest.author), own=False, entries=lines)


def days(
    events: Iterable[CareEvent],
    sections: Iterable[NoteSection],
    sessions: Iterable[IntegrationSession],
    reader: Reader,
    responses: Iterable[OutcomeResponse] = (),
    themes: Iterable[SessionThemes] = (),
) -> list[Part]:
    """What was disclosed to `reader`, newest first."""
    organization = reader.organization
    by_note: dict[int, list[NoteSection]] = {}
    for section in sorted(sections, key=lambda section: -section.note.first):
        by_note.setdefault(section.note.first, []).append(section)
    numbers = numbers_of(events)
    noted = {s.occurred_at for found in by_note.values() for s in found if not s.note.in_error_at}
    parts = [
        note_part(found, numbers.get(found[0].occurred_at), organization)
        for found in by_note.values()
    ]
    parts += [
        _event(e, organization)
        for e in events
        if not (e.kind == EventKind.DOSE_GIVEN and e.occurred_at in noted)
    ]
    spoken_of = {each.session_id: each for each in themes}
    parts += [_session(s, reader, spoken_of.get(s.pk)) for s in sessions]
    parts += [_response(r, organization) for r in responses]
    return sorted(parts, key=lambda part: part.at, reverse=True)


def note_part(found: Sequence[NoteSection], number: int | None, organization: int) -> Part:
    """One note, with what was added to it, as a reader of `organization` sees it."""
    first = min(found, key=lambda section: (section.note_id, section.pk))
    same_day = day(first.recorded_at) == day(first.occurred_at)
    signed = clock(first.recorded_at) if same_day else day(first.recorded_at)
    lines, in_error = told(found, organization)
    return Part(
        first.occurred_at,
        f"Dose {number}" if number else "Note",
        f"{first.author} · signed {signed}",
        first.author_organization_id == organization,
        lines,
        first.note.first,
        in_error,
    )


def told(found: Sequence[NoteSection], organization: int) -> tuple[list[Entry], str]:
    """The sections of one note in the order in which they are read, what was added below what it
    adds to; and, where nothing of them stands any more, the one sentence about that.

    A reader of another organisation then learns of which categories something was taken back.
    """
    ordered = sorted(found, key=lambda s: (ORDER.index(s.category), s.note_id or 0, s.pk or 0))
    mistake = ""
    if ordered and all(section.note.in_error_at for section in ordered):
        mistake = _mistake(min(ordered, key=lambda s: s.note_id), organization)
        if ordered[0].author_organization_id != organization:
            labels = ", ".join(dict.fromkeys(s.category_label for s in ordered))
            return [Entry("Taken back", labels.capitalize())], mistake
    lines: list[Entry] = []
    for section in ordered:
        below = any(line.label == section.category_label for line in lines)
        lines.append(_entry(section, organization, below=below, mistake=mistake))
    return lines, mistake


def _entry(section: NoteSection, organization: int, *, below: bool, mistake: str) -> Entry:
    """One section. An addition that stands below nothing does not hint at what it was added to."""
    note = section.note
    own = section.author_organization_id == organization
    about = ""
    if note.adds_to_id and note.signed_at:
        verb = "Added" if below or own else "Written"
        about = f"{verb} {moment(note.signed_at)} by {section.author}"
        about += f": {note.reason}" if note.reason else ""
    alone = _mistake(section, organization)
    return Entry(
        section.category_label,
        section.text,
        about,
        alone if alone != mistake else "",
        bool(note.in_error_at),
        bool(section.sensitivities),
    )


def _mistake(section: NoteSection, organization: int) -> str:
    note = section.note
    if not note.in_error_at:
        return ""
    if section.author_organization_id != organization:
        return f"Entered in error on {day(note.in_error_at)}: the clinic has taken it back."
    who = f"{moment(note.in_error_at)} by {note.in_error_by}"
    return f"Entered in error, marked {who}: {note.in_error_reason}"


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


def _session(
    session: IntegrationSession, reader: Reader, themes: SessionThemes | None = None
) -> Part:
    yours = session.author_id == reader.person
    own = session.author_organization_id == reader.organization
    missed = "" if session.state == SessionState.HELD else ", missed"
    text = "The client did not come." if missed else f"Held at {clock(session.occurred_at)}."
    entries = [Entry(session.category_label, text, struck=session.in_error)]
    if themes and themes.text:
        entries.append(Entry(themes.category_label, themes.text, struck=session.in_error))
    return Part(
        session.occurred_at,
        f"{'Your' if yours else 'Integration'} session{missed}",
        "You" if yours else f"{session.author}, {session.author_organization}",
        own,
        entries,
        in_error=_logged_by_mistake(session),
        session=session.pk if own and not session.in_error else None,
    )


def _logged_by_mistake(session: IntegrationSession) -> str:
    if not session.in_error:
        return ""
    reason = f": {session.error.reason}" if session.error.reason else ""
    return f"Logged by mistake, marked {day(session.error.recorded_at)}{reason}"


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
