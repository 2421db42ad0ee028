"""Episode, intake, clearance and preparation."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from people.concurrency import row_of_form
from people.enums import TREATING_ROLES
from people.formats import day
from people.models import User
from referrals.actions.states import move
from referrals.enums import Verb
from referrals.models import Referral
from sessions.actions.events import add_event
from sessions.enums import Contraindication, EventKind
from sessions.models import (
    Clearance,
    ContraindicationAnswer,
    EpisodeOfCare,
    Intake,
    PreparationSession,
)
from sessions.permissions import check_user_can_prescribe, check_user_can_treat
from sessions.signals import preparation_recorded

MOST_DOSES = 60  # in one episode
ENTERED = ["episode", "recorded_by", "form_key"]


def possible_owners(referral: Referral):
    """Who may own preparation or integration: the referrer, and the clinic's treating staff."""
    at_clinic = User.objects.filter(
        memberships__organization=referral.clinic_id,
        memberships__role__in=TREATING_ROLES,
        memberships__ended_at=None,
    )
    return (User.objects.filter(pk=referral.referrer_id) | at_clinic).distinct().order_by("name")


@transaction.atomic
def open_episode(*, by: User, referral: Referral, plan: Mapping[str, Any]) -> EpisodeOfCare:
    """Open the episode of an accepted referral. Opening it twice gives the one that is open.

    `plan`: treatment_model, collaboration, expected_doses (1–60), preparation_owner and
    integration_owner (people of `possible_owners`).
    """
    check_user_can_prescribe(by, referral.clinic_id)
    existing = EpisodeOfCare.objects.filter(referral=referral).first()
    if existing:
        return existing
    owners = set(possible_owners(referral))
    for name in ("preparation_owner", "integration_owner"):
        if plan[name] not in owners:
            raise ValidationError({name: "Choose the referrer or somebody of the clinic."})
    if not 1 <= plan["expected_doses"] <= MOST_DOSES:
        raise ValidationError({"expected_doses": f"Enter a number from 1 to {MOST_DOSES}."})
    episode = EpisodeOfCare(
        referral=referral, client=referral.client, clinic=referral.clinic, opened_by=by, **plan
    )
    episode.full_clean()
    episode.save()
    move(by=by, referral=referral, verb=Verb.BEGIN)
    record("episode.opened", by=by, on=episode)
    return episode


@transaction.atomic
def record_intake(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, content: Mapping[str, Any]
) -> Intake:
    check_user_can_treat(by, episode)
    return _record_once(Intake, "intake.recorded", by, episode, form_key, content)[0]


@transaction.atomic
def record_clearance(
    *,
    by: User,
    episode: EpisodeOfCare,
    form_key: UUID,
    content: Mapping[str, Any],
    answers: Mapping[str, tuple[str, str]],
) -> Clearance:
    """Screening with its result, by a prescriber.

    `answers` gives (yes / no / not_known, comment) for every contraindication; a missing one, a
    "yes" without a comment, or an end in the past raises ValidationError.
    """
    check_user_can_prescribe(by, episode.clinic_id)
    _check_answers(answers)
    valid_until = content.get("valid_until")
    if valid_until and valid_until < episode.clinic.today:
        raise ValidationError({"valid_until": "This day has passed. Choose a later one."})
    clearance, created = _record_once(
        Clearance, "clearance.recorded", by, episode, form_key, content
    )
    if created:
        ContraindicationAnswer.objects.bulk_create(
            ContraindicationAnswer(
                clearance=clearance, condition=condition, answer=answer, comment=comment
            )
            for condition, (answer, comment) in answers.items()
        )
        until = f" until {day(clearance.valid_until)}" if clearance.permits_dosing else ""
        add_event(
            by=by,
            episode=episode,
            kind=EventKind.CLEARANCE,
            text=f"{clearance.get_result_display()}{until}",
        )
    return clearance


@transaction.atomic
def record_preparation(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, content: Mapping[str, Any]
) -> PreparationSession:
    """A preparation session that the clinic held; its date is a schedule item."""
    check_user_can_treat(by, episode)
    if content["held_at"] > timezone.now():
        raise ValidationError({"held_at": "This is in the future. Enter when it was held."})
    row, created = _record_once(
        PreparationSession, "preparation.recorded", by, episode, form_key, content
    )
    if created:
        add_event(by=by, episode=episode, kind=EventKind.PREPARATION_HELD, at=row.held_at)
        preparation_recorded.send(PreparationSession, preparation=row, by=by)
    return row


def current_clearance(episode: EpisodeOfCare, on: date | None = None) -> Clearance | None:
    """The last clearance, if it permits dosing on the day `on` (the clinic's today)."""
    last = next(iter(episode.clearances.all()), None)
    if last is None or not last.permits_dosing or last.valid_until is None:
        return None
    return last if last.valid_until >= (on or episode.clinic.today) else None


def _check_answers(answers: Mapping[str, tuple[str, str]]) -> None:
    errors = {}
    for condition in Contraindication:
        answer, comment = answers.get(condition, ("", ""))
        if not answer:
            errors[condition.value] = "Answer yes, no or not known."
        elif answer == "yes" and not comment.strip():
            errors[f"{condition.value}_comment"] = "Say more about this “yes”."
    if errors:
        raise ValidationError(errors)


def _record_once(model, event: str, by: User, episode, form_key: UUID, content: Mapping):
    EpisodeOfCare.objects.select_for_update().get(pk=episode.pk)
    if existing := row_of_form(model.objects, form_key, episode_id=episode.pk):
        return existing, False
    row = model(episode=episode, recorded_by=by, form_key=form_key, **content)
    row.full_clean(exclude=ENTERED)
    row.save()
    record(event, by=by, on=row, client_id=episode.client_id)
    return row, True
