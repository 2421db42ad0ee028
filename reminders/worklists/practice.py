"""The worklist of those who refer and read: whose move it is, and which window closes next.

Rows rest on what was disclosed to the reader and on nothing else: a client about whom nothing is
open leaves no trace, and neither does anything that is not open about the others. `row_of` is a
pure function.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from consent.enums import Category as C
from people.formats import day
from people.models import User
from referrals.enums import ReferralState
from referrals.models import Message, Referral
from referrals.querysets import USUAL_REPLY_DAYS
from referrals.waiting import reply_expected
from reminders.actions.reminding import owner_of
from reminders.worklists.closing import Unbooked, unbooked
from reminders.worklists.enums import Group, Stage
from reminders.worklists.rows import Row, ahead, seen_from, waiting_words
from sessions.enums import EventKind
from sessions.models import Appointment, CareEvent, EpisodeOfCare, IntegrationSession
from sessions.windows import HOURS, Hours, Window, reminded

HIDDEN = "The clinic’s answer is opened by a release"
AGREES = "Agree to being referred; then finish and send"
READ = "Read it"
LOG = "I held this session today"
S = ReferralState
STAGES = (
    Stage.REFERRAL,
    Stage.CARE,
    Stage.SCREENING,
    Stage.PREPARATION,
    Stage.TREATMENT,
    Stage.ENDED,
)
# group: what it means
MEANING = {
    Group.YOU: "closing windows first, then the longest wait",
    Group.CLOSING: "within 24 hours, and no session is known",
    Group.CLINIC: "nothing else is needed from you",
    Group.CLIENT: "as far as your practice knows",
    Group.NOBODY: "no step is due now",
}


@dataclass
class Known:
    """All that the reader may know of one case."""

    referral: Referral
    own: bool  # the reader's practice sent it
    state: ReferralState
    reply_days: int = USUAL_REPLY_DAYS  # working days until the clinic answers
    answers: bool = False  # the reader answers for it at the practice
    contributes: bool = False  # the reader may log sessions
    promised: list[date] = field(default_factory=list)  # days by which the clinic said it answers
    events: list[CareEvent] = field(default_factory=list)
    sessions: list[IntegrationSession] = field(default_factory=list)
    episode: EpisodeOfCare | None = None  # only where its dates are open
    whole: frozenset[str] = frozenset()  # categories of which nothing is withheld
    booked: list[Appointment] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)  # that wait for the reader's practice
    hours: Hours = field(default_factory=lambda: HOURS)  # of the clinic's windows


class Move(NamedTuple):
    """Whose move it is, what they do, by which link, and since when it waits."""

    group: Group
    who: str
    todo: str
    action: str
    since: datetime


def row_of(known: Known, reader: User, now: datetime) -> Row:
    """The row of one case at the moment `now`."""
    windows = _windows(known, now)
    move = _move(known, reader, windows, now)
    stage, note, step = _stage(known)
    pk = known.referral.pk
    home = "referrals:detail" if known.own else "care:timeline"
    if known.own and known.state == S.DRAFT:
        home = "referrals:edit" if known.answers else "referrals:detail"
    thread = ("referrals:messages", pk)
    waits = message_words(known.messages) if known.messages and move.action != READ else ""
    return Row(
        pk=pk,
        client=known.referral.client,
        group=move.group,
        stage=STAGES[step],
        stage_words=stage,
        note=note,
        step=step,
        window=seen_from(windows[0], now) if windows else None,
        who=move.who,
        todo=move.todo,
        **waiting_words(move.group, move.since, now),
        url=(home, pk),
        action=move.action,
        action_url=(_URLS.get(move.action, home), pk),
        urgent=move.action == READ and known.messages[0].urgent,
        mine=known.referral.referrer_id == reader.pk,
        also=waits,
        also_url=thread if waits else None,
        unbooked=_unbooked(known, reader, windows, now),
    )


_URLS = {
    LOG: "care:log_session",
    "Answer": "referrals:answer",
    "Finish": "referrals:resume",
    READ: "referrals:messages",
}


def _unbooked(
    known: Known, reader: User, windows: Sequence[Window], now: datetime
) -> Unbooked | None:
    """Of what they hold themselves."""
    episode = known.episode
    if episode is None or episode.ended_at or not known.contributes:
        return None
    return unbooked(
        windows, known.booked, now, reader=reader, owner_of=lambda window: owner_of(episode, window)
    )


def _windows(known: Known, now: datetime) -> list[Window]:
    """The windows that are open or yet to come and that no session serves: open first."""
    held = [s.occurred_at for s in known.sessions if s.was_held]
    found = [
        (window, held)
        for event in known.events
        if event.kind in (EventKind.DOSE_GIVEN, EventKind.DOSE_PLANNED)
        for window in reminded(
            event.dose_number or 0,
            event.occurred_at,
            given=event.kind == EventKind.DOSE_GIVEN,
            hours=known.hours,
        )
    ]
    return ahead(found, now)


def _move(known: Known, reader: User, windows: Sequence[Window], now: datetime) -> Move:
    """A message that waits is the reader's move where they have no other, or where it is urgent."""
    step = _step(known, reader, windows, now)
    if known.messages and (known.messages[0].urgent or step.group != Group.YOU):
        words, since = f"{message_words(known.messages)} for you", known.messages[0].occurred_at
        return Move(Group.YOU, "You", words, READ, since)
    return step


