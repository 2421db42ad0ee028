"""What there is to do with one case of the clinic, and by whom. Pure functions over recorded facts.

What is missing, what keeps a dose back and which window is open is said where it belongs
(`sessions/progress.py`, `gates.py`, `windows.py`, `referrals/waiting.py`); here it is only told
apart by who has the move.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from people.formats import clock, day, moment
from people.models import User
from people.permissions import allowed
from referrals.enums import Mover, ReferralState, Verb
from referrals.permissions import user_can_do
from reminders.actions.reminding import owner_of
from reminders.worklists.case import Case, Desk, Rank, Step
from reminders.worklists.enums import Group
from reminders.worklists.practice import held_by_clinic, message_words, session_words
from sessions.facts import Facts
from sessions.models import DosingSession, IntegrationRecord
from sessions.permissions import (
    TASK_CHECKS,
    check_user_can_prescribe_in,
    check_user_can_treat,
    check_user_can_work_on,
    check_user_can_write_note,
)
from sessions.progress import ATTENTION, Task, tasks
from sessions.windows import Window, WindowKind

SOON = timedelta(days=7)  # a dose that is nearer has to have its order and its escort
# Before a dose one comes after the other: only the first that is missing can be done.
LADDER = ("intake", "screening", "complete_screening", "clearance", "plan_dose")
CHECKS = {**TASK_CHECKS, "consults": check_user_can_treat, "note": check_user_can_write_note}
CHECKS["order"] = check_user_can_prescribe_in
WHO = {
    check_user_can_prescribe_in: "Prescriber",
    check_user_can_treat: "Treating staff",
    check_user_can_write_note: "Prescriber or KAP therapist",
    check_user_can_work_on: "Clinical staff",
}


def steps_of(case: Case, reader: User, now: datetime) -> list[Step]:
    """Everything that waits, this reader's own first, then their colleagues', the client's and the
    practice's."""
    groups, desk = list(Group), Desk(case, reader, now)
    about_care = _care(desk, case.facts) if case.facts else _referral(desk)
    found = [*_messages(desk), *about_care, *_papers(desk)]
    return sorted(found, key=lambda s: (groups.index(s.group), s.rank, s.due or s.since, s.since))


def _messages(desk: Desk) -> Iterator[Step]:
    if found := desk.case.messages:
        rank = Rank.URGENT if found[0].urgent else Rank.MESSAGE
        at = ("referrals:messages", desk.case.referral.pk)
        words, since = message_words(found), found[0].occurred_at
        yield desk.ours(rank, True, "", words, "Read it", at, since=since)


def _papers(desk: Desk) -> Iterator[Step]:
    """What was put before the client and not answered yet."""
    case = desk.case
    for todo, since in (
        ("Sign or refuse the release of information", case.release_sent),
        ("Answer the questionnaires", case.questions_sent),
    ):
        if since:
            yield desk.theirs(Rank.PAPERS, Group.CLIENT, "Client", todo, since=since)


# ------------------------------------------------------------------ before an episode is opened
def _referral(desk: Desk) -> Iterator[Step]:
    referral, waits = desk.case.referral, desk.case.waiting
    when = {"since": waits.since, "late": waits.overdue}
    if waits.mover == Mover.THERAPIST:
        todo, who = "Answer the clinic’s question", str(referral.referrer)
        yield desk.theirs(Rank.REFERRAL, Group.PRACTICE, who, todo, **when)
    elif waits.mover == Mover.CLINIC and referral.state == ReferralState.ACCEPTED:
        mine, at = user_can_do(desk.reader, referral, Verb.BEGIN), ("care:open", referral.pk)
        todo = "Open the episode of care"
        yield desk.ours(Rank.REFERRAL, mine, "Prescriber", todo, "Open", at, **when)
    elif waits.mover == Mover.CLINIC:
        mine, at = (
            user_can_do(desk.reader, referral, Verb.ACCEPT),
            ("referrals:triage", referral.pk),
        )
        todo = f"Answer the referral, due {day(waits.due)}"
        if desk.case.unheard:
            todo = "Nobody there may read the question: it needs a release, or a call"
        who = "Coordinator or prescriber"
        yield desk.ours(Rank.REFERRAL, mine, who, todo, "Triage", at, **when)


