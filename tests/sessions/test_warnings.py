"""What is weighed before a dose: warned of, never barred."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.enums import Route
from sessions.warnings import (
    Previous,
    age_on,
    before_dose,
    change_from,
    dose_by_route,
    pressure_before,
)


def told(cautions):
    return [("strong" if c.strong else "soft") for c in cautions]


@pytest.mark.parametrize(
    ("reading", "age", "expected"),
    [
        ((140, 90), 40, []),
        ((141, 90), 40, ["strong"]),
        ((140, 91), 40, ["strong"]),
        ((150, 90), 65, []),
        ((150, 90), 64, ["strong"]),
        ((151, 90), 65, ["strong"]),
        ((120, 91), 80, ["strong"]),
        (None, 40, ["soft"]),
    ],
)
def test_pressure_before_the_dose(reading, age, expected):
    assert told(pressure_before(reading, age)) == expected


@pytest.mark.parametrize(
    ("route", "mg", "kg", "expected"),
    [
        ("iv", "35", "70", []),
        ("iv", "52.5", "70", []),
        ("iv", "52.6", "70", ["soft"]),
        ("iv", "69.99", "70", ["soft"]),
        ("iv", "70", "70", ["strong"]),
        ("iv", "6", "70", ["soft"]),
        ("im", "33", "70", []),
        ("im", "75", "70", []),
        ("im", "76", "70", ["soft"]),
        ("im", "32", "70", ["soft"]),
        ("im", "140", "70", ["soft"]),
        ("im", "140.01", "70", ["strong"]),
        ("im", "150", "120", ["soft"]),
        ("im", "150.01", "300", ["strong"]),
        ("iv", "70", None, ["strong"]),
        ("iv", "69", None, []),
        ("im", "140.01", None, ["strong"]),
        ("im", "100", "100", []),
        ("intranasal", "75", "70", []),
        ("intranasal", "151", "70", ["soft"]),
        ("intranasal", "300", "90", ["soft"]),
        ("intranasal", "300.01", "70", ["strong"]),
        ("intranasal", "160", "35", ["strong"]),
        ("sublingual", "400.01", "70", ["strong"]),
        ("oral", "800", "70", ["soft"]),
        ("oral", "800.01", "70", ["strong"]),
        ("sublingual", "200", "70", []),
        ("sublingual", "99", "70", ["soft"]),
        ("oral", "400", "70", []),
        ("oral", "401", "70", ["soft"]),
    ],
)
def test_dose_by_route_and_weight(route, mg, kg, expected):
    assert told(dose_by_route(route, D(mg), kg and D(kg))) == expected


@pytest.mark.parametrize(
    ("route", "mg", "expected"),
    [
        ("im", "60", []),
        ("im", "75", ["strong"]),
        ("im", "25", ["soft"]),
        ("im", "26", []),
        ("oral", "50", ["soft"]),
    ],
)
def test_change_from_the_dose_before(route, mg, expected):
    assert told(change_from(Previous(3, "im", D(50)), route, D(mg))) == expected
    assert change_from(None, route, D(mg)) == []


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1961, 7, 14), date(2026, 7, 13), 64),
        (date(1961, 7, 14), date(2026, 7, 14), 65),
        (date(1960, 2, 29), date(2025, 2, 28), 64),
        (date(1960, 2, 29), date(2025, 3, 1), 65),
    ],
)
def test_age(born, day, age):
    assert age_on(born, day) == age


@given(
    st.sampled_from(Route.values),
    st.decimals("0.01", "1000", places=2),
    st.decimals("20", "350", places=1),
    st.none() | st.tuples(st.integers(60, 250), st.integers(30, 59)),
)
def test_everything_has_its_words_and_source_and_the_strong_come_first(route, mg, kg, reading):
    found = before_dose(
        route=route,
        dose_mg=mg,
        weight_kg=kg,
        reading=reading,
        born=date(1985, 7, 14),
        at=datetime(2026, 7, 14, 14, tzinfo=UTC),
        previous=Previous(1, "im", D(50)),
    )
    assert all(c.text and c.source for c in found)
    assert told(found) == sorted(told(found), key=lambda word: word == "soft")