def _step(known: Known, reader: User, windows: Sequence[Window], now: datetime) -> Move:
    open_now = [w for w in windows if w.contains(now)]
    if open_now and known.episode and known.own:
        owner = owner_of(known.episode, open_now[0])
        since = open_now[0].opens_at
        if owner == reader and known.contributes:
            return Move(Group.YOU, "You", session_words(len(open_now)), LOG, since)
        if held_by_clinic(owner, known.episode, known.referral):
            return Move(Group.CLINIC, "Clinic", f"{owner} holds the session", "View", since)
        return Move(Group.NOBODY, str(owner), f"{owner} holds the session", "View", since)
    if known.own:
        return _referral_move(known, now)
    return Move(Group.NOBODY, "Nobody", "For you to read", "View", now)


def message_words(messages: Sequence[Message]) -> str:
    """In words; the urgent ones stand first."""
    if len(messages) > 1:
        return f"{len(messages)} messages wait"
    return "An urgent message waits" if messages[0].urgent else "A message waits"


def held_by_clinic(owner: User, episode: EpisodeOfCare, referral: Referral) -> bool:
    """Whether the clinic holds it. An episode is owned by the referrer or by staff; a single
    session may be held by others of the practice."""
    if owner in (episode.preparation_owner, episode.integration_owner):
        return owner.pk != referral.referrer_id
    return owner.membership is not None and owner.membership.organization_id == referral.clinic_id


def session_words(count: int) -> str:
    serves = "" if count == 1 else f"; it serves {_NUMBERS.get(count, count)} windows"
    return f"Hold or log one session{serves}"


_NUMBERS = {2: "two", 3: "three", 4: "four"}


