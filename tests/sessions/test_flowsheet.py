"""The flow sheet: phases, what is due, what alarms, what is late."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from people.models import User
from sessions import flowsheet
from sessions.models import DosingSession, SideEffect, Vitals

pytestmark = pytest.mark.usefixtures("_in_utc")
GIVEN = datetime(2026, 7, 14, 14, tzinfo=UTC)
NURSE = User(name="Mira Patel", credentials="RN")


@pytest.fixture
def _in_utc():
    with timezone.override(UTC):
        yield


def dose(route="im", **fields):
    fields = {"given_at": GIVEN, "given_by": NURSE, "dose_mg": Decimal(50), **fields}
    return DosingSession(number=1, route=route, recorded_at=GIVEN, **fields)


def reading(minutes, systolic=120, diastolic=80, late=0, **fields):
    at = GIVEN + timedelta(minutes=minutes)
    return Vitals(
        at=at,
        systolic=systolic,
        diastolic=diastolic,
        heart_rate=70,
        spo2=fields.pop("spo2", 98),
        recorded_by=NURSE,
        recorded_at=at + timedelta(minutes=late),
    )


@pytest.mark.parametrize(
    ("minutes", "label", "inside"),
    [(0, "Onset", 0), (19, "Onset", 19), (20, "Peak", 0), (47, "Peak", 27), (60, "Resolution", 0),
     (119, "Resolution", 59), (120, "After", 0), (600, "After", 480)],
)  # fmt: skip
def test_the_phase_by_minutes_since_the_dose(minutes, label, inside):
    found = flowsheet.clock_of(dose(), GIVEN + timedelta(minutes=minutes))
    assert (found.label, found.in_phase, found.since) == (label, inside, minutes)
    assert [p.state for p in found.phases].count("now") == 1
    assert all(p.done % 5 == 0 and p.done <= 100 for p in found.phases)


def test_no_phase_before_the_dose_or_after_the_discharge():
    assert flowsheet.clock_of(DosingSession(), GIVEN) is None
    left = dose(discharged_at=GIVEN + timedelta(hours=2))
    assert flowsheet.clock_of(left, GIVEN + timedelta(hours=3)) is None


@pytest.mark.parametrize(
    ("route", "vitals", "minutes"),
    [
        ("iv", [], 15),
        ("iv", [reading(15)], 30),
        ("im", [], 40),
        ("im", [reading(10)], 40),
        ("im", [reading(40)], None),
        ("im", [reading(40, 160, 90)], 55),
        ("im", [reading(40, 160, 90), reading(55)], None),
        ("oral", [reading(-10, 200, 100)], 40),
    ],
)
def test_when_vitals_are_due(route, vitals, minutes):
    expected = None if minutes is None else GIVEN + timedelta(minutes=minutes)
    assert flowsheet.due(dose(route), vitals, 40) == expected


def test_the_limit_is_stricter_before_the_dose():
    assert flowsheet.is_high(dose(), reading(-5, 141, 80), 40)
    assert not flowsheet.is_high(dose(), reading(5, 150, 95), 40)
    assert flowsheet.is_high(dose(), reading(5, 151, 80), 40)


def test_an_alarm_stands_until_it_is_rechecked():
    assert flowsheet.alarm(dose(), [reading(10)], 40) is None
    alone = flowsheet.alarm(dose(), [reading(30, 158, 96)], 40)
    assert alone.standing
    assert "158/96 at 14:30 was above 150/95" in alone.title
    again = flowsheet.alarm(dose(), [reading(35, 150, 92), reading(30, 158, 96)], 40)
    assert not again.standing
    assert "14:35: 150/92" in again.text


def test_rows_are_newest_first_and_late_ones_are_marked():
    effect = SideEffect(
        at=GIVEN + timedelta(minutes=31),
        effect="nausea",
        recorded_by=NURSE,
        recorded_at=GIVEN + timedelta(minutes=31),
    )
    rows = flowsheet.rows(dose(), [reading(-10, late=20), reading(30, spo2=93)], [effect], 40)
    assert [row.since for row in rows] == ["31 min", "30 min", "dose", "before"]
    assert rows[0].text == "Nausea, mild."
    assert rows[1].spo2_low
    assert [bool(row.late) for row in rows] == [False, False, False, True]
