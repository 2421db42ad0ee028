"""The clinic's own record after a dose: integration, what it left open, and delayed effects."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from people.models import User
from sessions.actions.alerts import raise_alert
from sessions.actions.care import staff_of
from sessions.actions.integration import log_session, session_to_write_about
from sessions.actions.preparation import check_dose
from sessions.actions.recording import already, enter
from sessions.enums.outcomes import AlertKind
from sessions.enums.therapy import Challenge, DelayedEffect
from sessions.models import (
    DelayedCheck,
    DosingSession,
    EpisodeOfCare,
    FollowUp,
    IntegrationRecord,
)
from sessions.permissions import check_user_can_treat


@transaction.atomic
def record_integration(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, content: Mapping[str, Any]
) -> IntegrationRecord:
    """What a session was about. That it was held is logged with it, unless it is logged already.

    `content` holds the fields of the model. Raises ValidationError for a challenging experience
    without its handling, without somebody of the clinic who comes back to it, or without a day.
    """
    check_user_can_treat(by, episode)
    if existing := already(IntegrationRecord, episode, form_key):
        return existing
    check_dose(episode, content.get("dosing"))
    if (dosing := content.get("dosing")) and not dosing.given_at:
        raise ValidationError({"dosing": "This dose is not given yet. Choose one that was."})
    content = {**content, **_follow_up(episode, content)}
    held_at = content["held_at"]
    session = session_to_write_about(by=by, episode=episode, at=held_at)
    if session is None:
        session = _log(by, episode, form_key, held_at)
    return enter(
        IntegrationRecord,
        "integration.recorded",
        by=by,
        episode=episode,
        form_key=form_key,
        content={**content, "session": session},
    )


def _log(by: User, episode: EpisodeOfCare, form_key: UUID, held_at: datetime):
    try:
        return log_session(by=by, episode=episode, form_key=form_key, at=held_at)
    except ValidationError as error:  # it calls the moment `at`
        if not hasattr(error, "error_dict"):
            raise
        raise ValidationError({"held_at": error.messages}) from error


def _follow_up(episode: EpisodeOfCare, content: Mapping[str, Any]) -> dict[str, Any]:
    """Who comes back to it and by when: for a challenging experience, and for no other."""
    if content["challenge"] == Challenge.NONE:
        return {"follow_up_by": None, "follow_up_due": None}
    errors = {}
    if not content.get("handling", "").strip():
        errors["handling"] = "Say how it was handled."
    if content.get("follow_up_by") not in set(staff_of(episode.referral)):
        errors["follow_up_by"] = "Choose somebody of the clinic who comes back to it."
    due = content.get("follow_up_due")
    if not due:
        errors["follow_up_due"] = "Say by when."
    elif due < timezone.localdate(content["held_at"]):
        errors["follow_up_due"] = "This day is before the session. Choose a later one."
    if errors:
        raise ValidationError(errors)
    return {}


@transaction.atomic
def follow_up(*, by: User, integration: IntegrationRecord, form_key: UUID, text: str) -> FollowUp:
    """Somebody came back to a challenging experience; in a sentence, once."""
    episode = integration.episode
    check_user_can_treat(by, episode)
    if existing := already(FollowUp, episode, form_key):
        return existing
    if integration.challenge == Challenge.NONE:
        raise ValidationError("No challenging experience was recorded here.")
    if FollowUp.objects.filter(integration=integration).exists():
        raise ValidationError("Somebody followed this up already. Open the case again.")
    return enter(
        FollowUp,
        "integration.followed_up",
        by=by,
        episode=episode,
        form_key=form_key,
        content={"integration": integration, "text": text.strip()},
    )


@transaction.atomic
def record_delayed_check(
    *, by: User, dosing: DosingSession, form_key: UUID, content: Mapping[str, Any]
) -> DelayedCheck:
    """How the client was after a dose, or that nobody was reached. Thoughts of self-harm alert the
    clinic at once.

    `content`: at, reached, one answer (True or False; None where nobody was reached) for each
    DelayedEffect, other, action. Raises ValidationError for a moment that cannot be, an effect
    that was not asked about, or an effect without what is done about it.
    """
    episode = dosing.episode
    check_user_can_treat(by, episode)
    if existing := already(DelayedCheck, episode, form_key):
        return existing
    _check_moment(dosing, content["at"])
    check = enter(
        DelayedCheck,
        "delayed_check.recorded",
        by=by,
        episode=episode,
        form_key=form_key,
        content={**_asked(content), "dosing": dosing},
    )
    if check.self_harm:
        raise_alert(by=by, episode=episode, kind=AlertKind.AFTER_DOSE, source=check)
    return check


def _check_moment(dosing: DosingSession, at: datetime) -> None:
    if dosing.given_at is None:
        raise ValidationError("This dose was not given.")
    if at > timezone.now():
        raise ValidationError({"at": "This is in the future. Enter when you called."})
    if at <= dosing.given_at:
        raise ValidationError({"at": "This is before the dose. Check the date and time."})


def _asked(content: Mapping[str, Any]) -> dict[str, Any]:
    """What was told; of a client whom nobody reached, nothing is kept but what comes next."""
    action = content.get("action", "").strip()
    if not content["reached"]:
        if not action:
            raise ValidationError({"action": "Nobody was reached. Say what happens next."})
        nothing = dict.fromkeys(DelayedEffect.values)
        return {"at": content["at"], "reached": False, **nothing, "other": "", "action": action}
    answers = {name: content.get(name) for name in DelayedEffect.values}
    if unasked := [name for name, answer in answers.items() if answer is None]:
        raise ValidationError(dict.fromkeys(unasked, "Answer yes or no."))
    other = content.get("other", "").strip()
    if (any(answers.values()) or other) and not action:
        raise ValidationError({"action": "Say what is done about it."})
    return {"at": content["at"], "reached": True, **answers, "other": other, "action": action}
