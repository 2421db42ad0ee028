"""A made-up clinic, row by row: what real actions would take too long for, many times over.

Constraints and triggers hold as always; only a dose is given without its gates.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from audit.models import AuditEvent
from audit.record import record
from consent.enums import Category
from consent.ledger.accounting import Period
from people.enums import Role
from people.models import Client, Organization, User
from referrals.enums import Agreement, Collaboration, ReferralState
from referrals.models import Referral
from reminders.enums import ReminderState
from reminders.models import Reminder
from sessions.enums import Route, TreatmentModel
from sessions.enums.observing import Outcome
from sessions.instruments import QUESTIONNAIRES
from sessions.models import (
    AdverseEvent,
    AdverseEventUpdate,
    DoseOrder,
    DosingSession,
    EpisodeOfCare,
    OutcomeError,
    OutcomeResponse,
)
from tests import triggers
from tests.factories import Cast, identity, make_organization, make_user, utc

SPRING = Period(date(2026, 3, 1), date(2026, 5, 31), "America/New_York")
NOON = utc(2026, 4, 15, 16)
DAY = timedelta(days=1)
numbers = count(1)


class MadeUp:
    """A clinic with as many clients as are asked for."""

    def __init__(self, cast: Cast, clinic: Organization | None = None, staff: User | None = None):
        self.cast, self.clinic = cast, clinic or cast.clinic
        self.staff = staff or cast.prescriber

    def elsewhere(self) -> "MadeUp":
        """Another clinic."""
        clinic = make_organization("Southport Clinic", "clinic")
        return MadeUp(self.cast, clinic, make_user("Paula Prescriber", Role.PRESCRIBER, clinic))

    def referral(self, at: datetime = NOON, state: str = ReferralState.IN_PROGRESS, **fields):
        """Of a new client, unless one is given."""
        client = fields.pop("client", None) or Client.objects.create(
            created_by_organization=self.cast.practice,
            **identity(date_of_birth=date(1990, 1, 1) + next(numbers) * DAY),
        )
        return Referral.objects.create(
            client=client,
            practice=self.cast.practice,
            clinic=self.clinic,
            referrer=self.cast.therapist,
            state=state,
            reason="Made up",
            collaboration=Collaboration.CLINIC_MEDICAL,
            agreement=Agreement.TOGETHER,
            agreed_on=date(2026, 1, 1),
            submitted_at=at,
            **fields,
        )

    def episode(self, owner: User | None = None) -> EpisodeOfCare:
        referral, owner = self.referral(at=utc(2025, 1, 1)), owner or self.staff
        return EpisodeOfCare.objects.create(
            referral=referral,
            client=referral.client,
            clinic=self.clinic,
            treatment_model=TreatmentModel.PI,
            collaboration=Collaboration.SHARED,
            expected_doses=6,
            preparation_owner=owner,
            integration_owner=owner,
            opened_by=self.staff,
        )

    def score(self, episode, instrument: str, score: int, at: datetime, *, error: bool = False):
        asked = QUESTIONNAIRES[instrument]
        most = int(asked.digits[-1])
        digits = [min(most, max(0, score - most * item)) for item in range(len(asked.items))]
        row = OutcomeResponse.unscoped.create(
            client=episode.client,
            episode=episode,
            category=Category.OUTCOMES,
            author_organization=self.clinic,
            author=self.staff,
            instrument=instrument,
            answers="".join(map(str, digits)),
            occurred_at=at,
        )
        if error:
            OutcomeError.objects.create(response=row, reason="Mixed up", recorded_by=self.staff)

    def course(self, instrument: str, *scores: int, at: datetime = NOON) -> EpisodeOfCare:
        """A new client's scores: the first half a year before, the others each day from `at` on."""
        episode = self.episode()
        self.score(episode, instrument, scores[0], at - 180 * DAY)
        for place, score in enumerate(scores[1:]):
            self.score(episode, instrument, score, at + place * DAY)
        return episode

    def plan(self, episode: EpisodeOfCare, at: datetime) -> DosingSession:
        number = DosingSession.objects.filter(episode=episode).count() + 1
        return DosingSession.objects.create(
            episode=episode, number=number, planned_at=at, planned_by=self.staff
        )

    def dosed(self, moments: Iterable[datetime], episode: EpisodeOfCare | None = None):
        episode = episode or self.episode()
        with triggers.disabled("care_sessions_dosingsession"):
            for at in moments:
                row = self.plan(episode, at)
                given = {"route": Route.IM, "dose_mg": Decimal(50)}
                row.order = DoseOrder.objects.create(dosing=row, recorded_by=self.staff, **given)
                row.weight_kg, row.given_at, row.given_by = Decimal(70), at, self.staff
                row.given_on = self.clinic.day_of(at)
                row.route, row.dose_mg = given["route"], given["dose_mg"]
                row.save()
        return episode

    def adverse(self, grade: int, at: datetime = NOON, episode=None, later: int = 0):
        """An event of this CTCAE grade; `later` is the grade it was told to have a day after."""
        episode, outcome = episode or self.episode(), Outcome.RECOVERED
        told_by = {"recorded_by": self.staff, "outcome": outcome}
        event = AdverseEvent.objects.create(
            episode=episode, at=at, severity=grade, what="Made up", **told_by
        )
        if later:
            AdverseEventUpdate.objects.create(event=event, at=at + DAY, severity=later, **told_by)
        return event

    def window(
        self,
        state: str = ReminderState.DONE,
        *,
        episode: EpisodeOfCare | None = None,
        kind: str = "primary",
        closes_at: datetime = NOON,
        **fields,
    ) -> Reminder:
        """A window that closed, of its own dose; its owner is who integrates."""
        episode = episode or self.episode()
        return Reminder.objects.create(
            episode=episode,
            dosing=self.plan(episode, closes_at - 2 * DAY),
            kind=kind,
            owner=episode.integration_owner,
            opens_at=closes_at - DAY,
            closes_at=closes_at,
            state=state,
            **fields,
        )


def told(measure) -> dict[str, dict[str, str]]:
    """What a measure says, table by table and line by line."""
    return {
        part.title: {
            line.label: line.clients_text if part.counts_clients else line.text
            for line in part.table.lines
        }
        for part in measure.parts
    }


def moved(referral: Referral, event: str, at: datetime) -> None:
    """A line of the audit log as of then."""
    record(event, by=None, on=referral)
    with triggers.disabled("audit_auditevent"):
        row = AuditEvent.objects.order_by("-pk").first()
        AuditEvent.objects.filter(pk=row.pk).update(at=at)
