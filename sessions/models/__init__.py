"""`episodes`: the whole · `plans`, `intake`, `screening`, `evidence`: before the first dose ·
`before_dose`, `gates`, `dosing`: each dose · `observations`, `adverse`, `monitoring`: what is seen
during it · `therapy`: around doses · `outcomes`: questionnaires · `alerts`,
`emergency_notice` · `stock` · `notes`, `events`: what others may read · `coordination`, `goals`:
between two houses · `psychotherapy`: what nobody but its author reads.
"""

from sessions.models.adverse import AdverseEvent, AdverseEventReview, AdverseEventUpdate
from sessions.models.alerts import SafetyAlert
from sessions.models.appointments import Appointment, CalendarFeed, Room
from sessions.models.before_dose import (
    DoseOrder,
    EscortPlan,
    IdentityCheck,
    PreDoseAnswer,
    PreDoseCheck,
)
from sessions.models.coordination import CoordinationAnswer, CoordinationPlan, PlanDuty
from sessions.models.discharge import DischargeConfirmation
from sessions.models.dosing import DoseCorrection, DosingSession
from sessions.models.emergency_notice import EmergencyNotice, NoticeCall, NoticeEscalation
from sessions.models.episodes import EpisodeOfCare
from sessions.models.events import (
    CareEvent,
    IntegrationSession,
    SessionError,
    SessionThemes,
)
from sessions.models.evidence import CareDocument, Consult, ConsultAnswer, DocumentInError
from sessions.models.gates import GateOverride, OverrideReview
from sessions.models.goals import Goal, GoalEnd, GoalProgress
from sessions.models.intake import Intake
from sessions.models.monitoring import MonitoringPlan
from sessions.models.notes import ContinuityNote, NoteSection
from sessions.models.observations import Intervention, PhaseMark, Presence, SideEffect, Vitals
from sessions.models.outcomes import OutcomeError, OutcomeResponse, QuestionLink, Satisfaction
from sessions.models.plans import CarePlan
from sessions.models.psychotherapy import PsychotherapyNote
from sessions.models.screening import Allergy, Clearance, Screening, ScreeningAnswer
from sessions.models.stock import Discrepancy, StockEntry, Vial
from sessions.models.therapy import DelayedCheck, FollowUp, IntegrationRecord, PreparationSession
from sessions.models.windows import WindowPlan

__all__ = [
    "Appointment",
    "CalendarFeed",
    "Room",
    "AdverseEvent",
    "AdverseEventReview",
    "AdverseEventUpdate",
    "Allergy",
    "CareDocument",
    "CareEvent",
    "CarePlan",
    "Clearance",
    "Consult",
    "ConsultAnswer",
    "ContinuityNote",
    "CoordinationAnswer",
    "CoordinationPlan",
    "DelayedCheck",
    "DischargeConfirmation",
    "Discrepancy",
    "DocumentInError",
    "DoseCorrection",
    "DoseOrder",
    "DosingSession",
    "EmergencyNotice",
    "EpisodeOfCare",
    "EscortPlan",
    "FollowUp",
    "GateOverride",
    "Goal",
    "GoalEnd",
    "GoalProgress",
    "IdentityCheck",
    "Intake",
    "IntegrationRecord",
    "IntegrationSession",
    "Intervention",
    "MonitoringPlan",
    "NoteSection",
    "NoticeCall",
    "NoticeEscalation",
    "OutcomeError",
    "OutcomeResponse",
    "OverrideReview",
    "PhaseMark",
    "PlanDuty",
    "PreDoseAnswer",
    "PreDoseCheck",
    "PreparationSession",
    "Presence",
    "PsychotherapyNote",
    "QuestionLink",
    "SafetyAlert",
    "Satisfaction",
    "Screening",
    "ScreeningAnswer",
    "SessionError",
    "SessionThemes",
    "SideEffect",
    "StockEntry",
    "Vial",
    "Vitals",
    "WindowPlan",
]
