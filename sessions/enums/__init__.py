"""The vocabulary of the clinical record, by noun."""

from sessions.enums.dosing import DischargeCheck, Effect, Route, Sedation, Severity
from sessions.enums.episodes import (
    CATEGORY_OF_EVENT,
    EventKind,
    Phase,
    SessionState,
    TreatmentModel,
)
from sessions.enums.notes import NOTE_CATEGORIES
from sessions.enums.screening import ClearanceResult, Contraindication

__all__ = [
    "CATEGORY_OF_EVENT",
    "NOTE_CATEGORIES",
    "ClearanceResult",
    "Contraindication",
    "DischargeCheck",
    "Effect",
    "EventKind",
    "Phase",
    "Route",
    "Sedation",
    "SessionState",
    "Severity",
    "TreatmentModel",
]
