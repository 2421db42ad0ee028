"""A case told step by step with the real actions. Only the past is written by hand."""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import time_machine
from django.utils import timezone

from consent.enums import Category
from people.models import User
from referrals.actions.drafting import begin_referral, save_context, save_fields, submit_referral
from referrals.actions.triage import accept_referral
from referrals.enums import FIT_KINDS, Agreement, Answer, Collaboration
from referrals.models import Referral
from sessions.actions import (
    adverse,
    before_dose,
    care,
    dosing,
    integration,
    notes,
    observing,
)
from sessions.actions.discharge import discharge
from sessions.actions.dosing import LATEST_ENTRY
from sessions.actions.giving import give_dose
from sessions.actions.own_notes import begin_own_note
from sessions.enums import DischargeCheck, Effect, Route, TreatmentModel
from sessions.enums.gates import PreDoseItem
from sessions.enums.observing import Grade, Outcome
from sessions.models import (
    ContinuityNote,
    DoseOrder,
    DosingSession,
    EpisodeOfCare,
)
from sessions.models.psychotherapy import PsychotherapyNote
from tests.factories import (
    CLINIC,
    CLINIC_SENSITIVE,
    INTERNAL,
    OWN_NOTE,
    REASON,
    SENT,
    Cast,
    identity,
)
from tests.records import Records
from tests.releases import Releases
from tests.treatments import Treatments

C = Category


def entered_before(at: datetime) -> time_machine.travel:
    """The quarter of an hour before `at`, where it lies behind; otherwise now."""
    now = timezone.now()
    return time_machine.travel(at - timedelta(minutes=15) if at <= now else now)


