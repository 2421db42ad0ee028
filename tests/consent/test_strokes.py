"""A drawn signature is numbers and nothing else."""

import contextlib
import json

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from consent.documents.strokes import (
    FEWEST_POINTS,
    HEIGHT,
    MOST_POINTS,
    WIDTH,
    as_paths,
    check_strokes,
)
from consent.forms.signing import StrokesField

POINT = st.tuples(st.integers(0, WIDTH), st.integers(0, HEIGHT)).map(list)


def line(points: int) -> list:
    return [[[n % WIDTH, n % HEIGHT] for n in range(points)]]


def test_nothing_drawn_is_nothing_wrong():
    assert check_strokes([]) == ""


@given(st.lists(st.lists(POINT, min_size=FEWEST_POINTS), min_size=1, max_size=9))
def test_what_fits_the_field_is_taken_and_drawn_as_it_is(strokes):
    assert check_strokes(strokes) == ""
    paths = as_paths(strokes)
    assert len(paths) == len(strokes)
    assert all(set(path) <= set("ML0123456789 ") for path in paths)


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (FEWEST_POINTS - 1, "too short"),
        (FEWEST_POINTS, ""),
        (MOST_POINTS, ""),
        (MOST_POINTS + 1, "could not be read"),
    ],
)
def test_it_is_neither_a_dot_nor_a_flood(points, sentence):
    assert sentence in check_strokes(line(points))
    assert bool(check_strokes(line(points))) == bool(sentence)


@pytest.mark.parametrize(
    "point",
    [
        [-1, 0],
        [0, -1],
        [WIDTH + 1, 0],
        [0, HEIGHT + 1],
        [0.5, 1],
        ["1", 1],
        [True, 1],
        [None, 1],
        [1],
        [1, 2, 3],
        {"x": 1},
        "M0 0",
        ["<script>", 1],
    ],
    ids=str,
)
def test_a_point_outside_the_field_or_of_another_kind_is_refused(point):
    strokes = line(FEWEST_POINTS)
    strokes[0].append(point)
    assert "could not be read" in check_strokes(strokes)


@pytest.mark.parametrize("strokes", [{"a": 1}, "text", 7, [7], [{}], [[7]], [["M"]]], ids=str)
def test_another_shape_is_refused(strokes):
    assert check_strokes(strokes)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=20,
    )
)
def test_the_field_takes_strokes_alone_whatever_is_sent(value):
    found = []
    with contextlib.suppress(ValidationError):  # and nothing else
        found = StrokesField(required=False).clean(json.dumps(value))
    assert check_strokes(found) == ""


@pytest.mark.parametrize("value", ["[", "{}}", "NaN", "[" * 5000, "data:image/png;base64,AAAA"])
def test_what_is_no_json_is_refused_in_words(value):
    with pytest.raises(ValidationError, match="could not be read"):
        StrokesField(required=False).clean(value)


@pytest.mark.parametrize("value", ["", None, "[]", "null"])
def test_a_pad_that_was_not_used_is_a_typed_signature(value):
    assert StrokesField(required=False).clean(value) == []
