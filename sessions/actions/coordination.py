"""The coordination plan: proposed by one side, agreed by both, in force until the next one is."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.access import Access, Reader
from consent.clock import database_now
from consent.enums import Category
from people.concurrency import ChangedMeanwhile, row_of_form
from people.models import User
from sessions.actions.care import OWNERS, check_owners, follow_agreement, session_owners
from sessions.crossing import answers_here, clinic_reads, open_both_ways
from sessions.enums.coordination import AnswerKind, Duty, Side, SpokenHow
from sessions.models import CoordinationAnswer, CoordinationPlan, EpisodeOfCare, PlanDuty
from sessions.permissions import check_user_can_coordinate
from sessions.signals import coordination_agreed, coordination_proposed

CONTENT = (
    "collaboration",
    *OWNERS,
    "talk_how",
    "talk_often",
    "safety_protocol",
    "escalation",
    "hospitalisation",
    "after_hours_who",
    "after_hours_phone",
    "after_hours_when",
    "minutes_to_acknowledge",
    "remark",
)
SHUT = (
    "No release in force lets you and the clinic read one another’s plans. Talk by phone: the "
    "clinic records here what was agreed."
)
K = AnswerKind


class Session(NamedTuple):
    """One session and who holds it, for `propose_plan`."""

    dose_number: int
    duty: Duty
    owner: User


@transaction.atomic
def propose_plan(
    *,
    by: User,
    episode: EpisodeOfCare,
    form_key: UUID,
    content: Mapping[str, Any],
    sessions: Iterable[Session] = (),
    seen: int | None = None,
) -> CoordinationPlan:
    """A new version; proposing it agrees to it for one's own side.

    `content` holds CONTENT; `sessions` counts in the shared model alone. `seen` is the id of the
    newest version that was read (None: there was none): it becomes the one this starts from.
    Raises ChangedMeanwhile where a later one is there to be read, ValidationError for an owner
    who does not fit.
    """
    side = check_user_can_coordinate(by, episode)
    episode = _locked(episode)
    if existing := row_of_form(CoordinationPlan.unscoped, form_key, episode_id=episode.pk):
        return existing
    if side == Side.PRACTICE and not open_both_ways(by, episode.referral, Category.INTEGRATION):
        raise PermissionDenied(SHUT)
    if episode.ended_at:
        raise ValidationError("Treatment has ended. There is nothing left to coordinate.")
    newest = _newest_known(by, episode)
    if (newest.pk if newest else None) != seen:
        raise ChangedMeanwhile(newest)
    check_owners(episode.referral, content)
    shared = list(sessions) if content["collaboration"] == "shared" else []
    _check_sessions(episode, shared)
    plan = _write(by, episode, form_key, content, newest)
    PlanDuty.objects.bulk_create(
        PlanDuty(plan=plan, dose_number=each.dose_number, duty=each.duty, owner=each.owner)
        for each in shared
    )
    record("coordination.proposed", by=by, on=plan, client_id=episode.client_id)
    _answer(plan, by=by, side=side, kind=K.AGREED)
    coordination_proposed.send(CoordinationPlan, plan=plan, by=by)
    return plan


@transaction.atomic
def agree_to_plan(*, by: User, plan: CoordinationPlan) -> CoordinationPlan:
    """Agree for one's own side; doing it twice is once. With the second side it is in force, and
    its owners drive windows and reminders from then on."""
    side = check_user_can_coordinate(by, plan.episode)
    episode = _locked(plan.episode)
    if side == Side.PRACTICE and not clinic_reads(episode.referral, Category.INTEGRATION):
        raise PermissionDenied(SHUT)
    _check_is_read(by, plan)
    if _has(plan, side, K.AGREED):
        return plan
    _check_open(by, episode, plan)
    _answer(plan, by=by, side=side, kind=K.AGREED)
    _come_into_force(by, episode, plan)
    return plan


@transaction.atomic
def record_spoken_agreement(
    *, by: User, plan: CoordinationPlan, said_by: str, said_how: str, said_at: datetime
) -> CoordinationPlan:
    """The practice agreed by phone or on paper: who said so, and when. The clinic records it where
    no release lets the practice answer here; recording it twice is once."""
    side = check_user_can_coordinate(by, plan.episode)
    if side != Side.CLINIC or plan.author_organization_id != plan.episode.clinic_id:
        raise PermissionDenied("The clinic records the answer to its own proposal.")
    episode = _locked(plan.episode)
    if _has(plan, Side.PRACTICE, K.AGREED):
        return plan
    if answers_here(episode.referral):
        raise ValidationError("A release lets the therapist answer here. Ask them to.")
    if said_at > timezone.now():
        raise ValidationError({"said_at": "This is in the future. Enter when it was said."})
    if not said_by.strip():
        raise ValidationError({"said_by": "Say who agreed."})
    _check_open(by, episode, plan)
    said = {"said_by": said_by.strip(), "said_how": SpokenHow(said_how), "said_at": said_at}
    _answer(plan, by=by, side=Side.PRACTICE, kind=K.AGREED, **said)
    _come_into_force(by, episode, plan)
    return plan


@transaction.atomic
def withdraw_plan(*, by: User, plan: CoordinationPlan) -> CoordinationPlan:
    """Take back what one's own side proposed and the other has not agreed to; twice is once."""
    side = check_user_can_coordinate(by, plan.episode)
    assert by.membership
    if plan.author_organization_id != by.membership.organization_id:
        raise PermissionDenied("The side that proposed it withdraws it.")
    _locked(plan.episode)
    if _has(plan, side, K.WITHDRAWN):
        return plan
    if len(_sides(plan)) == len(Side):
        raise ValidationError("Both sides have agreed to it. Propose another one instead.")
    _answer(plan, by=by, side=side, kind=K.WITHDRAWN)
    return plan


