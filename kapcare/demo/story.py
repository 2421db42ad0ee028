"""The clinical part of a sample case: from opening the episode to the last session."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Self
from uuid import uuid4

from django.utils import timezone

from consent.actions.treatment import USUAL_LENGTH, prepare_consent
from consent.enums import Category
from kapcare.demo.before_dose import make_ready
from kapcare.demo.data import Cast
from kapcare.demo.past import as_of, consent_in_the_past
from kapcare.demo.record import call_after
from people.models import User
from referrals.enums import FIT_KINDS, Answer, Collaboration
from referrals.models import Referral
from sessions.actions.care import open_episode
from sessions.actions.discharge import discharge
from sessions.actions.dosing import plan_dose
from sessions.actions.ending import end_episode
from sessions.actions.giving import give_dose
from sessions.actions.intake import record_intake
from sessions.actions.integration import log_session
from sessions.actions.notes import save_note, sign_note, start_note
from sessions.actions.observing import record_side_effect, record_vitals
from sessions.actions.preparation import record_preparation
from sessions.actions.screening import record_clearance, record_screening
from sessions.enums import ClearanceResult, DischargeCheck, Effect, TreatmentModel
from sessions.enums.screening import QUESTIONS
from sessions.enums.therapy import Modality, Readiness
from sessions.models import Screening

# minutes from the dose, systolic, diastolic, heart rate, SpO2
FLOW = ((-15, 124, 78, 72, 98), (15, 142, 88, 81, 97), (40, 138, 86, 84, 97), (90, 126, 80, 74, 98))


class ClinicalStory:
    """Told by the clinic's staff (`cast`) about a client whom `referrer` sent."""

    cast: Cast
    referral: Referral
    referrer: User
    sent_days_ago: int

    def open(self, owner: User | None = None, model: str = TreatmentModel.PI) -> Self:
        owner = owner or self.referrer
        inside = owner != self.referrer
        self.episode = open_episode(
            by=self.cast.prescriber,
            referral=self.referral,
            plan={
                "treatment_model": model,
                "collaboration": Collaboration.CLINIC_FULL
                if inside
                else Collaboration.CLINIC_MEDICAL,
                "expected_doses": 6,
                "preparation_owner": owner,
                "integration_owner": owner,
            },
        )
        return self

    def intake(self) -> Self:
        record_intake(
            by=self.cast.prescriber,
            episode=self.episode,
            form_key=uuid4(),
            content={
                **dict.fromkeys(FIT_KINDS, Answer.YES),
                "goals": "Less bracing, better sleep.",
                "readiness": Readiness.READY,
                "readiness_words": "Curious, a little afraid; has practised grounding.",
                "expected_doses": 6,
                "modality": Modality.ACT,
                "support_plan": "Sister stays the night after each dose.",
                "support_contact": "Sister, 555 0142; after hours the clinic’s line",
            },
        )
        return self

    def screen(self, allergies: str = "None known") -> Screening:
        """Asked and measured by the nurse; allergies as “Penicillin (rash)”."""
        substance, _, reaction = allergies.partition(" (")
        none = allergies == "None known"
        return record_screening(
            by=self.cast.nurse,
            episode=self.episode,
            form_key=uuid4(),
            content={
                "no_known_allergies": none,
                "medicines": "Sertraline 100 mg daily",
                "weight_kg": Decimal("72.4"),
                "height_cm": 168,
                "systolic": 128,
                "diastolic": 82,
                "heart_rate": 70,
                "spo2": 98,
            },
            answers=dict.fromkeys(QUESTIONS, (Answer.NO, "")),
            allergies=[] if none else [(substance, reaction.rstrip(")"))],
        )

    def clear(self, allergies: str = "None known") -> Self:
        """Some days after the referral came, before any dose."""
        content = {
            "result": ClearanceResult.CLEARED,
            "valid_until": timezone.localdate() + timedelta(days=29),
        }
        with as_of(timezone.now() - timedelta(days=max(self.sent_days_ago - 3, 0))):
            record_clearance(
                by=self.cast.prescriber,
                episode=self.episode,
                form_key=uuid4(),
                screening=self.screen(allergies),
                content=content,
            )
        return self

    def agreed(self, *, days_ago: float) -> Self:
        """The client signed the consent to treatment so many days ago, for a year."""
        cast = self.cast
        self.consent = consent_in_the_past(
            client=self.referral.client,
            clinic=cast.clinic,
            by=cast.nurse,
            explained_by=cast.prescriber,
            signed_at=timezone.now() - timedelta(days=days_ago),
        )
        return self

    def asked_to_agree(self) -> Self:
        """Explained today; it waits for the client's answer."""
        cast = self.cast
        prepare_consent(
            by=cast.nurse,
            client=self.referral.client,
            clinic=cast.clinic,
            form_key=uuid4(),
            last_day=cast.clinic.today + USUAL_LENGTH,
            explained_by=cast.prescriber,
            explained_on=cast.clinic.today,
        )
        return self

    def prepare(self, *, days_ago: int) -> Self:
        record_preparation(
            by=self.cast.kaptherapist,
            episode=self.episode,
            form_key=uuid4(),
            content={
                "held_at": timezone.now() - timedelta(days=days_ago),
                "intentions": "To stop bracing.",
                "coping_tools": "Breathing out slowly; a hand on the blanket.",
                "change_language": "“I want to put it down. I am not sure I can.”",
                "themes": "Grief.",
                "trust": "Knows the room; asked that the door stays ajar.",
                "expectations_discussed": True,
            },
        )
        return self

    def plan(self, at: datetime):
        """A dose planned on the next full five minutes."""
        at = at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)
        return plan_dose(
            by=self.cast.prescriber, episode=self.episode, form_key=uuid4(), planned_at=at
        )

    def dose(
        self,
        at: datetime,
        mg: str,
        *,
        response: str = "",
        safety: str = "",
        focus: str = "",
        sign: bool = True,
    ) -> Self:
        nurse = self.cast.nurse
        dosing = plan_dose(
            by=self.cast.prescriber, episode=self.episode, form_key=uuid4(), planned_at=at
        )
        order = make_ready(self.cast, dosing, mg)
        dosing = give_dose(by=nurse, dosing=dosing, order=order, given_at=at)
        for minutes, systolic, diastolic, heart_rate, spo2 in FLOW:
            record_vitals(
                by=nurse,
                dosing=dosing,
                form_key=uuid4(),
                at=at + timedelta(minutes=minutes),
                values={
                    "systolic": systolic + (16 if safety and minutes == 15 else 0),
                    "diastolic": diastolic,
                    "heart_rate": heart_rate,
                    "spo2": spo2,
                },
            )
        if safety:
            record_side_effect(
                by=nurse,
                dosing=dosing,
                form_key=uuid4(),
                at=at + timedelta(minutes=30),
                values={"effect": Effect.RAISED_PRESSURE},
            )
        dosing = discharge(
            by=nurse,
            dosing=dosing,
            discharged_at=at + timedelta(minutes=140),
            mental_status="oriented, steady, mood brighter",
            escort="Sister",
            checks=DischargeCheck.values,
        )
        self._note(dosing, response, safety, focus, sign)
        call_after(self, dosing, at)
        return self

    def _note(self, dosing, response: str, safety: str, focus: str, sign: bool) -> None:
        by = self.cast.kaptherapist
        note = start_note(by=by, dosing=dosing)
        if not sign:
            return
        texts = {**note.draft, Category.RESPONSE: response, Category.INTEGRATION: focus}
        if safety:
            texts[Category.SAFETY] = f"{safety}\n{texts[Category.SAFETY].splitlines()[-1]}"
        note = save_note(by=by, note=note, version=note.version, texts=texts)
        sign_note(by=by, note=note, version=note.version)

    def end(self, reason: str) -> Self:
        end_episode(
            by=self.cast.prescriber, episode=self.episode, reason=reason, ended_at=timezone.now()
        )
        return self

    def session(self, by: User, at: datetime) -> Self:
        log_session(by=by, episode=self.episode, form_key=uuid4(), at=at)
        return self