def _referral_move(known: Known, now: datetime) -> Move:
    """Whose move it is by the state of the referral, as far as the practice may know it."""
    referral, state = known.referral, known.state
    since = referral.submitted_at or referral.created_at
    if state == S.DRAFT:
        return _draft_move(known, since)
    if state == S.INFORMATION_ASKED:
        if known.answers:
            return Move(Group.YOU, "You", "Answer the clinic", "Answer", referral.state_since)
        return Move(
            Group.NOBODY, str(referral.referrer), f"{referral.referrer} answers", "View", since
        )
    if step := _clinical_step(known):
        return Move(Group.CLINIC, "Clinic", step, "View", referral.state_since)
    if known.events:
        return Move(Group.NOBODY, "Nobody", _next_words(known, now), "View", since)
    promised = max(known.promised, default=date.min) >= timezone.localdate(now)
    hidden = C.READINESS not in known.whole and not promised
    if state == S.RECEIVED and hidden:  # answered or not, it reads the same
        return Move(Group.CLINIC, "Clinic", HIDDEN, "View", since)
    if state in (S.REQUESTED, S.RECEIVED):
        due = reply_expected(since, known.reply_days, known.promised)
        return Move(Group.CLINIC, "Clinic", _reply_words(due, now), "View", since)
    if state == S.ACCEPTED:
        return Move(
            Group.CLINIC, "Clinic", "Begin the episode of care", "View", referral.state_since
        )
    return Move(Group.NOBODY, "Nobody", "No step is due", "View", since)


def _draft_move(known: Known, since: datetime) -> Move:
    referrer = str(known.referral.referrer)
    if not known.answers:
        return Move(Group.NOBODY, referrer, f"{referrer} finishes it", "View", since)
    if lacks_agreement(known.referral):
        return Move(Group.CLIENT, "Client", AGREES, "Finish", since)
    return Move(Group.YOU, "You", "Finish and send", "Finish", since)


def lacks_agreement(referral: Referral) -> bool:
    """Whether all that a draft still wants is that the client agrees: the practice's own words."""
    return bool(referral.reason and referral.collaboration and not referral.agreement)


def _reply_words(due: date, now: datetime) -> str:
    if due < timezone.localdate(now):
        return f"Reply, was expected by {day(due)}: call them"
    return f"Reply, expected by {day(due)}"


def _clinical_step(known: Known) -> str:
    """What the clinic does before the first dose, told only where nothing of it is withheld."""
    if known.state != S.IN_PROGRESS or not {C.READINESS, C.SCHEDULE} <= known.whole:
        return ""
    kinds = {event.kind for event in known.events}
    if EventKind.CLEARANCE not in kinds:
        return "Give the clearance result"
    doses = {EventKind.DOSE_GIVEN, EventKind.DOSE_PLANNED}
    return "" if kinds & doses else "Plan the first dose"


def _next_words(known: Known, now: datetime) -> str:
    planned = [e.occurred_at for e in known.events if e.kind == EventKind.DOSE_PLANNED]
    ahead = [at for at in planned if at > now]
    return f"Next dose {day(min(ahead))}" if ahead else "No step is due"


def _stage(known: Known) -> tuple[str, str, int]:
    """(stage, note, step along the journey), from the latest that is known."""
    given = [e for e in known.events if e.kind == EventKind.DOSE_GIVEN]
    planned = [e for e in known.events if e.kind == EventKind.DOSE_PLANNED]
    if known.own and known.state == S.COMPLETED:
        return "Treatment ended", day(known.referral.state_since), 5
    if given:
        last = max(given, key=lambda e: e.occurred_at)
        of = f" of {known.episode.expected_doses}" if known.episode and known.own else ""
        return "Dosing and integration", f"Dose {last.dose_number}{of} given", 4
    if planned:
        first = min(planned, key=lambda e: e.occurred_at)
        return "Preparation", f"Dose {first.dose_number} on {day(first.occurred_at)}", 3
    cleared = next((e for e in known.events if e.kind == EventKind.CLEARANCE), None)
    if cleared:
        return "Screening", cleared.text, 2
    if not known.own:
        return "In care", "", 1
    sent = known.referral.submitted_at
    if known.state == S.IN_PROGRESS:
        return "Screening", "The clinic has begun", 2
    if known.state == S.DRAFT or sent is None:
        return "Referral", "Draft" if known.state == S.DRAFT else known.state.label, 0
    if known.state == S.REQUESTED:
        return "Referral", f"Sent {day(sent)}", 0
    return "Referral", f"{known.state.label}, sent {day(sent)}", 0
