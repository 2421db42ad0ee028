"""The drawing of scores: words that can be read at every baseline, doses and dates inside it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from sessions.drawings.outcome_chart import Dosed, Scored, draw_outcome
from sessions.drawings.scale import LETTER
from sessions.enums.outcomes import SCORED
from sessions.instruments import PHQ9, QUESTIONNAIRES
from tests.factories import utc

NEW_YORK = ZoneInfo("America/New_York")
START = utc(2026, 6, 1, 12)
DAY = timedelta(days=1)


def drawn(questionnaire, *scores, wide=True, doses=(), every=5):
    rows = [Scored(START + place * every * DAY, score) for place, score in enumerate(scores)]
    return draw_outcome(questionnaire, rows, doses, zone=NEW_YORK, wide=wide)


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("instrument", SCORED)
def test_no_words_are_written_over_others_at_any_baseline(instrument, wide):
    """Nor over a mark; and nothing but the bands reaches into the column of their names."""
    questionnaire = QUESTIONNAIRES[instrument]
    for baseline in range(questionnaire.most + 1):
        near = [baseline, baseline, baseline - 1, baseline // 2, baseline // 2, baseline // 3, 0]
        chart = drawn(questionnaire, *(max(0, score) for score in near), wide=wide)
        words = [mark.words for mark in chart.marks if mark.words]
        assert not any(a.overlaps(b) for a in words for b in words if a is not b), baseline
        for word in words:
            assert chart.left <= word.x < word.right <= chart.plain_right, baseline
            assert sum(word.holds(mark.x, mark.y) for mark in chart.marks) == 0, baseline
        names = max(len(stripe.name) for stripe in chart.stripes) * LETTER
        assert chart.plain_right + names < chart.right - 6
        goal = questionnaire.goal(baseline)
        said = "; ".join(rule.text for rule in chart.rules)
        assert (questionnaire.goal_name in said) == (goal is not None), baseline
        assert ("emission" in said) == (questionnaire is PHQ9), baseline


def test_a_score_lies_below_the_rule_exactly_when_it_counts():
    for score in range(28):
        chart = drawn(PHQ9, 19, score)
        response, remission = chart.rules
        mark = chart.marks[1]
        assert (mark.y > response.y) == mark.reached == PHQ9.responds(19, score)
        assert (mark.y > remission.y) == PHQ9.remits(score)


def test_doses_are_drawn_up_to_a_week_after_the_last_score():
    days = {-5: False, 2: True, 16: True, 17.5: False, 40: False}
    doses = [Dosed(START + at * DAY, given=at != 16) for at in days]
    chart = drawn(PHQ9, 19, 12, 9, doses=doses)
    assert [mark.given for mark in chart.doses] == [True, False]
    assert all(chart.left <= mark.x <= chart.plain_right for mark in chart.doses)
    assert chart.signs == {"given", "planned", "reached"}


@pytest.mark.parametrize("every", [0.01, 1, 5, 40, 300])
@pytest.mark.parametrize("wide", [True, False])
def test_dates_are_few_and_inside(every, wide):
    chart = drawn(PHQ9, 19, 15, 12, 9, every=every, wide=wide)
    assert 2 <= len(chart.dates) <= 6
    assert all(chart.left <= date.x <= chart.right - 24 for date in chart.dates)
    assert all(chart.left <= mark.x <= chart.right for mark in chart.marks)
    assert chart.marks[-1].text == "9"


def test_dates_keep_to_the_days_when_the_clocks_change():
    rows = [Scored(utc(2026, 10, 26, 12), 19), Scored(utc(2026, 11, 22, 12), 9)]
    chart = draw_outcome(PHQ9, rows, [], zone=NEW_YORK, wide=True)
    assert [date.text for date in chart.dates] == ["24-Oct", "31-Oct", "7-Nov", "14-Nov", "21-Nov"]


def test_without_scores_there_is_no_drawing_and_one_is_no_line():
    assert draw_outcome(PHQ9, [], [], zone=NEW_YORK, wide=True) is None
    chart = drawn(PHQ9, 19)
    assert chart.path == ""
    assert chart.title == "PHQ-9: 19 on 01-Jun-2026. The same numbers are in the table below."
    longer = drawn(PHQ9, 19, 9)
    assert longer.title.startswith("PHQ-9 from 19 on 01-Jun-2026 to 9 on 06-Jun-2026.")
