"""The rows of the clinic's staff: each referral and episode of theirs, and whose move it is. Pure.

The clinic's own record is read by role. Of what a practice does it says no more than `at_clinic.py`
was given by the one door.
"""

from datetime import datetime

from people.formats import day, moment
from people.models import User
from referrals.enums import ReferralState
from reminders.actions.reminding import owner_of
from reminders.worklists.case import Case, Desk, Rank, Step
from reminders.worklists.closing import Unbooked, unbooked
from reminders.worklists.enums import Group, Stage
from reminders.worklists.practice import held_by_clinic
from reminders.worklists.rows import Row, seen_from, waiting_words
from reminders.worklists.steps import steps_of
from sessions.facts import Facts
from sessions.stages import CareStage, stage_in

STAGES = (
    Stage.REFERRAL,
    Stage.INTAKE,
    Stage.SCREENING,
    Stage.PREPARATION,
    Stage.TREATMENT,
    Stage.ENDED,
)
# group: what it means
MEANING = {
    Group.YOU: "your role can do the next step, or it is yours",
    Group.CLOSING: "within 24 hours, and no session is known",
    Group.CLINIC: "a colleague has the next step",
    Group.CLIENT: "a signature or an answer",
    Group.PRACTICE: "their therapist has the next step",
    Group.NOBODY: "no step is due now",
    Group.ENDED: "treatment ended, or the referral was closed",
}
OVER = (
    ReferralState.DECLINED,
    ReferralState.CANCELLED,
    ReferralState.LAPSED,
    ReferralState.COMPLETED,
)
_STEP = {
    CareStage.INTAKE: 1,
    CareStage.SCREENING: 2,
    CareStage.PREPARATION: 3,
    CareStage.DOSING: 4,
    CareStage.INTEGRATION: 4,
    CareStage.DISCHARGED: 5,
}


def row_of(case: Case, reader: User, now: datetime) -> Row:
    """The row of one case for one of the staff at the moment `now`."""
    steps = steps_of(case, reader, now)
    move = steps[0] if steps else _no_step(case, reader, now)
    stage, note, step = _stage(case)
    planned = [dose for dose in (case.facts.planned if case.facts else []) if dose.planned_at > now]
    words = waiting_words(move.group, move.since, now)
    long_wait = move.late or (words["long_wait"] and move.due is None)
    return Row(
        pk=case.referral.pk,
        client=case.referral.client,
        group=move.group,
        stage=STAGES[step],
        stage_words=stage,
        note=note,
        step=step,
        window=seen_from(case.windows[0], now) if case.windows else None,
        dose=f"Dose {planned[0].number}, {moment(planned[0].planned_at)}" if planned else "",
        who=move.who,
        todo=move.todo,
        **(words | {"long_wait": long_wait}),
        due=move.due,
        urgent=move.rank <= Rank.IN_SESSION,
        url=Desk(case, reader, now).home,
        action=move.action,
        action_url=move.at,
        mine=_is_mine(case.facts, reader),
        also=_also(steps[1:]),
        unbooked=_unbooked(case, reader, now),
    )


def _unbooked(case: Case, reader: User, now: datetime) -> Unbooked | None:
    if case.facts is None or case.facts.episode.ended_at:
        return None
    episode, referral = case.facts.episode, case.referral
    return unbooked(
        case.windows,
        case.booked,
        now,
        reader=reader,
        owner_of=lambda window: owner_of(episode, window),
        knows=lambda owner: case.knows_practice or held_by_clinic(owner, episode, referral),
    )


def _no_step(case: Case, reader: User, now: datetime) -> Step:
    over = case.referral.state in OVER
    todo = "Nothing is left to do" if over else "No step is due"
    desk, group = Desk(case, reader, now), Group.ENDED if over else Group.NOBODY
    return desk.theirs(Rank.PAPERS, group, "Nobody", todo, since=case.referral.state_since)


def _also(steps: list[Step]) -> str:
    """What else waits: the next of it, and how much there is besides."""
    if not steps:
        return ""
    first, more = steps[0], len(steps) - 1
    words = f"Also: {first.todo} ({first.who.lower() if first.who == 'You' else first.who})"
    return words + (f", and {more} more" if more else "")


def _is_mine(facts: Facts | None, reader: User) -> bool:
    """Whose case it is: who opened it, prepares or integrates, plans or gives a dose of it, or has
    a step of it by name."""
    if facts is None:
        return False
    episode = facts.episode
    people: set[int | None] = {
        episode.opened_by_id,
        episode.preparation_owner_id,
        episode.integration_owner_id,
    }
    people |= {owner.pk for owner in episode.dose_owners.values()}
    people |= {person for dose in facts.doses for person in (dose.planned_by_id, dose.given_by_id)}
    people |= {row.follow_up_by_id for row in facts.open_follow_ups}
    return reader.pk in people


def _stage(case: Case) -> tuple[str, str, int]:
    """(stage, note, step along the journey)."""
    referral, facts = case.referral, case.facts
    if facts is None:
        state = "New" if referral.state == ReferralState.REQUESTED else referral.get_state_display()
        return "Referral", f"{state}, sent {day(referral.submitted_at)}", 0
    stage, given = stage_in(facts), len(facts.given)
    note = f"Dose {given} of {facts.episode.expected_doses} given" if given else ""
    if facts.episode.ended_at:
        note = day(facts.episode.ended_at)
    elif not given and facts.planned:
        note = f"Dose {facts.planned[0].number} on {day(facts.planned[0].planned_at)}"
    return stage.label, note, _STEP[stage]
