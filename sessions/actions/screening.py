"""Screening by those who treat, and the result of it by a prescriber."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from people.formats import day
from people.models import User
from referrals.enums import Answer
from sessions.actions.events import add_event
from sessions.actions.recording import already, enter
from sessions.enums import EventKind
from sessions.enums.screening import PERMITTING, QUESTIONS, ClearanceResult
from sessions.models import Allergy, Clearance, EpisodeOfCare, Screening, ScreeningAnswer
from sessions.permissions import check_user_can_prescribe, check_user_can_treat
from sessions.screening import Answers, against, answers_of, forbidding, lacking
from sessions.warnings import age_on

MEASURES = ("systolic", "diastolic", "heart_rate", "spo2", "weight_kg", "height_cm")
LONGEST = timedelta(days=400)  # house rule: whoever is treated longer is screened anew
Allergies = Sequence[tuple[str, str]]
MEANWHILE = "A newer screening was recorded meanwhile. Look at it, then save once more."


@transaction.atomic
def record_screening(
    *,
    by: User,
    episode: EpisodeOfCare,
    form_key: UUID,
    content: Mapping[str, Any],
    answers: Answers,
    allergies: Allergies = (),
    completes: Screening | None = None,
) -> Screening:
    """What was asked and measured; what is left out was not asked. The newest counts.

    `content`: no_known_allergies, medicines, systolic and diastolic (mmHg), heart_rate, spo2 (%),
    weight_kg, height_cm. `allergies`: (substance, reaction). With `completes`, the newest one,
    everything it holds is repeated and this adds to it. Raises ValidationError for a "yes" without
    a comment, an allergy without its reaction, or allergies beside "none known".
    """
    check_user_can_treat(by, episode)
    if existing := already(Screening, episode, form_key):
        return existing
    content, allergies = dict(content), list(allergies)
    if completes:
        content, answers, allergies = _completed(episode, completes, content, answers, allergies)
    _check(content, answers, allergies)
    screening = enter(
        Screening, "screening.recorded", by=by, episode=episode, form_key=form_key, content=content
    )
    ScreeningAnswer.objects.bulk_create(
        ScreeningAnswer(screening=screening, question=key, answer=answer, comment=comment.strip())
        for key, (answer, comment) in answers.items()
    )
    Allergy.objects.bulk_create(
        Allergy(screening=screening, substance=substance.strip(), reaction=reaction.strip())
        for substance, reaction in allergies
    )
    return screening


def _completed(episode, before: Screening, content: dict, answers: Answers, allergies: list):
    """What `before` holds, with what was added to it."""
    if before != episode.screenings.first():
        raise ValidationError(MEANWHILE)
    kept = {name: getattr(before, name) for name in ("medicines", *MEASURES)}
    added = {name: value for name, value in content.items() if value not in ("", None)}
    asked = added.get("no_known_allergies") or allergies
    if not asked:
        added["no_known_allergies"] = before.no_known_allergies
        allergies = [(row.substance, row.reaction) for row in before.allergies.all()]
    merged = {**kept, **added, "completes": before}
    return merged, {**answers_of(before), **answers}, allergies


def _check(content: Mapping[str, Any], answers: Answers, allergies: Allergies) -> None:
    errors = {}
    for key, (answer, comment) in answers.items():
        if key not in QUESTIONS or answer not in Answer.values:
            errors[key] = "Answer yes, no or not known."
        elif answer == Answer.YES and not comment.strip():
            errors[f"{key}_comment"] = "Say more about this “yes”."
    if content.get("no_known_allergies") and allergies:
        errors["no_known_allergies"] = "Either none is known, or name them: not both."
    if any(not (substance.strip() and reaction.strip()) for substance, reaction in allergies):
        errors["allergies"] = "Name each substance with its reaction, or “not known”."
    asked = [value for value in content.values() if value not in ("", None, False)]
    if not (answers or allergies or asked):
        raise ValidationError("Nothing is answered yet. Answer or measure something first.")
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def record_clearance(
    *,
    by: User,
    episode: EpisodeOfCare,
    form_key: UUID,
    screening: Screening,
    content: Mapping[str, Any],
) -> Clearance:
    """What a prescriber concludes from `screening`, the newest one of the episode.

    `content`: result, conditions, despite, valid_until. Raises ValidationError for an end in the
    past or beyond `LONGEST`; and where the result permits dosing while something was not asked or
    measured. `despite` gives a reason where an absolute contraindication is answered "yes", and
    without conditions also where anything speaks against a dose.
    """
    check_user_can_prescribe(by, episode.clinic_id)
    if existing := already(Clearance, episode, form_key):
        return existing
    if screening != episode.screenings.first():
        raise ValidationError(MEANWHILE)
    valid_until = content.get("valid_until")
    if valid_until and valid_until < episode.clinic.today:
        raise ValidationError({"valid_until": "This day has passed. Choose a later one."})
    if valid_until and valid_until > (last := episode.clinic.today + LONGEST):
        sentence = f"A clearance holds for {LONGEST.days} days at most: until {day(last)}."
        raise ValidationError({"valid_until": sentence})
    if content["result"] in PERMITTING:
        _check_permitting(episode, screening, content)
    clearance = enter(
        Clearance,
        "clearance.recorded",
        by=by,
        episode=episode,
        form_key=form_key,
        content={**content, "screening": screening},
    )
    until = f" until {day(clearance.valid_until)}" if clearance.permits_dosing else ""
    words = f"{clearance.get_result_display()}{until}"
    add_event(by=by, episode=episode, kind=EventKind.CLEARANCE, text=words)
    return clearance


def _check_permitting(
    episode: EpisodeOfCare, screening: Screening, content: Mapping[str, Any]
) -> None:
    if missing := lacking(screening):
        words = "; ".join(missing.values())
        raise ValidationError(
            {"result": f"Not asked or measured yet: {words}. Complete the screening first."}
        )
    found = [f"{words}: yes" for words in forbidding(answers_of(screening))]
    if content["result"] == ClearanceResult.CLEARED:
        found = against(screening, age_on(episode.client.date_of_birth, episode.clinic.today))
    if found and not content.get("despite", "").strip():
        words = "; ".join(found)
        raise ValidationError({"despite": f"{words}. Say why a dose is right all the same."})