# ------------------------------------------------------------------ in an episode
def _care(desk: Desk, facts: Facts) -> Iterator[Step]:
    for alert in desk.case.alerts:
        at, todo = ("care:alert", alert.pk), f"Answer the alert: {alert.get_kind_display()}"
        yield _by(desk, check_user_can_treat, Rank.ALERT, todo, "Answer", at, alert.raised_at)
    for dose in facts.given:
        if dose.given_at and dose.discharged_at is None:
            todo = f"In session since {_when(dose.given_at, desk.now)}; record when they leave"
            at = ("care:dosing", dose.pk)
            yield _by(desk, check_user_can_treat, Rank.IN_SESSION, todo, "Open", at, dose.given_at)
    yield from _tasks(desk, facts)
    if not facts.episode.ended_at:
        yield from _consent(desk, facts)
        yield from _next_dose(desk, facts)
    yield from _windows(desk, facts)


def _by(desk, check, rank, todo, action, at, since, due=None) -> Step:
    """A step of whoever passes `check`."""
    assert desk.case.facts
    mine = allowed(check, desk.reader, desk.case.facts.episode)
    return desk.ours(rank, mine, WHO[check], todo, action, at, since=since, due=due)


def _when(at: datetime, now: datetime) -> str:
    return clock(at) if timezone.localdate(at) == timezone.localdate(now) else moment(at)


def _tasks(desk: Desk, facts: Facts) -> Iterator[Step]:
    """What is missing, of the ladder only its lowest rung."""
    rung = next((t.verb for t in tasks(facts, desk.now) if t.verb in LADDER and _is_open(t)), "")
    for task in tasks(facts, desk.now):
        if not _is_open(task) or task.verb == "consent" or task.verb in set(LADDER) - {rung}:
            continue
        on = task.on or task.dosing or facts.episode
        at, todo = (f"care:{task.verb}", on.pk), _todo(task)
        after = task.verb in ("follow_up", "delayed_check", "note")
        rank = Rank.AFTER_DOSE if after else Rank.BEFORE_DOSE
        since = _since(task, facts)
        if isinstance(task.on, IntegrationRecord):
            mine, who = task.on.follow_up_by_id == desk.reader.pk, str(task.on.follow_up_by)
            yield desk.ours(rank, mine, who, todo, task.label, at, since=since)
        else:
            yield _by(desk, CHECKS[task.verb], rank, todo, task.label, at, since)


def _is_open(task: Task) -> bool:
    return task.state == ATTENTION


def _todo(task: Task) -> str:
    return f"{task.name}: {task.text[0].lower()}{task.text[1:]}"


def _since(task: Task, facts: Facts) -> datetime:
    """When it became possible to do: told from what was recorded before it."""
    opened = facts.episode.opened_at
    if task.dosing and task.dosing.given_at:
        return task.dosing.given_at
    if isinstance(task.on, IntegrationRecord):
        return task.on.recorded_at
    before = {
        "screening": facts.intake,
        "complete_screening": facts.screening,
        "clearance": facts.clearance or facts.screening,
        "consults": min(facts.unanswered, key=lambda row: row.recorded_at, default=None),
    }
    if task.verb == "plan_dose":
        times = [dose.given_at for dose in facts.given]
        times += [facts.clearance.recorded_at] if facts.clearance else []
        return max(filter(None, times), default=opened)
    row = before.get(task.verb)
    return row.recorded_at if row else opened