class Builder(Releases, Treatments, Records):
    """One client and the way so far. Every step is the real action of whoever does it."""

    def __init__(self, cast: Cast, referrer: User | None = None):
        self.cast = cast
        self.referrer = referrer or cast.therapist

    # ------------------------------------------------------------ the practice
    def draft(self, **changes) -> Referral:
        self.referral = begin_referral(
            by=self.referrer,
            clinic=self.cast.clinic,
            form_key=uuid4(),
            identity=identity(**changes),
        )
        self.client = self.referral.client
        return self.referral

    def fill_in(self) -> Referral:
        by, referral = self.referrer, self.referral
        fields = {
            "reason": REASON,
            "collaboration": Collaboration.CLINIC_MEDICAL,
            "agreement": Agreement.TOGETHER,
            "agreed_on": timezone.localdate(),
        }
        answers = {**SENT, **dict.fromkeys(FIT_KINDS, Answer.YES)}
        referral = save_fields(by=by, referral=referral, version=referral.version, fields=fields)
        self.referral = save_context(
            by=by, referral=referral, version=referral.version, answers=answers
        )
        return self.referral

    def send(self, **changes) -> Referral:
        self.draft(**changes)
        self.fill_in()
        self.referral = submit_referral(by=self.referrer, referral=self.referral)
        return self.referral

    # ------------------------------------------------------------ the clinic
    def accept(self) -> Referral:
        self.referral = accept_referral(
            by=self.cast.coordinator, referral=self.referral, text=CLINIC[C.READINESS]
        )
        return self.referral

    def open(self, **plan) -> EpisodeOfCare:
        owners = {"preparation_owner": self.referrer, "integration_owner": self.referrer}
        owners |= {name: plan[name] for name in owners if name in plan}
        self.episode = care.open_episode(
            by=self.cast.prescriber,
            referral=self.referral,
            plan={
                "treatment_model": TreatmentModel.PI,
                "collaboration": self._split(set(owners.values())),
                "expected_doses": 6,
                **owners,
                **plan,
            },
        )
        self.referral.refresh_from_db()
        return self.episode

    def _split(self, owners: set[User]) -> Collaboration:
        """The split that fits these owners."""
        if owners == {self.referrer}:
            return Collaboration.CLINIC_MEDICAL
        return Collaboration.SHARED if self.referrer in owners else Collaboration.CLINIC_FULL

    def plan(self, at: datetime) -> DosingSession:
        self.dosing = dosing.plan_dose(
            by=self.cast.prescriber, episode=self.episode, form_key=uuid4(), planned_at=at
        )
        return self.dosing

    def give(self, hours_ago: float, **changes) -> DosingSession:
        """Plan and give a dose, with a row of vitals, a side effect and a discharge."""
        given_at = timezone.now() - timedelta(hours=hours_ago)
        nurse = self.cast.nurse
        self.begin_dose(given_at, **changes)
        rows = {"by": nurse, "dosing": self.dosing, "at": given_at}
        values = {"systolic": 128, "diastolic": 80, "heart_rate": 72, "spo2": 98}
        observing.record_vitals(
            **rows, form_key=uuid4(), values={**values, "note": f"{INTERNAL}vitals"}
        )
        observing.record_side_effect(
            **rows,
            form_key=uuid4(),
            values={"effect": Effect.NAUSEA, "note": f"{INTERNAL}effect"},
        )
        adverse.record_adverse_event(
            by=nurse,
            episode=self.episode,
            form_key=uuid4(),
            at=given_at,
            values={
                "dosing": self.dosing,
                "what": f"{INTERNAL}adverse",
                "severity": Grade.MILD,
                "outcome": Outcome.RECOVERED,
            },
        )
        self.dosing = self.leave(self.dosing, given_at + timedelta(hours=2))
        return self.dosing

    def begin_dose(self, given_at: datetime, **changes) -> DosingSession:
        """Plan and give a dose; the client is still in the clinic."""
        planned = self.plan(given_at)
        order = self.make_ready(planned, **changes)
        self.dosing = give_dose(by=self.cast.nurse, dosing=planned, order=order, given_at=given_at)
        return self.dosing

    def leave(self, given: DosingSession, at: datetime | None = None) -> DosingSession:
        """The client goes home."""
        return discharge(
            by=self.cast.nurse,
            dosing=given,
            discharged_at=at or timezone.now(),
            mental_status=f"{INTERNAL}status",
            escort=f"{INTERNAL}escort",
            checks=DischargeCheck.values,
            despite=f"{INTERNAL}despite",
        )

    def make_ready(
        self, planned: DosingSession, before: datetime | None = None, **changes
    ) -> DoseOrder:
        """An order, and every gate of the dose open: entered before the moment of the dose, which
        is that of the plan unless `before` names another; now where it lies ahead."""
        with entered_before(before or planned.planned_at):
            return self._make_ready(planned, **changes)

    def _make_ready(self, planned: DosingSession, **changes) -> DoseOrder:
        nurse, content = self.cast.nurse, {"route": Route.IM, "dose_mg": Decimal(50), **changes}
        weight = content.pop("weight_kg", Decimal(70))
        about = {"dosing": planned, "by": nurse}
        born = planned.episode.client.date_of_birth
        before_dose.confirm_identity(**about, form_key=uuid4(), date_of_birth=born)
        before_dose.record_checks(
            **about,
            form_key=uuid4(),
            weight_kg=weight,
            answers=dict.fromkeys(PreDoseItem, True),
        )
        before_dose.plan_escort(
            **about, form_key=uuid4(), name=f"{INTERNAL}escort", reached_by="555 0100"
        )
        return before_dose.order_dose(
            by=self.cast.prescriber, dosing=planned, form_key=uuid4(), **content
        )

    def write(self, texts: dict[str, str], substance_use: Collection[str] = ()) -> ContinuityNote:
        """A draft about the last dose."""
        by = self.cast.prescriber
        note = notes.start_note(by=by, dosing=self.dosing)
        return notes.save_note(
            by=by, note=note, version=note.version, texts=texts, substance_use=substance_use
        )

    def note(self, texts: dict[str, str], substance_use: Collection[str] = ()) -> ContinuityNote:
        """A signed note about the last dose."""
        note = self.write(texts, substance_use)
        return notes.sign_note(by=self.cast.prescriber, note=note, version=note.version)

    def add_to(
        self, note: ContinuityNote, texts: dict[str, str], substance_use: Collection[str] = ()
    ) -> ContinuityNote:
        """A signed addition to a signed note; its reason stays at the clinic."""
        by = self.cast.kaptherapist
        draft = notes.start_addition(by=by, note=note)
        draft = notes.save_note(
            by=by,
            note=draft,
            version=draft.version,
            texts=texts,
            substance_use=substance_use,
            reason=f"{INTERNAL}why",
        )
        return notes.sign_note(by=by, note=draft, version=draft.version)

    def take_back(self, note: ContinuityNote) -> ContinuityNote:
        by = self.cast.prescriber
        return notes.mark_in_error(by=by, note=note, reason=f"{INTERNAL}mistake")

    def own_note(self, text: str = OWN_NOTE, by: User | None = None) -> PsychotherapyNote:
        """A psychotherapy note, still open."""
        by = by or self.cast.kaptherapist
        return begin_own_note(by=by, episode=self.episode, form_key=uuid4(), text=text)

    def log_session(self, at: datetime, by: User | None = None, **fields):
        return integration.log_session(
            by=by or self.referrer, episode=self.episode, form_key=uuid4(), at=at, **fields
        )

    # ------------------------------------------------------------ the whole of it
    def begin_care(self, **plan) -> EpisodeOfCare:
        """Sent, accepted, opened, cleared and agreed."""
        self.send()
        self.accept()
        self.admit(**plan)
        self.agree()
        return self.episode

    def admit(self, **plan) -> EpisodeOfCare:
        """Opened and cleared."""
        self.open(**plan)
        self.clear_in_time()
        return self.episode

    def clear_in_time(self) -> None:
        """Cleared before any dose that can be recorded now."""
        with entered_before(timezone.now() - LATEST_ENTRY):
            self.clear()

    def agree(self) -> None:
        """The client consented to treatment some weeks ago."""
        self.consent_to_treatment(days_ago=60)

    def treat(self) -> None:
        """Two doses with signed notes in every category, a third with a draft."""
        self.prepare()
        self.ask_around()
        self.give(hours_ago=80)
        self.note({category: text for category, text in CLINIC.items() if category != C.READINESS})
        self.give(hours_ago=30)
        self.note({C.RESPONSE: CLINIC_SENSITIVE}, substance_use=[C.RESPONSE])
        self.give(hours_ago=5)
        self.write({C.RESPONSE: f"{INTERNAL}draft"})
        self.own_note()

    def full(self) -> "Builder":
        """A whole case: everything recorded, nothing released."""
        self.begin_care()
        self.treat()
        return self
