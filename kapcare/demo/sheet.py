"""A dose that is going on while the sample data is looked at, written as it would have been."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from kapcare.demo.before_dose import make_ready
from kapcare.demo.case import Case
from kapcare.demo.data import Cast
from kapcare.demo.past import as_of
from sessions.actions import adverse, observing
from sessions.actions.giving import give_dose
from sessions.enums import TreatmentModel
from sessions.enums.observing import Grade, Outcome
from sessions.models import DosingSession

# minutes from the dose, systolic, diastolic, heart rate, SpO2, breaths, sedation
FLOW = (
    (15, 142, 88, 118, 97, 14, "calm"),
    (30, 158, 96, 92, 96, 16, "dissociated"),
    (35, 150, 92, 88, 96, None, ""),
)


def in_session(cast: Cast) -> None:
    """The second dose of somebody, given 47 minutes ago; the first had an adverse event."""
    case = Case(cast, "Owen", "Harris", date(1990, 11, 9), sent_days_ago=21)
    case.accept().open(owner=cast.kaptherapist, model=TreatmentModel.KAP).intake()
    case.clear(allergies="Latex (hives)").agreed(days_ago=10)
    now = timezone.now()
    case.dose(now - timedelta(days=6), "45", sign=False)
    _adverse_event(cast, case)
    given = (now - timedelta(minutes=47)).replace(second=0, microsecond=0)
    with as_of(given - timedelta(minutes=25)):
        dosing = case.plan(given)
    order = make_ready(cast, dosing, "50")
    with as_of(given):
        dosing = give_dose(by=cast.nurse, dosing=dosing, order=order, given_at=given)
    _sheet(cast, dosing, given)


def _sheet(cast: Cast, dosing: DosingSession, given: datetime) -> None:
    row: dict[str, Any] = {"by": cast.nurse, "dosing": dosing}
    for person, minutes in ((cast.kaptherapist, -20), (cast.nurse, -17)):
        with as_of(given + timedelta(minutes=minutes)) as at:
            values = {"person": person, "is_here": True}
            observing.record_presence(**row, form_key=uuid4(), at=at, values=values)
    with as_of(given - timedelta(minutes=7)):
        _vitals(row, given - timedelta(minutes=15), 124, 78, 72, 98, 14, "alert")
    for minutes, *numbers in FLOW:
        with as_of(given + timedelta(minutes=minutes)) as at:
            taken = _vitals(row, at, *numbers)
        if minutes == 15:
            _misread(cast, taken, given + timedelta(minutes=17))
    with as_of(given + timedelta(minutes=20)) as at:
        observing.mark_phase(**row, form_key=uuid4(), at=at, values={"phase": "peak"})
    with as_of(given + timedelta(minutes=32)) as at:
        values = {"effect": "nausea", "severity": "mild"}
        observing.record_side_effect(**row, form_key=uuid4(), at=at, values=values)
        observing.record_intervention(
            **row, form_key=uuid4(), at=at, values={"kind": "repositioned"}
        )


def _vitals(row: dict, at: datetime, *numbers):
    names = ("systolic", "diastolic", "heart_rate", "spo2", "respiratory_rate", "sedation")
    values = dict(zip(names, numbers, strict=True))
    return observing.record_vitals(**row, form_key=uuid4(), at=at, values=values)


def _misread(cast: Cast, taken, at: datetime) -> None:
    with as_of(at):
        observing.correct(
            by=cast.nurse,
            row=taken,
            form_key=uuid4(),
            reason="misread the screen",
            at=taken.at,
            values={"heart_rate": 81},
        )


def _adverse_event(cast: Cast, case: Case) -> None:
    dosing = case.episode.doses.get()
    assert dosing.given_at
    event = adverse.record_adverse_event(
        by=cast.nurse,
        episode=case.episode,
        form_key=uuid4(),
        at=dosing.given_at + timedelta(minutes=95),
        values={
            "dosing": dosing,
            "what": "Vomited twice on the way to the bathroom.",
            "severity": Grade.MODERATE,
            "outcome": Outcome.RECOVERING,
            "actions_taken": "Ondansetron 4 mg, lay down for 30 minutes.",
        },
    )
    adverse.update_adverse_event(
        by=cast.nurse,
        event=event,
        form_key=uuid4(),
        at=dosing.given_at + timedelta(minutes=135),
        values={"severity": Grade.MODERATE, "outcome": Outcome.RECOVERED, "note": "Drank and ate."},
    )
