"""Scores, bands, response and remission, exactly at their edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.enums.outcomes import SCORED
from sessions.instruments import (
    DIFFICULTY,
    GAD7,
    ITEM_9,
    PCL5,
    PHQ9,
    QUESTIONNAIRES,
    SATISFACTION,
)
from sessions.outcomes import change_of, reached


@pytest.mark.parametrize(
    ("questionnaire", "items", "options", "most"),
    [(PHQ9, 9, 4, 27), (GAD7, 7, 4, 21), (PCL5, 20, 5, 80)],
)
def test_each_scale_is_whole(questionnaire, items, options, most):
    assert len(set(questionnaire.items)) == items
    assert len(questionnaire.options) == options
    assert questionnaire.most == most
    assert questionnaire.score(questionnaire.digits[-1] * items) == most
    assert questionnaire.score("0" * items) == 0


def test_item_9_is_the_one_about_death_and_self_harm():
    assert "better off dead" in PHQ9.items[ITEM_9]
    assert len(PHQ9.items) - 1 == ITEM_9
    assert len(DIFFICULTY[1]) == 4


BANDS = [
    (
        PHQ9,
        {
            "Minimal": (0, 4),
            "Mild": (5, 9),
            "Moderate": (10, 14),
            "Moderately severe": (15, 19),
            "Severe": (20, 27),
        },
    ),
    (GAD7, {"Minimal": (0, 4), "Mild": (5, 9), "Moderate": (10, 14), "Severe": (15, 21)}),
    (PCL5, {"Below the cut-off": (0, 30), "Suggests PTSD": (31, 80)}),
]


@pytest.mark.parametrize(("questionnaire", "bands"), BANDS)
def test_bands_begin_and_end_where_they_should(questionnaire, bands):
    named = {}
    for score in range(questionnaire.most + 1):
        named.setdefault(questionnaire.band(score).name, []).append(score)
    assert {name: (min(s), max(s)) for name, s in named.items()} == bands
    for beyond in (-1, questionnaire.most + 1):
        with pytest.raises(ValueError, match="no score"):
            questionnaire.band(beyond)


@pytest.mark.parametrize("wrong", ["", "0" * 8, "0" * 10, "00000000x", "000000004", "00000000 "])
def test_a_score_needs_every_answer_and_no_other(wrong):
    assert not PHQ9.is_whole(wrong)
    with pytest.raises(ValueError, match="9 answers"):
        PHQ9.score(wrong)


def test_satisfaction_is_answered_from_1_to_5():
    assert SATISFACTION.digits == "12345"
    assert SATISFACTION.is_whole("135")
    assert not SATISFACTION.is_whole("035")


@pytest.mark.parametrize(
    ("questionnaire", "baseline", "score", "is_response"),
    [
        (PHQ9, 20, 10, True),
        (PHQ9, 20, 11, False),
        (PHQ9, 19, 9, True),  # 52.6 %
        (PHQ9, 19, 10, False),  # 47.4 %
        (PHQ9, 1, 0, True),
        (PHQ9, 0, 0, False),
        (GAD7, 15, 7, True),
        (GAD7, 15, 8, False),
        (PCL5, 45, 30, True),
        (PCL5, 45, 31, False),
        (PCL5, 15, 0, True),
        (PCL5, 14, 0, False),
    ],
)
def test_response_is_half_of_the_baseline_and_reliable_change_15_points(
    questionnaire, baseline, score, is_response
):
    assert questionnaire.responds(baseline, score) is is_response


@given(st.sampled_from(SCORED).map(QUESTIONNAIRES.get), st.data())
def test_half_means_half(questionnaire, data):
    scores = st.integers(0, questionnaire.most)
    baseline, score = data.draw(scores), data.draw(scores)
    if questionnaire is PCL5:
        assert questionnaire.responds(baseline, score) == (baseline - score >= 15)
        assert questionnaire.worsens(baseline, score) == (score - baseline >= 15)
    else:
        assert questionnaire.responds(baseline, score) == (
            baseline > 0 and (baseline - score) / baseline >= 0.5
        )
        assert not questionnaire.worsens(baseline, score)


def test_remission_is_phq9_below_5_alone():
    assert [score for score in range(28) if PHQ9.remits(score)] == [0, 1, 2, 3, 4]
    assert not GAD7.remits(0)
    assert not PCL5.remits(0)


@pytest.mark.parametrize(
    ("questionnaire", "baseline", "score", "words"),
    [
        (PHQ9, 19, 9, "−10 (−53%), response"),
        (PHQ9, 19, 4, "−15 (−79%), response, remission"),
        (PHQ9, 6, 4, "−2 (−33%), remission"),
        (PHQ9, 4, 3, "−1 (−25%)"),  # was never above it
        (PHQ9, 10, 12, "+2 (+20%)"),
        (PHQ9, 0, 3, "+3"),
        (GAD7, 9, 9, "No change"),
        (PCL5, 50, 35, "−15 (−30%), reliable improvement"),
        (PCL5, 50, 65, "+15 (+30%), reliable worsening"),
        (PCL5, 50, 64, "+14 (+28%)"),
    ],
)
def test_changes_in_words(questionnaire, baseline, score, words):
    assert change_of(questionnaire, baseline, score) == words
    said = [each.lower() for each in reached(questionnaire, baseline, score)]
    assert said == words.split(", ")[1:]