def _locked(episode: EpisodeOfCare) -> EpisodeOfCare:
    """The episode as it is now, locked, with nothing remembered of who holds which session."""
    rows = EpisodeOfCare.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("referral__clinic", "clinic").get(pk=episode.pk)


def _newest_known(by: User, episode: EpisodeOfCare) -> CoordinationPlan | None:
    """The newest version that `by` may read: of another nobody learns by what is refused."""
    access = Access.load(Reader.of(by), {episode.client_id}, database_now())
    rows = CoordinationPlan.objects.readable_by(access).filter(episode=episode)
    return rows.order_by("-version").first()


def _check_is_read(by: User, plan: CoordinationPlan) -> None:
    access = Access.load(Reader.of(by), {plan.client_id}, database_now())
    if not access.decide(plan).permitted:
        raise PermissionDenied("No release in force lets you read this plan.")


def _check_open(by: User, episode: EpisodeOfCare, plan: CoordinationPlan) -> None:
    if _has(plan, None, K.WITHDRAWN):
        raise ValidationError("This proposal was withdrawn.")
    newest = _newest_known(by, episode)
    if newest and newest.version > plan.version:
        raise ValidationError("A later version was proposed meanwhile. Read it first.")
    if episode.ended_at:
        raise ValidationError("Treatment has ended. There is nothing left to coordinate.")


def _check_sessions(episode: EpisodeOfCare, sessions: Iterable[Session]) -> None:
    fitting = set(session_owners(episode.referral))
    for each in sessions:
        if each.owner not in fitting:
            raise ValidationError(f"{each.owner} is not among those who hold sessions here.")


def _write(
    by: User,
    episode: EpisodeOfCare,
    form_key: UUID,
    content: Mapping[str, Any],
    newest: CoordinationPlan | None,
) -> CoordinationPlan:
    assert by.membership
    last = CoordinationPlan.unscoped.filter(episode=episode).order_by("-version").first()
    plan = CoordinationPlan(
        form_key=form_key,
        client_id=episode.client_id,
        category=Category.INTEGRATION,
        author_organization_id=by.membership.organization_id,
        author=by,
        episode=episode,
        version=last.version + 1 if last else 1,
        starts_from=newest,
        **{name: content.get(name, "") for name in CONTENT},
    )
    plan.full_clean(exclude=["client", "author_organization", "author", "episode", "starts_from"])
    plan.save()
    return plan


def _answer(
    plan: CoordinationPlan, *, by: User, side: Side, kind: AnswerKind, **said: Any
) -> CoordinationAnswer:
    assert by.membership
    answer = CoordinationAnswer(
        client_id=plan.client_id,
        category=Category.INTEGRATION,
        author_organization_id=by.membership.organization_id,
        author=by,
        plan=plan,
        side=side,
        kind=kind,
        **said,
    )
    answer.full_clean(exclude=["client", "author_organization", "author", "plan"])
    answer.save()
    spoken = {"spoken": True} if said else {}
    record(f"coordination.{kind}", by=by, on=plan, client_id=plan.client_id, side=side, **spoken)
    return answer


def _has(plan: CoordinationPlan, side: Side | None, kind: AnswerKind) -> bool:
    rows = CoordinationAnswer.unscoped.filter(plan=plan, kind=kind)
    return (rows.filter(side=side) if side else rows).exists()


def _sides(plan: CoordinationPlan) -> set[str]:
    rows = CoordinationAnswer.unscoped.filter(plan=plan, kind=K.AGREED)
    return set(rows.values_list("side", flat=True))


def _come_into_force(by: User, episode: EpisodeOfCare, plan: CoordinationPlan) -> None:
    if len(_sides(plan)) < len(Side):
        return
    content = {name: getattr(plan, name) for name in ("collaboration", *OWNERS)}
    follow_agreement(by=by, episode=episode, form_key=plan.form_key, plan=content)
    record("coordination.in_force", by=by, on=plan, client_id=plan.client_id)
    coordination_agreed.send(CoordinationPlan, plan=plan, by=by)
