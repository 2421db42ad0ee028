"""The episode: opened, its plan changed, and whether a clearance holds."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from audit.record import record
from people.concurrency import ChangedMeanwhile
from people.enums import TREATING_ROLES, Role
from people.merging import same_person
from people.models import Organization, User
from referrals.actions.states import move
from referrals.enums import Collaboration, Verb
from referrals.models import Referral
from sessions.actions.recording import already, enter
from sessions.models import CarePlan, Clearance, EpisodeOfCare
from sessions.models.intake import MOST_DOSES
from sessions.permissions import check_user_can_prescribe
from sessions.signals import plan_changed

PLAN = (
    "treatment_model",
    "collaboration",
    "expected_doses",
    "preparation_owner",
    "integration_owner",
)
OWNERS = PLAN[3:]
NOT_FITTING = {
    Collaboration.CLINIC_MEDICAL: "With “medical only” this is the referring therapist’s: {}.",
    Collaboration.CLINIC_FULL: "Here the clinic does it: choose somebody of the clinic.",
    Collaboration.SHARED: "Choose the referrer or somebody of the clinic.",
}


def staff_of(referral: Referral) -> QuerySet[User]:
    """The clinic's treating staff."""
    return User.objects.filter(
        memberships__organization=referral.clinic_id,
        memberships__role__in=TREATING_ROLES,
        memberships__ended_at=None,
    )


def possible_owners(referral: Referral) -> QuerySet[User]:
    """Who may own preparation or integration: the referrer, and the clinic's treating staff."""
    owners = User.objects.filter(pk=referral.referrer_id) | staff_of(referral)
    return owners.distinct().order_by("name")


def session_owners(referral: Referral) -> QuerySet[User]:
    """Who may hold single sessions where the work is shared: the clinic's treating staff, and the
    therapists of the practice who contribute to the case."""
    on_case = User.objects.filter(
        referraluserpermission__content_object=referral,
        referraluserpermission__permission__codename="contribute_case",
        memberships__organization=referral.practice_id,
        memberships__role=Role.THERAPIST,
        memberships__ended_at=None,
    )
    return (on_case | staff_of(referral)).distinct().order_by("name")


def fitting_owners(referral: Referral, collaboration: str) -> QuerySet[User]:
    """Who may own preparation or integration where the work is split like this."""
    if collaboration == Collaboration.CLINIC_MEDICAL:
        return User.objects.filter(pk=referral.referrer_id)
    if collaboration == Collaboration.CLINIC_FULL:
        return staff_of(referral)
    return possible_owners(referral)


@transaction.atomic
def open_episode(*, by: User, referral: Referral, plan: Mapping[str, Any]) -> EpisodeOfCare:
    """Open the episode of an accepted referral. Opening it twice gives the one that is open.

    `plan`: treatment_model, collaboration, expected_doses (1–60), preparation_owner and
    integration_owner (people of `fitting_owners`).
    """
    check_user_can_prescribe(by, referral.clinic_id)
    existing = EpisodeOfCare.objects.filter(referral=referral).first()
    if existing:
        return existing
    _check_not_twice(referral)
    _check_plan(referral, plan)
    episode = EpisodeOfCare(
        referral=referral, client=referral.client, clinic=referral.clinic, opened_by=by, **plan
    )
    episode.full_clean()
    episode.save()
    move(by=by, referral=referral, verb=Verb.BEGIN)
    record("episode.opened", by=by, on=episode)
    _keep_plan(by=by, episode=episode, form_key=uuid4(), reason="The episode was opened.")
    return episode


@transaction.atomic
def change_plan(
    *,
    by: User,
    episode: EpisodeOfCare,
    form_key: UUID,
    plan: Mapping[str, Any],
    reason: str,
    seen: int,
) -> EpisodeOfCare:
    """Another plan from now on: as for `open_episode`, with a reason in one line.

    `seen` is the pk of the CarePlan that was read; where somebody changed it meanwhile,
    ChangedMeanwhile is raised. Listeners of `plan_changed` follow in the same transaction.
    """
    check_user_can_prescribe(by, episode.clinic_id)
    if existing := already(CarePlan, episode, form_key):
        return existing.episode
    episode = EpisodeOfCare.objects.select_related("referral").get(pk=episode.pk)
    if episode.ended_at:
        raise ValidationError("Treatment has ended. Beginning again takes a new referral.")
    newest = episode.careplans.select_related("recorded_by").first()
    if newest is None or newest.pk != seen:
        raise ChangedMeanwhile(newest)
    _check_plan(episode.referral, plan)
    _set_plan(by=by, episode=episode, form_key=form_key, plan=plan, reason=reason.strip())
    return episode


