"""Where the client is in the journey, told from the recorded facts and stored nowhere.

Referral, intake, screening, preparation, then doses and integration in turn, discharge. Only the
client's journey is linear: nothing here keeps the staff from working in another order.
"""

from collections.abc import Iterable

from django.db.models import TextChoices

from sessions.facts import Facts
from sessions.models import DosingSession, EpisodeOfCare


class CareStage(TextChoices):
    INTAKE = "intake", "Intake"
    SCREENING = "screening", "Screening and clearance"
    PREPARATION = "preparation", "Preparation"
    DOSING = "dosing", "In session"
    INTEGRATION = "integration", "Integration"
    DISCHARGED = "discharged", "Treatment ended"


def stage_of(
    episode: EpisodeOfCare,
    doses: Iterable[DosingSession],
    *,
    has_intake: bool,
    has_clearance: bool,
) -> CareStage:
    """The stage of an episode with these `doses`.

    Before the first dose the earliest step that is missing; afterwards integration, but for the
    hours of a dose itself.
    """
    if episode.ended_at:
        return CareStage.DISCHARGED
    given = [dose for dose in doses if dose.given_at]
    if any(dose.discharged_at is None for dose in given):
        return CareStage.DOSING
    if given:
        return CareStage.INTEGRATION
    if not has_intake:
        return CareStage.INTAKE
    return CareStage.PREPARATION if has_clearance else CareStage.SCREENING


def stage_in(facts: Facts) -> CareStage:
    """The stage that everything recorded about an episode tells."""
    clearance = facts.clearance
    return stage_of(
        facts.episode,
        facts.doses,
        has_intake=facts.intake is not None,
        has_clearance=clearance is not None and clearance.permits_dosing,
    )
