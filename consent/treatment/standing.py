"""Whether a client's consent to treatment holds at a moment, and if not, why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from consent.enums import TreatmentState
from consent.models import TreatmentConsent
from people.formats import day, last_moment, moment

NONE_SIGNED = "No informed consent to treatment is signed."


@dataclass(frozen=True)
class Standing:
    """The consent in force; or None, the reason in one sentence, and in a word or two."""

    consent: TreatmentConsent | None
    why_not: str = ""
    in_short: str = ""


def current_consent(*, client_id: int, clinic_id: int, at: datetime) -> TreatmentConsent | None:
    """The consent that holds at the moment `at`: signed, not withdrawn, not lapsed; or None."""
    return standing(client_id=client_id, clinic_id=clinic_id, at=at).consent


def standing(*, client_id: int, clinic_id: int, at: datetime) -> Standing:
    """What the client's latest answer to this clinic says at the moment `at`. One query.

    Only the latest answer counts: a later no, or a later consent that was withdrawn or lapsed,
    never lets an earlier yes come back.
    """
    return standings(client_ids=[client_id], clinic_id=clinic_id, at=at)[client_id]


def standings(*, client_ids: Collection[int], clinic_id: int, at: datetime) -> dict[int, Standing]:
    """The same for many clients of one clinic. One query."""
    answers = TreatmentConsent.objects.filter(client__in=client_ids, organization=clinic_id)
    answers = answers.answered(at).select_related("organization", "client")
    latest: dict[int, TreatmentConsent] = {}
    for answer in answers:
        latest.setdefault(answer.client_id, answer)
    return {pk: _standing(latest.get(pk), at) for pk in client_ids}


def _standing(latest: TreatmentConsent | None, at: datetime) -> Standing:
    if latest is None:
        return Standing(None, NONE_SIGNED, "Not signed")
    with timezone.override(latest.organization.timezone):
        state = latest.state(at)
        match state:
            case TreatmentState.ACTIVE:
                return Standing(latest)
            case TreatmentState.DECLINED:
                why = f"The client did not agree to treatment on {moment(latest.declined_at)}."
            case TreatmentState.WITHDRAWN:
                why = (
                    f"The informed consent to treatment was withdrawn on "
                    f"{moment(latest.revoked_at)}."
                )
            case _:
                lapsed = day(last_moment(latest.until))
                why = f"The informed consent to treatment lapsed after {lapsed}."
    return Standing(None, why, state.label)


def in_turn(
    consents: Sequence[TreatmentConsent], at: datetime
) -> list[tuple[TreatmentConsent, TreatmentState]]:
    """Each consent of one client at one clinic with its state, the newest first.

    One that would hold by itself is replaced where a later answer was given.
    """
    answered = [c for c in consents if c.answered_at and c.answered_at <= at]
    latest = max(answered, key=lambda c: (c.answered_at, c.pk), default=None)
    found = []
    for consent in sorted(consents, key=lambda c: c.pk, reverse=True):
        state = consent.state(at)
        if state == TreatmentState.ACTIVE and consent != latest:
            state = TreatmentState.REPLACED
        found.append((consent, state))
    return found
