"""What stands between a planned dose and a dose that is given. Pure functions over recorded facts.

Each gate is open by a fact, or by a prescriber who lifts it and answers for it. A dose needs an
order besides, and nobody lifts that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from consent.models import TreatmentConsent
from consent.treatment.standing import Standing as Consent
from consent.treatment.standing import standing as consent_standing
from people.formats import clock, day, moment
from sessions.enums.gates import Gate
from sessions.models import (
    Clearance,
    DoseOrder,
    DosingSession,
    EpisodeOfCare,
    EscortPlan,
    GateOverride,
    IdentityCheck,
    PreDoseCheck,
    Screening,
)
from sessions.screening import found_since

TIMED = (Clearance, IdentityCheck, PreDoseCheck)
FRESH = timedelta(hours=24)  # house rule: what is asked on the day is asked anew on another
# House rule: hands first, the tablet second. What is entered later was no ground for the dose.
AFTERWARDS = timedelta(minutes=10)
LIFTS = "A prescriber can lift it, with a reason."
WHO = {
    Gate.CLEARANCE: "A prescriber records it.",
    Gate.CONSENT: "The client signs it, or signs it again.",
    Gate.IDENTITY: "Whoever is beside the client enters it.",
    Gate.CHECKS: "A prescriber, nurse or KAP therapist asks.",
    Gate.ESCORT: "Anybody of the clinical staff arranges it.",
}


@dataclass(frozen=True)
class GateFacts:
    """The newest of everything that the gates of one dose ask for."""

    order: DoseOrder | None
    clearance: Clearance | None
    consent: Consent
    identity: IdentityCheck | None
    checks: PreDoseCheck | None
    escort: EscortPlan | None
    overrides: Mapping[str, GateOverride]
    found_since: Sequence[str] = ()  # what a screening found after the one that was cleared

    @property
    def weighed(self) -> PreDoseCheck | Screening | None:
        """What holds the weight that counts: today's, else the one that the clearance rests on."""
        return self.checks or (self.clearance.screening if self.clearance else None)

    @classmethod
    def of(cls, dosing: DosingSession, at: datetime, consent: Consent | None = None) -> "GateFacts":
        """As they are recorded now; the consent to treatment as it held at the moment `at`."""
        episode = dosing.episode
        client_id, clinic_id = episode.client_id, episode.clinic_id
        clearance = _newest(episode.clearances)
        return cls(
            _newest(dosing.doseorders),
            clearance,
            consent or consent_standing(client_id=client_id, clinic_id=clinic_id, at=at),
            _newest(dosing.identitychecks),
            _newest(dosing.predosechecks),
            _newest(dosing.escortplans),
            {override.gate: override for override in dosing.overrides.all()},
            _found_since(clearance, episode, at),
        )

    @classmethod
    def of_given(cls, dosing: DosingSession, at: datetime) -> "GateFacts":
        """What a dose was given on, as if it had been at the moment `at`."""
        episode = dosing.episode
        consent = consent_standing(client_id=episode.client_id, clinic_id=episode.clinic_id, at=at)
        overrides = {override.gate: override for override in dosing.overrides.all()}
        return cls(
            dosing.order,
            dosing.clearance,
            consent,
            dosing.identity,
            dosing.checks,
            dosing.escort_plan,
            overrides,
            _found_since(dosing.clearance, episode, at),
        )


@dataclass(frozen=True)
class Standing:
    """Where one gate stands: what opened it, or what is missing, and who can lift it."""

    gate: Gate
    fact: object | None
    text: str
    override: GateOverride | None = None
    is_late: bool = False  # what would have opened it was entered after the dose

    @property
    def is_open(self) -> bool:
        return self.fact is not None or self.override is not None

    @property
    def who(self) -> str:
        return LIFTS if self.is_late else WHO[self.gate]

    @property
    def sentence(self) -> str:
        return f"{self.gate.label}: {self.text}."

    @property
    def refusal(self) -> str:
        return f"{self.sentence} {self.who}"


def asked_at(dosing: DosingSession, now: datetime) -> datetime:
    """The moment at which the gates of a dose that is still to come have to be open."""
    return max(now, dosing.planned_at)


def _newest(rows):
    return next(iter(rows.all()), None)


def standings(facts: GateFacts, at: datetime, on: date) -> list[Standing]:
    """Every gate of a dose given at the moment `at`, on the day `on` of the clinic's zone."""
    found = {
        Gate.CLEARANCE: _clearance(facts.clearance, on, facts.found_since),
        Gate.CONSENT: _consent(facts.consent),
        Gate.IDENTITY: _identity(facts.identity, at),
        Gate.CHECKS: _checks(facts.checks, at),
        Gate.ESCORT: _escort(facts.escort),
    }
    return [
        _standing(gate, fact, text, facts.overrides.get(gate), at)
        for gate, (fact, text) in found.items()
    ]


