"""The flow sheet: phases, what is due, what alarms, what is late, what was corrected."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from people.models import User
from sessions import flowsheet, leaving, limits, monitoring
from sessions.models import DosingSession, Intervention, PhaseMark, Presence, SideEffect, Vitals
from sessions.observed import Sheet, counting, here
from sessions.phases import clock_of

pytestmark = pytest.mark.usefixtures("_in_utc")
GIVEN = datetime(2026, 7, 14, 14, tzinfo=UTC)
NURSE = User(pk=1, name="Mira Patel", credentials="RN")
OTHER = User(pk=2, name="Alex Rivera", credentials="MD")


@pytest.fixture
def _in_utc():
    with timezone.override(UTC):
        yield


def at(minutes: float) -> datetime:
    return GIVEN + timedelta(minutes=minutes)


def dose(route="im", **fields):
    fields = {"given_at": GIVEN, "given_by": NURSE, "dose_mg": Decimal(50), **fields}
    return DosingSession(number=1, route=route, recorded_at=GIVEN, **fields)


def seen(model, minutes, late=0, **fields):
    moment = at(minutes)
    recorded = moment + timedelta(minutes=late)
    return model(at=moment, recorded_by=NURSE, recorded_at=recorded, **fields)


def reading(minutes, systolic=120, diastolic=80, **fields):
    usual = {"heart_rate": 70, "spo2": 98}
    return seen(Vitals, minutes, systolic=systolic, diastolic=diastolic, **{**usual, **fields})


def plan(route="im", **changes):
    found = monitoring.default_plan(None, route)
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def sheet(*vitals, dosing=None, age=40, **rows):
    dosing = dosing or dose()
    return Sheet(dosing, age, plan(dosing.route or "im"), vitals, **rows)


# ---------------------------------------------------------------- phases


@pytest.mark.parametrize(
    ("model", "minutes", "label", "inside"),
    [("pi", 0, "Onset", 0), ("pi", 19, "Onset", 19), ("pi", 20, "Peak", 0), ("pi", 47, "Peak", 27),
     ("pi", 60, "Resolution", 0), ("pi", 600, "Resolution", 540), ("kap", 119, "Resolution", 59),
     ("kap", 120, "Post-session", 0), ("kap", 600, "Post-session", 480)],
)  # fmt: skip
def test_without_a_mark_the_phase_is_estimated_from_the_dose(model, minutes, label, inside):
    found = clock_of(dose(), [], at(minutes), model)
    assert (found.label, found.in_phase, found.since) == (label, inside, minutes)
    assert [p.state for p in found.phases].count("now") == 1
    assert all(p.done % 5 == 0 and p.done <= 100 for p in found.phases)
    assert not found.is_marked
    assert found.is_about == (label != "Onset")


def test_a_mark_tells_the_phase_however_long_it_lasts():
    marks = [seen(PhaseMark, 31, phase="peak")]
    found = clock_of(dose(), marks, at(90), "pi")
    assert (found.label, found.in_phase, found.usual) == ("Peak", 59, "usually 20–40")
    assert found.is_marked
    assert not found.is_about
    later = [seen(PhaseMark, 80, phase="resolution"), *marks]
    assert clock_of(dose(), later, at(90), "pi").label == "Resolution"


def test_what_comes_before_the_dose_is_a_phase_once_it_is_marked():
    marks = [seen(PhaseMark, -30, phase="before")]
    assert clock_of(DosingSession(), [], at(-10), "kap") is None
    found = clock_of(DosingSession(), marks, at(-10), "kap")
    assert (found.label, found.in_phase, found.since) == ("Pre-session", 20, None)
    assert clock_of(dose(), marks, at(5), "kap").label == "Onset"


def test_no_phase_after_the_discharge():
    left = dose(discharged_at=at(120))
    assert clock_of(left, [seen(PhaseMark, 31, phase="peak")], at(180), "pi") is None


# ---------------------------------------------------------------- vitals: due, out of range, alarms


@pytest.mark.parametrize(
    ("route", "vitals", "minutes"),
    [
        ("iv", [], 15),
        ("iv", [reading(15)], 30),
        ("iv", [reading(24)], 30),
        ("iv", [reading(26)], 45),
        ("iv", [reading(120)], None),
        ("iv", [reading(120, 160, 90)], 135),
        ("im", [], 40),
        ("im", [reading(10)], 40),
        ("im", [reading(40)], None),
        ("im", [reading(40, 160, 90)], 55),
        ("im", [reading(40, spo2=90)], 55),
        ("im", [reading(40, 160, 90), reading(55)], None),
        ("oral", [reading(-10, 200, 100)], 40),
    ],
)
def test_when_vitals_are_due(route, vitals, minutes):
    expected = None if minutes is None else at(minutes)
    assert monitoring.due(dose(route), vitals, 40, plan(route)) == expected


def test_the_clinics_own_schedule_says_when():
    own = plan(first=10, every=5, until=20)
    due = [monitoring.due(dose(), vitals, 40, own) for vitals in ([], [reading(10)], [reading(20)])]
    assert due == [at(10), at(15), None]
    assert monitoring.due(dose(), [reading(20, 160, 90)], 40, own) == at(25)
    assert monitoring.due(dose(discharged_at=at(90)), [], 40, own) is None
    assert monitoring.due(DosingSession(), [], 40, own) is None


@pytest.mark.parametrize(
    ("vitals", "measure"),
    [
        (reading(-5, 141, 80), "pressure"),
        (reading(5, 151, 80), "pressure"),
        (reading(5, 120, 96), "pressure"),
        (reading(5, 90, 60), "pressure"),
        (reading(5, heart_rate=40), "heart_rate"),
        (reading(5, heart_rate=111), "heart_rate"),
        (reading(5, spo2=93), "spo2"),
        (reading(5, respiratory_rate=8), "respiratory_rate"),
        (reading(5, respiratory_rate=21), "respiratory_rate"),
    ],
)
def test_what_is_out_of_range(vitals, measure):
    limit = limits.limit_at(dose(), vitals.at, 40)
    assert list(limits.out_of_range(vitals, limit)) == [measure]


@pytest.mark.parametrize(
    "vitals",
    [
        reading(5, 150, 95),
        reading(5, 91, 60),
        reading(5, heart_rate=41),
        reading(5, heart_rate=110),
        reading(5, spo2=94),
        reading(5, respiratory_rate=9),
        reading(5, respiratory_rate=20),
        reading(-5, 140, 90),
    ],
)
def test_on_a_limit_is_inside(vitals):
    assert limits.out_of_range(vitals, limits.limit_at(dose(), vitals.at, 40)) == {}


def test_from_65_the_limit_before_a_dose_is_higher():
    assert limits.limit_at(dose(), at(-5), 65) == (150, 90)


def test_an_alarm_is_red_until_it_is_rechecked_and_somebody_was_called():
    called = seen(Intervention, 33, kind="prescriber_called")
    high, lower = reading(30, 158, 96), reading(35, 150, 92)

    def only(*vitals, calls=(), **fields):
        [found] = monitoring.alarms(dose(**fields), vitals, calls, 40)
        return found

    assert monitoring.alarms(dose(), [reading(10)], [], 40) == []
    alone = only(high)
    assert alone.is_red
    assert "158/96 at 14:30 was above 150/95" in alone.title
    assert alone.text == "Not rechecked yet. No prescriber is told yet."
    assert only(lower, high).is_red
    assert "14:35: 150/92" in only(lower, high).text
    assert only(high, calls=[called]).is_red
    assert not only(lower, high, calls=[called]).is_red
    assert "called 14:33" in only(lower, high, calls=[called]).text
    earlier = seen(Intervention, 20, kind="prescriber_called")
    assert only(lower, high, calls=[earlier]).is_red
    assert not only(lower, high, discharged_at=at(120)).is_red


def test_each_measure_has_its_own_alarm():
    found = monitoring.alarms(dose(), [reading(30, 158, 96, spo2=90, respiratory_rate=7)], [], 40)
    assert [alarm.title.split(" at ")[0] for alarm in found] == [
        "158/96",
        "SpO2 90 %",
        "7 breaths a minute",
    ]


# ---------------------------------------------------------------- rows


def test_rows_are_newest_first_and_late_ones_are_marked():
    effect = seen(SideEffect, 31, effect="nausea", severity="mild")
    rows = flowsheet.rows(sheet(reading(-10, late=20), reading(30, spo2=93), effects=[effect]))
    assert [row.since for row in rows] == ["31 min", "30 min", "dose", "before"]
    assert rows[0].text == "Nausea, mild."
    assert rows[1].out_of_range == ["SpO2 below 94 %"]
    assert [bool(row.late) for row in rows] == [False, False, False, True]


def test_a_corrected_row_stands_once_with_what_it_said_before():
    first = reading(15, pk=1, heart_rate=118)
    second = reading(15, pk=2, heart_rate=18, corrects=first, reason="wrong client", late=2)
    third = reading(15, pk=3, heart_rate=81, corrects=second, reason="misread", late=4)
    [row, _] = flowsheet.rows(sheet(first, second, third))
    assert row.vitals == third
    assert [c.was for c in row.corrections] == [[("Heart rate", "18")], [("Heart rate", "118")]]
    assert row.corrections[0].reason == "misread"
    assert row.outside == {}
    assert row.late is None
    assert counting([first, second, third]) == [third]
    alarms = monitoring.alarms(dose(), counting([first, second, third]), [], 40)
    assert alarms == []


def test_what_was_entered_in_error_counts_no_more_and_stays():
    first = reading(15, 190, 120, pk=1)
    gone = reading(15, 190, 120, pk=2, corrects=first, entered_in_error=True, reason="other room")
    [row, _] = flowsheet.rows(sheet(first, gone))
    assert row.is_withdrawn
    assert row.outside == {}
    assert row.corrections[0].reason == "other room"
    assert counting([first, gone]) == []


def test_who_is_in_the_room_is_the_last_word_about_each():
    def presence(pk, minutes, person, is_here, **more):
        row = {"person": person, "role": "nurse", "is_here": is_here}
        return seen(Presence, minutes, pk=pk, **row, **more)

    came, left = presence(1, 0, NURSE, True), presence(2, 30, NURSE, False)
    assert here([came]) == [came]
    other = presence(3, 5, OTHER, True)
    assert here([left, other, came]) == [other]
    gone = presence(4, 5, OTHER, True, corrects=other, entered_in_error=True, reason="x")
    assert here([left, other, gone, came]) == []


# ---------------------------------------------------------------- what to weigh before leaving


def weighed(*vitals, minutes=130, **rows) -> str:
    return " ".join(c.text for c in leaving.before_leaving(sheet(*vitals, **rows), at(minutes)))


def test_nothing_is_to_be_weighed_after_an_ordinary_session():
    assert weighed(reading(-10, 120), reading(40, 130), reading(125, 126)) == ""


@pytest.mark.parametrize(
    ("vitals", "minutes", "words"),
    [
        ([], 130, "No vitals were taken since the dose."),
        ([reading(-10)], 130, "No vitals were taken since the dose."),
        ([reading(100)], 130, "more than 20 minutes before"),
        ([reading(85)], 90, "Observed for less than 120 minutes: that is at 16:00"),
        ([reading(125, 152, 90)], 130, "152/90 at 16:05 is above 150/95"),
        ([reading(125, spo2=90)], 130, "SpO2 90 % at 16:05 is below 94 %"),
        ([reading(-10, 110), reading(125, 140)], 130, "140/80 is not near 110/80"),
        ([reading(125, sedation="drowsy")], 130, "Sedation at 16:05: drowsy"),
    ],
)
def test_what_is_weighed_before_a_client_leaves(vitals, minutes, words):
    assert words in weighed(*vitals, minutes=minutes)
