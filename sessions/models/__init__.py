"""`episodes`: the whole · `clinical`: care around doses · `before_dose`, `gates`, `dosing`: each
dose · `notes`, `events`.
"""

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

__all__ = [
    "CareEvent",
    "Clearance",
    "ContinuityNote",
    "ContraindicationAnswer",
    "DoseOrder",
    "DosingSession",
    "EpisodeOfCare",
    "EscortPlan",
    "GateOverride",
    "IdentityCheck",
    "Intake",
    "IntegrationSession",
    "NoteSection",
    "OverrideReview",
    "PreDoseAnswer",
    "PreDoseCheck",
    "PreparationSession",
    "SideEffect",
    "Vitals",
]
