"""What the clinic records before the first dose and around doses."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from consent.enums import Category
from referrals.enums import FIT_KINDS, Answer
from sessions.actions import (
    aftercare,
    evidence,
    intake,
    preparation,
    screening,
)
from sessions.enums import ClearanceResult
from sessions.enums.screening import QUESTIONS, DocumentKind
from sessions.enums.therapy import Challenge, Modality, Readiness
from sessions.models import (
    Clearance,
    EpisodeOfCare,
    IntegrationRecord,
    Screening,
)
from tests.consent.scans import scan
from tests.factories import (
    INTERNAL,
    Cast,
)

C = Category


class Records:
    """About one episode; each step is the real action of whoever does it."""

    cast: Cast
    episode: EpisodeOfCare

    def screen(self, **changes) -> Screening:
        """Everything asked and measured, by the nurse; allergies as "Penicillin (rash)"."""
        content = {
            "medicines": f"{INTERNAL}medicines",
            "weight_kg": Decimal(70),
            "systolic": 124,
            "diastolic": 78,
            "heart_rate": 72,
            "spo2": 98,
            **changes,
        }
        answers = dict.fromkeys(QUESTIONS, ("no", f"{INTERNAL}comment"))
        answers |= content.pop("answers", {})
        substance, _, reaction = content.pop("allergies", f"{INTERNAL}allergies").partition(" (")
        return screening.record_screening(
            by=self.cast.nurse,
            episode=self.episode,
            form_key=uuid4(),
            content=content,
            answers=answers,
            allergies=[(substance, reaction.rstrip(")") or "not known")],
        )

    def clear(self, **changes) -> Clearance:
        """Screened, and cleared with conditions; `changes` of the result or of the screening."""
        result = {
            "result": ClearanceResult.CONDITIONAL,
            "conditions": f"{INTERNAL}conditions",
            "valid_until": timezone.localdate() + timedelta(days=120),
        }
        mine = {name: changes.pop(name) for name in (*result, "despite") if name in changes}
        return screening.record_clearance(
            by=self.cast.prescriber,
            episode=self.episode,
            form_key=uuid4(),
            screening=self.screen(**changes),
            content={**result, **mine},
        )

    def prepare(self) -> None:
        by, episode = self.cast.kaptherapist, self.episode
        words = ("goals", "readiness_words", "support_plan", "support_contact", "fit_comment")
        intake.record_intake(
            by=by,
            episode=episode,
            form_key=uuid4(),
            content={
                **{name: f"{INTERNAL}{name}" for name in words},
                **dict.fromkeys(FIT_KINDS, Answer.YES),
                "readiness": Readiness.READY,
                "expected_doses": episode.expected_doses,
                "modality": Modality.OTHER,
                "modality_other": f"{INTERNAL}modality",
            },
        )
        content = {name: f"{INTERNAL}{name}" for name in ("intentions", "coping_tools", "themes")}
        preparation.record_preparation(
            by=by,
            episode=episode,
            form_key=uuid4(),
            content={**content, "held_at": timezone.now() - timedelta(days=2)},
        )

    def ask_around(self) -> None:
        """A document that came, and a consult that nobody has answered."""
        by, episode = self.cast.nurse, self.episode
        self.document = evidence.keep_document(
            by=by,
            episode=episode,
            form_key=uuid4(),
            kind=DocumentKind.ECG,
            title=f"{INTERNAL}title",
            pdf=scan(),
        )
        self.consult = evidence.ask_consult(
            by=by,
            episode=episode,
            form_key=uuid4(),
            content={"question": f"{INTERNAL}question", "of_whom": f"{INTERNAL}colleague"},
        )

    def integrate(self, at: datetime, **changes) -> IntegrationRecord:
        """A session of the clinic's with a frightening experience that somebody comes back to."""
        words = ("narrative", "meaning", "goals", "action_steps", "handling", "next_preparation")
        self.integration = aftercare.record_integration(
            by=self.cast.kaptherapist,
            episode=self.episode,
            form_key=uuid4(),
            content={
                **{name: f"{INTERNAL}{name}" for name in words},
                "held_at": at,
                "challenge": Challenge.FRIGHTENING,
                "follow_up_by": self.cast.nurse,
                "follow_up_due": timezone.localdate() + timedelta(days=2),
                **changes,
            },
        )
        return self.integration