def _standing(gate: Gate, fact, text: str, override: GateOverride | None, at: datetime) -> Standing:
    if isinstance(fact, TIMED) and is_late(fact, at):
        return Standing(gate, None, f"entered {_when(fact, at)}, after the dose", override, True)
    return Standing(gate, fact, text, override)


def is_late(fact: DoseOrder | Clearance | IdentityCheck | PreDoseCheck, at: datetime) -> bool:
    """Whether this was entered too long after the moment of the dose to be what it stands on."""
    return fact.recorded_at > at + AFTERWARDS


def late_order(order: DoseOrder | None, at: datetime) -> str:
    """That the order was entered after a dose of the moment `at`; empty where it was not."""
    if order is None or not is_late(order, at):
        return ""
    return f"The order was entered at {_when(order, at)}, after the dose."


def _when(fact: DoseOrder | Clearance | IdentityCheck | PreDoseCheck, at: datetime) -> str:
    same = timezone.localdate(fact.recorded_at) == timezone.localdate(at)
    return clock(fact.recorded_at) if same else moment(fact.recorded_at)


def shut(facts: GateFacts, at: datetime, on: date) -> list[Standing]:
    """The gates that are not open."""
    return [standing for standing in standings(facts, at, on) if not standing.is_open]


@dataclass(frozen=True)
class Missing:
    """What keeps a dose back that should stand before the visit, and the page that mends it."""

    label: str
    text: str
    who: str
    verb: str


MENDED_ON = {Gate.CLEARANCE: "clearance", Gate.CONSENT: "consent", Gate.ESCORT: "dosing"}


def missing(facts: GateFacts, at: datetime, on: date) -> list[Missing]:
    """What blocks a dose planned for the moment `at`, as far as it can be mended beforehand: who
    the client is and how they are is asked on the spot."""
    found = [
        Missing(s.gate.label, s.text, s.who, MENDED_ON[s.gate])
        for s in shut(facts, at, on)
        if s.gate in MENDED_ON
    ]
    if facts.order is None:
        found.append(Missing("Order", "none", "A prescriber orders the dose.", "order"))
    return found


def _found_since(clearance: Clearance | None, episode: EpisodeOfCare, at: datetime) -> list[str]:
    """What screenings found after the one that was cleared, up to the moment `at`."""
    if clearance is None:
        return []
    cleared = clearance.screening_id
    by_then = [s for s in episode.screenings.all() if s.recorded_at <= at or s.pk == cleared]
    return found_since(clearance, by_then)


def _clearance(
    last: Clearance | None, on: date, found: Sequence[str]
) -> tuple[Clearance | None, str]:
    if last is None:
        return None, "none is recorded"
    if not last.permits_dosing or last.valid_until is None:
        return None, f"the result is “{last.get_result_display().lower()}”"
    if last.valid_until < on:
        return None, f"it ended on {day(last.valid_until)}"
    if found:
        return None, f"screened again since: {', '.join(found)}"
    return last, f"{last.get_result_display()} until {day(last.valid_until)}"


def _consent(consent: Consent) -> tuple[TreatmentConsent | None, str]:
    held = consent.consent
    return held, f"signed {day(held.signed_at)}" if held else _clause(consent.why_not)


def _clause(sentence: str) -> str:
    """A sentence as it goes on after a colon."""
    return sentence[0].lower() + sentence[1:].rstrip(".")


def _identity(last: IdentityCheck | None, at: datetime) -> tuple[IdentityCheck | None, str]:
    if last is None:
        return None, "not entered yet"
    if last.recorded_at <= at - FRESH:
        return None, f"last entered {moment(last.recorded_at)}, not within 24 h before the dose"
    return last, f"entered {moment(last.recorded_at)} by {last.recorded_by}"


def _checks(last: PreDoseCheck | None, at: datetime) -> tuple[PreDoseCheck | None, str]:
    if last is None:
        return None, "not asked yet"
    if last.recorded_at <= at - FRESH:
        return None, f"last asked {moment(last.recorded_at)}, not within 24 h before the dose"
    if concerns := last.concerns:
        return None, f"“no” to: {', '.join(concerns).lower()}. {last.concern}".rstrip(". ")
    return last, f"asked {moment(last.recorded_at)} by {last.recorded_by}"


def _escort(last: EscortPlan | None) -> tuple[EscortPlan | None, str]:
    if last is None:
        return None, "nobody is named"
    return last, f"{last.name}, {last.reached_by}"
