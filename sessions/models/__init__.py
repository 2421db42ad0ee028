"""`episodes`: the whole · `clinical`: before a dose · `dosing`: the dose · `notes`, `events`."""

from sessions.models.clinical import Clearance, ContraindicationAnswer, Intake, PreparationSession
from sessions.models.dosing import DosingSession, SideEffect, Vitals
from sessions.models.episodes import EpisodeOfCare
from sessions.models.events import CareEvent, IntegrationSession
from sessions.models.notes import ContinuityNote, NoteSection

__all__ = [
    "CareEvent",
    "Clearance",
    "ContinuityNote",
    "ContraindicationAnswer",
    "DosingSession",
    "EpisodeOfCare",
    "Intake",
    "IntegrationSession",
    "NoteSection",
    "PreparationSession",
    "SideEffect",
    "Vitals",
]
