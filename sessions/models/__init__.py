"""`episodes`: the whole · `clinical`: care around doses · `before_dose`, `gates`, `dosing`: each
dose · `outcomes`: questionnaires · `alerts` · `stock`: the drug log · `notes`, `events`: what
others may read.
"""

from sessions.models.alerts import SafetyAlert
from sessions.models.before_dose import (
    DoseOrder,
    EscortPlan,
    IdentityCheck,
    PreDoseAnswer,
    PreDoseCheck,
)
from sessions.models.clinical import Clearance, ContraindicationAnswer, Intake, PreparationSession
from sessions.models.dosing import DosingSession, SideEffect, Vitals
from sessions.models.episodes import EpisodeOfCare
from sessions.models.events import CareEvent, IntegrationSession
from sessions.models.gates import GateOverride, OverrideReview
from sessions.models.notes import ContinuityNote, NoteSection
from sessions.models.outcomes import OutcomeError, OutcomeResponse, QuestionLink, Satisfaction
from sessions.models.stock import Discrepancy, StockEntry, Vial

__all__ = [
    "CareEvent",
    "Clearance",
    "ContinuityNote",
    "ContraindicationAnswer",
    "Discrepancy",
    "DoseOrder",
    "DosingSession",
    "EpisodeOfCare",
    "EscortPlan",
    "GateOverride",
    "IdentityCheck",
    "Intake",
    "IntegrationSession",
    "NoteSection",
    "OutcomeError",
    "OutcomeResponse",
    "OverrideReview",
    "PreDoseAnswer",
    "PreDoseCheck",
    "PreparationSession",
    "QuestionLink",
    "SafetyAlert",
    "Satisfaction",
    "SideEffect",
    "StockEntry",
    "Vial",
    "Vitals",
]
