"""Rows of the flow sheet for tests: each kind once, and what the database holds about them."""

from uuid import uuid4

from sessions.actions import adverse, monitoring, observing
from sessions.actions.giving import correct_dose
from sessions.actions.windows import set_window
from sessions.enums.observing import Grade, Outcome
from sessions.models import (
    AdverseEvent,
    AdverseEventReview,
    AdverseEventUpdate,
    DischargeConfirmation,
    DoseCorrection,
    Intervention,
    MonitoringPlan,
    PhaseMark,
    Presence,
    WindowPlan,
)

NUMBERS = {"systolic": 128, "diastolic": 80, "heart_rate": 72, "spo2": 98}
EVENT = {"what": "Fell", "severity": Grade.MODERATE, "outcome": Outcome.RECOVERING}
MINUTES = {"first": 20, "every": 10, "until": 60, "observe": 90}

APPEND_ONLY = {
    Intervention: {"note": "other"},
    PhaseMark: {"phase": "onset"},
    Presence: {"is_here": False},
    AdverseEvent: {"what": "other"},
    AdverseEventUpdate: {"note": "other"},
    AdverseEventReview: {"finding": "other"},
    MonitoringPlan: {"first": 6},
    WindowPlan: {"opens": 25},
    DischargeConfirmation: {"check_made": "vitals"},
    DoseCorrection: {"reason": "other"},
}
BY_DOSE = ("vitals", "sideeffect", "intervention", "phasemark", "presence", "adverseevent")
GUARDS = {
    "care_sessions_windowplan": ["by_its_house"],
    **{f"care_sessions_{table}_corrects": ["its_own"] for table in BY_DOSE},
    "care_sessions_adverseevent_stays": ["with_its_dose"],
    "care_sessions_adverseevent_of": ["its_own_episode"],
    "care_sessions_dose_never": ["begins_discharged"],
    "care_sessions_dose_left": ["with_every_check"],
    "care_sessions_dose_discharge": ["as_it_was"],
    "care_sessions_dosecorrection": ["of_what_stood", "by_staff"],
}


def write_each_once(case) -> None:
    """A row of every kind that no step of the builder makes, about its last dose."""
    nurse, now = case.cast.nurse, case.dosing.given_at
    seen = {"by": nurse, "dosing": case.dosing, "at": now}
    observing.record_intervention(**seen, form_key=uuid4(), values={"kind": "music"})
    observing.mark_phase(**seen, form_key=uuid4(), values={"phase": "peak"})
    here = {"person": nurse, "is_here": True}
    observing.record_presence(**seen, form_key=uuid4(), values=here)
    corrected = {"given_at": case.dosing.given_at, "dose_mg": 49, "reason": "stopped early"}
    correct_dose(by=nurse, dosing=case.dosing, form_key=uuid4(), **corrected)
    event = case.dosing.adverse_events.get()
    going_on = {"severity": Grade.MILD, "outcome": Outcome.RECOVERED}
    adverse.update_adverse_event(
        by=nurse, event=event, form_key=uuid4(), at=now, values={**going_on, "note": "well"}
    )
    adverse.review_adverse_event(
        by=case.cast.prescriber, event=event, form_key=uuid4(), finding="Expected"
    )
    monitoring.set_monitoring(
        by=case.cast.prescriber,
        clinic=case.cast.clinic,
        form_key=uuid4(),
        route="im",
        values=MINUTES,
    )
    set_window(
        by=case.cast.prescriber,
        clinic=case.cast.clinic,
        form_key=uuid4(),
        kind="extended",
        opens=72,
        closes=160,
    )
