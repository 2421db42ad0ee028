"""What the coordination plan in force decides: who holds which session, and how soon an emergency
notice is acknowledged. And, pure, where each version stands, by what its reader was shown.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from people.models import Membership, User
from referrals.models import Referral
from sessions.enums.coordination import AnswerKind, Duty, PlanState, Side
from sessions.models import CoordinationAnswer, CoordinationPlan, EpisodeOfCare, PlanDuty
from sessions.models.coordination import USUAL_MINUTES

OwnersByDose = dict[tuple[int, str], User]


def in_force(episodes: Collection[EpisodeOfCare]) -> dict[int, int]:
    """By episode, the id of the plan in force: of those that both sides agreed to, the one that
    was agreed last. One query."""
    agreed = CoordinationAnswer.unscoped.filter(
        plan__episode__in=[episode.pk for episode in episodes], kind=AnswerKind.AGREED
    )
    sides: dict[int, set[str]] = {}
    found: dict[int, int] = {}
    for episode, plan, side in agreed.order_by("pk").values_list("plan__episode", "plan", "side"):
        sides.setdefault(plan, set()).add(side)
        if len(sides[plan]) == len(Side):
            found[episode] = plan
    return found


def minutes_to_acknowledge(referral: Referral) -> int:
    """Within how many minutes an emergency notice is acknowledged: 5 to 240, as the plan in force
    says; 30 where none is, and before an episode of care has begun."""
    episode = EpisodeOfCare.objects.filter(referral=referral).first()
    plan = in_force([episode]).get(episode.pk) if episode else None
    if plan is None:
        return USUAL_MINUTES
    return CoordinationPlan.unscoped.get(pk=plan).minutes_to_acknowledge


def owner_of_session(episode: EpisodeOfCare, duty: Duty, dose_number: int) -> User:
    """Who holds this session: as the plan in force divides it where the work is shared; otherwise
    whoever owns the duty in the whole episode."""
    if named := episode.dose_owners.get((dose_number, duty)):
        return named
    if duty == Duty.PREPARATION:
        return episode.preparation_owner
    return episode.integration_owner


def owners_by_dose(episodes: Collection[EpisodeOfCare]) -> dict[int, OwnersByDose]:
    """By episode, who holds which session by the plan in force. Nobody in a split that is not
    shared, and nobody who has left: then the owner of the episode counts. At most three queries,
    and none where nothing is shared."""
    found: dict[int, OwnersByDose] = {episode.pk: {} for episode in episodes}
    shared = [episode for episode in episodes if episode.is_shared]
    plans = in_force(shared) if shared else {}
    if not plans:
        return found
    duties = list(PlanDuty.objects.filter(plan__in=plans.values()))
    people = _people({duty.owner_id for duty in duties})
    for episode, plan in plans.items():
        for duty in duties:
            if duty.plan_id == plan and duty.owner_id in people:
                found[episode][duty.dose_number, duty.duty] = people[duty.owner_id]
    return found


def _people(ids: Collection[int]) -> dict[int, User]:
    """Those of them who still work somewhere, each with their membership."""
    rows = Membership.objects.filter(user__in=ids, ended_at=None)
    found = {}
    for membership in rows.select_related("user", "organization"):
        membership.user.membership = membership
        found[membership.user_id] = membership.user
    return found


# ------------------------------------------------------------------ where a version stands


@dataclass(frozen=True)
class Version:
    """One version as its reader may know it. `waits_for`: the side whose move it is."""

    plan: CoordinationPlan
    answers: tuple[CoordinationAnswer, ...]
    state: PlanState
    waits_for: Side | None
    agreed_at: datetime | None

    @property
    def agreements(self) -> list[CoordinationAnswer]:
        return [answer for answer in self.answers if answer.kind == AnswerKind.AGREED]


def standing(
    plans: Iterable[CoordinationPlan], answers: Sequence[CoordinationAnswer]
) -> list[Version]:
    """Where each of these versions stands, the newest first."""
    ordered = sorted(plans, key=lambda plan: -plan.version)
    by_plan = {
        plan.pk: tuple(sorted((a for a in answers if a.plan_id == plan.pk), key=lambda a: a.pk))
        for plan in ordered
    }
    whole = {pk: _agreed(found) for pk, found in by_plan.items()}
    last = max((each.pk for each in whole.values() if each), default=0)
    versions = []
    for place, plan in enumerate(ordered):
        state, waits_for = _stands(by_plan[plan.pk], whole[plan.pk], last, is_newest=place == 0)
        done = whole[plan.pk]
        agreed_at = done.occurred_at if done else None
        versions.append(Version(plan, by_plan[plan.pk], state, waits_for, agreed_at))
    return versions


def _agreed(answers: Iterable[CoordinationAnswer]) -> CoordinationAnswer | None:
    """The answer by which both sides had agreed."""
    agreed = [answer for answer in answers if answer.kind == AnswerKind.AGREED]
    return agreed[-1] if {answer.side for answer in agreed} == set(Side) else None


def _stands(
    answers: Iterable[CoordinationAnswer],
    agreed: CoordinationAnswer | None,
    last: int,
    *,
    is_newest: bool,
) -> tuple[PlanState, Side | None]:
    if any(answer.kind == AnswerKind.WITHDRAWN for answer in answers):
        return PlanState.WITHDRAWN, None
    if agreed:
        return (PlanState.IN_FORCE if agreed.pk == last else PlanState.REPLACED), None
    if not is_newest:
        return PlanState.REPLACED, None
    mine = {answer.side for answer in answers}
    return PlanState.WAITING, next((side for side in Side if side not in mine), None)


def version_in_force(versions: Iterable[Version]) -> Version | None:
    return next((each for each in versions if each.state == PlanState.IN_FORCE), None)


# ------------------------------------------------------------------ what a version says


@dataclass(frozen=True)
class Line:
    """One thing that a version says; `before` where the one before it said something else."""

    label: str
    text: str
    before: str | None = None


LABELS = {
    "collaboration_words": "Who does what",
    "preparation_owner": "Prepares",
    "integration_owner": "Integrates",
    "duties": "Session by session",
    "talk_often": "How often we talk",
    "talk_how": "How we talk",
    "safety_protocol": "When something is not safe",
    "escalation": "Who calls whom",
    "after_hours": "After hours",
    "hospitalisation": "When to go to hospital",
    "minutes": "An emergency notice is acknowledged",
}


def lines(plan: CoordinationPlan, before: CoordinationPlan | None = None) -> list[Line]:
    """What `plan` says, in the order in which it is read, and what differs from `before`."""
    said, earlier = _said(plan), _said(before) if before else {}
    return [
        Line(
            label,
            said[name],
            earlier[name] if before and earlier[name] != said[name] else None,
        )
        for name, label in LABELS.items()
        if said[name] or (before and earlier[name])
    ]


def _said(plan: CoordinationPlan) -> dict[str, str]:
    duties = [
        f"Dose {each.dose_number}, {each.get_duty_display().lower()}: {each.owner}"
        for each in plan.duties.all()
    ]
    reached = f"{plan.after_hours_who}, {plan.after_hours_phone}"
    return {
        "collaboration_words": plan.collaboration_words,
        "preparation_owner": str(plan.preparation_owner),
        "integration_owner": str(plan.integration_owner),
        "duties": "\n".join(duties),
        "talk_often": plan.get_talk_often_display(),
        "talk_how": plan.get_talk_how_display(),
        "safety_protocol": plan.safety_protocol,
        "escalation": plan.escalation,
        "after_hours": f"{reached}\n{plan.after_hours_when}",
        "hospitalisation": plan.hospitalisation,
        "minutes": f"Within {plan.minutes_to_acknowledge} minutes",
    }