def _consent(desk: Desk, facts: Facts) -> Iterator[Step]:
    """The clinic prepares it and checks a paper; in between it is the client's to answer."""
    case, episode = desk.case, facts.episode
    held = facts.consent.consent
    if held and not case.consent_lost:
        return
    planned = facts.planned[0].planned_at if facts.planned else None
    due = planned if planned and planned > desk.now else None
    if case.paper:
        mine = case.paper.transcribed_by_id != desk.reader.pk
        todo, at = "Verify the signed paper of the consent", ("care:consent_verify", episode.pk)
        since = case.paper.transcribed_at
        who = "A second person"
        yield desk.ours(Rank.BEFORE_DOSE, mine, who, todo, "Verify", at, since=since, due=due)
    elif case.consent_asked:
        todo, since = "Sign or refuse the consent to treatment", case.consent_asked.created_at
        yield desk.theirs(Rank.BEFORE_DOSE, Group.CLIENT, "Client", todo, since=since, due=due)
    else:
        words = case.consent_lost or facts.consent.in_short.lower()
        todo, at = f"Prepare the consent to treatment: {words}", ("care:consent", episode.pk)
        check, since = check_user_can_work_on, episode.opened_at
        yield _by(desk, check, Rank.BEFORE_DOSE, todo, "Prepare", at, since, due)


def _next_dose(desk: Desk, facts: Facts) -> Iterator[Step]:
    """What keeps it back, or that its day went by."""
    if not facts.planned:
        return
    dose = facts.planned[0]
    at = ("care:dosing", dose.pk)
    if timezone.localdate(dose.planned_at) < timezone.localdate(desk.now):
        todo = f"Dose {dose.number} was planned for {moment(dose.planned_at)}: give, move or cancel"
        check, since = check_user_can_prescribe_in, dose.planned_at
        yield _by(desk, check, Rank.BEFORE_DOSE, todo, "Open", at, since)
        return
    asked = {task.verb for task in tasks(facts, desk.now) if _is_open(task)} | {"consent"}
    for lack in sorted(desk.case.blocked, key=lambda lack: lack.verb != "order"):
        if lack.verb not in asked:
            yield _lacking(
                desk, dose, lack.verb, f"{lack.label} for dose {dose.number}: {lack.text}"
            )


def _lacking(desk: Desk, dose: DosingSession, verb: str, todo: str) -> Step:
    assert desk.case.facts
    on = desk.case.facts.episode if verb == "clearance" else dose
    # When it was planned is not kept: when it came near, and not before the last dose.
    last = desk.case.facts.given[-1].given_at if desk.case.facts.given else None
    since = max(dose.planned_at - SOON, last or desk.case.facts.episode.opened_at)
    action = {"order": "Order", "clearance": "Record clearance"}.get(verb, "Name escort")
    at = (f"care:{verb}", on.pk)
    return _by(desk, CHECKS[verb], Rank.BEFORE_DOSE, todo, action, at, since, dose.planned_at)


def _windows(desk: Desk, facts: Facts) -> Iterator[Step]:
    """One session for each person who holds one, and how many open windows it serves."""
    episode, referral = facts.episode, desk.case.referral
    by_owner: dict[User, list[Window]] = defaultdict(list)
    for window in desk.case.windows:
        if window.contains(desk.now):
            by_owner[owner_of(episode, window)].append(window)
    for owner, windows in by_owner.items():
        first = windows[0]
        when = {"since": first.opens_at, "due": first.closes_at}
        if not held_by_clinic(owner, episode, referral):
            todo = "Holds the session in its window"
            yield desk.theirs(Rank.WINDOW, Group.PRACTICE, str(owner), todo, **when)
            continue
        before = first.kind == WindowKind.PREPARATION
        at = ("care:preparation", episode.pk) if before else ("care:log_session", referral.pk)
        todo, action = session_words(len(windows)), "Record" if before else "Log it"
        mine = owner == desk.reader
        yield desk.ours(Rank.WINDOW, mine, str(owner), todo, action, at, **when)
