"""Behavioural-health intake."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from people.models import User
from sessions.actions.care import expect_doses
from sessions.actions.recording import already, enter
from sessions.enums.therapy import COMPETENCY, TRAUMA_PROCESSING, Modality
from sessions.models import EpisodeOfCare, Intake
from sessions.permissions import check_user_can_treat


@transaction.atomic
def record_intake(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, content: Mapping[str, Any]
) -> Intake:
    """Record an intake; the newest counts. The plan expects so many doses from now on.

    Raises ValidationError where trauma is to be processed and nobody is named who can.
    """
    check_user_can_treat(by, episode)
    if existing := already(Intake, episode, form_key):
        return existing
    errors = {}
    if content["modality"] == Modality.OTHER and not content.get("modality_other", "").strip():
        errors["modality_other"] = "Name it."
    if content["modality"] in TRAUMA_PROCESSING and not content.get("trauma_lead", "").strip():
        errors["trauma_lead"] = COMPETENCY
    if errors:
        raise ValidationError(errors)
    intake = enter(
        Intake, "intake.recorded", by=by, episode=episode, form_key=form_key, content=content
    )
    if not episode.ended_at:
        expect_doses(by=by, episode=episode, form_key=form_key, doses=intake.expected_doses)
    return intake