def follow_agreement(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, plan: Mapping[str, Any]
) -> None:
    """The split and the owners on which both sides agreed: collaboration, preparation_owner and
    integration_owner. The caller has checked `by` and holds the lock on a fresh `episode`; where
    nothing of it differs, the sessions may still be divided anew, and listeners hear of it."""
    check_owners(episode.referral, plan)
    if any(getattr(episode, name) != plan[name] for name in plan):
        whole = {name: getattr(episode, name) for name in PLAN} | dict(plan)
        reason = "As agreed in the coordination plan."
        _set_plan(by=by, episode=episode, form_key=form_key, plan=whole, reason=reason)
    else:
        plan_changed.send(EpisodeOfCare, episode=episode, by=by)


def _set_plan(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, plan: Mapping[str, Any], reason: str
) -> None:
    for name in PLAN:
        setattr(episode, name, plan[name])
    episode.full_clean()
    episode.save(update_fields=PLAN)
    _keep_plan(by=by, episode=episode, form_key=form_key, reason=reason)
    plan_changed.send(EpisodeOfCare, episode=episode, by=by)


@transaction.atomic
def hand_plan_over(*, by: User, episode: EpisodeOfCare, was: User, to: User) -> None:
    """What `was` owned of a plan in force is owned by `to`, who is the referrer now in their place.
    Where they owned nothing, nothing changes. Listeners of `plan_changed` follow."""
    rows = EpisodeOfCare.objects.select_for_update(of=("self",), no_key=True)
    episode = rows.select_related("referral").get(pk=episode.pk)
    owned = [name for name in OWNERS if getattr(episode, f"{name}_id") == was.pk]
    if episode.ended_at or not owned:
        return
    for name in owned:
        setattr(episode, name, to)
    episode.save(update_fields=owned)
    reason = "Handed over to a colleague of the practice."
    _keep_plan(by=by, episode=episode, form_key=uuid4(), reason=reason)
    plan_changed.send(EpisodeOfCare, episode=episode, by=by)


def expect_doses(*, by: User, episode: EpisodeOfCare, form_key: UUID, doses: int) -> None:
    """So many doses (1–60) are expected now, as asked at intake. The caller holds the lock."""
    episode.refresh_from_db()
    if episode.expected_doses == doses:
        return
    episode.expected_doses = doses
    episode.save(update_fields=["expected_doses"])
    _keep_plan(by=by, episode=episode, form_key=form_key, reason="As expected at intake.")


def current_clearance(episode: EpisodeOfCare, on: date | None = None) -> Clearance | None:
    """The last clearance, if it permits dosing on the day `on` (the clinic's today)."""
    last = next(iter(episode.clearances.all()), None)
    if last is None or not last.permits_dosing or last.valid_until is None:
        return None
    return last if last.valid_until >= (on or episode.clinic.today) else None


def _check_not_twice(referral: Referral) -> None:
    """Nobody is treated under two of the clinic's records of them at once.

    The clinic's row is locked, as by a merge: of two that begin together the second sees the first.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=referral.clinic_id)
    records = same_person(referral.client_id, referral.clinic_id)
    rows = EpisodeOfCare.objects.filter(client__in=records, clinic=referral.clinic_id)
    if running := rows.filter(ended_at=None).select_related("client").first():
        number = running.client.number
        raise ValidationError(f"This person is in treatment here already, as {number}.")


def check_owners(referral: Referral, plan: Mapping[str, Any]) -> None:
    """Raise ValidationError beside each owner whom the split does not name."""
    fitting = set(fitting_owners(referral, plan["collaboration"]))
    if wrong := [name for name in OWNERS if plan[name] not in fitting]:
        sentence = NOT_FITTING[Collaboration(plan["collaboration"])].format(referral.referrer)
        raise ValidationError(dict.fromkeys(wrong, sentence))


def _check_plan(referral: Referral, plan: Mapping[str, Any]) -> None:
    check_owners(referral, plan)
    if not 1 <= plan["expected_doses"] <= MOST_DOSES:
        raise ValidationError({"expected_doses": f"Enter a number from 1 to {MOST_DOSES}."})


def _keep_plan(*, by: User, episode: EpisodeOfCare, form_key: UUID, reason: str) -> None:
    content = {name: getattr(episode, name) for name in PLAN}
    enter(
        CarePlan,
        "plan.set",
        by=by,
        episode=episode,
        form_key=form_key,
        content={**content, "reason": reason},
    )
