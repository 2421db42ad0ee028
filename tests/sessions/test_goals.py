"""Goals: kept by the practice over time, read by the clinic where a release lets it."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consent.models import Disclosure
from people.formats import day
from sessions.actions.goals import end_goal
from sessions.drawings.goal_chart import draw_goal
from sessions.drawings.outcome_chart import Scored
from sessions.models import Goal, GoalEnd
from tests.factories import utc
from tests.sessions.coordinating import BOTH_WAYS, begin_goal, rate
from tests.sessions.test_actions import refused


def at(name: str, case, *args) -> str:
    return reverse(f"care:{name}", args=[case.referral.pk, *args])


def shown(answer) -> str:
    return answer.content.decode()


def end(case, goal, **changes) -> GoalEnd:
    usual = {"by": case.referrer, "ending": "reached", "day": timezone.localdate()}
    return end_goal(goal=goal, **{**usual, **changes})


def test_the_therapists_of_the_case_keep_its_goals(case, referral):
    for name, user in case.cast.everybody().items():
        if name == "therapist":
            assert begin_goal(case, by=user)
        else:
            with pytest.raises(PermissionDenied):
                begin_goal(case, by=user)
    goal, key = Goal.unscoped.get(), uuid4()
    assert begin_goal(case, form_key=key) == begin_goal(case, form_key=key)
    for name in ("colleague", "nurse", "administrator"):
        with pytest.raises(PermissionDenied):
            rate(case, goal, by=getattr(case.cast, name))
        with pytest.raises(PermissionDenied):
            end(case, goal, by=getattr(case.cast, name))
    assert AuditEvent.objects.filter(event="goal.begun").count() == 2


def test_a_goal_is_rated_over_time_and_ends_once(case, referral):
    goal, key = begin_goal(case), uuid4()
    assert rate(case, goal, form_key=key) == rate(case, goal, form_key=key)
    for field, changes in (
        ("rating", {"rating": 11}),
        ("rating", {"rating": -1}),
        ("day", {"days_ago": -1}),
        ("day", {"days_ago": 21}),
    ):
        refused(field, rate, case, goal, **changes)
    refused("day", end, case, goal, day=timezone.localdate() - timedelta(days=2))
    assert end(case, goal) == end(case, goal, ending="let_go")
    assert "over" in str(refused(None, rate, case, goal))
    refused("text", begin_goal, case, text=" ")
    refused("begun_on", begin_goal, case, begun_on=timezone.localdate() + timedelta(days=1))


# ---------------------------------------------------------------- pages


def test_the_therapist_keeps_them_on_one_page(case, referral, signed_in):
    browser = signed_in(case.referrer)
    assert "No goal is kept yet." in shown(browser.get(at("goals", case)))
    today = day(timezone.localdate())
    data = {"form_key": uuid4(), "text": "Zqgoal", "begun_on": "yesterday"}
    page = shown(browser.post(at("goals", case), data))
    assert "Enter a date such as" in page
    assert 'value="Zqgoal"' in page
    browser.post(at("goals", case), {**data, "begun_on": today})
    goal = Goal.unscoped.get()
    link = at("goal_progress", case, goal.pk)
    assert "Choose a number from 0 to 10." in shown(browser.post(link, {"form_key": uuid4()}))
    for rating in ("3", "5"):  # the second replaces the first
        browser.post(link, {"form_key": uuid4(), "rating": rating, "day": today, "text": "Zqline"})
    page = shown(browser.get(at("goals", case)))
    assert f'<b>5 of 10 on <span class="kc-date">{today}</span>.</b>' in page
    assert "Replaced the same day." in page
    assert "<svg viewBox" in page
    over = at("goal_end", case, goal.pk)
    browser.post(over, {"ending": "let_go", "day": today, "text": ""})
    assert "Let go" in shown(browser.get(at("goals", case)))
    for closed in (link, over):
        assert browser.get(closed).url == at("goals", case)
    assert not Disclosure.objects.exists()  # it is their own record
    for name in ("colleague", "stranger", "physician", "nurse", "administrator"):
        assert signed_in(getattr(case.cast, name)).get(at("goals", case)).status_code == 404


def test_the_clinic_reads_them_where_a_release_lets_it(case, opened, signed_in):
    rate(case, begin_goal(case, text="Zqgoal"), rating=6, text="Zqline")
    browser, address = signed_in(case.cast.nurse), reverse("care:case", args=[case.episode.pk])
    assert "Zqgoal" not in shown(browser.get(address))
    release = case.active(**BOTH_WAYS)
    page = shown(browser.get(address))
    assert "Zqgoal" in page
    assert "Zqline" in page
    assert "Rate it" not in page
    assert Disclosure.objects.latest("pk").categories == ["integration"]
    case.revoke(release)
    assert "Zqgoal" not in shown(browser.get(address))


# ---------------------------------------------------------------- the line


def test_the_line_lies_between_0_and_10():
    ratings = [Scored(utc(2026, 7, 1 + 3 * n, 16), score) for n, score in enumerate((0, 4, 10))]
    for wide in (True, False):
        chart = draw_goal(ratings, zone=ZoneInfo("UTC"), wide=wide)
        assert [mark.y for mark in chart.marks] == sorted(
            (mark.y for mark in chart.marks), reverse=True
        )
        assert (chart.marks[0].y, chart.marks[-1].y) == (chart.bottom, chart.top)
        assert all(chart.left <= mark.x <= chart.right for mark in chart.marks)
        assert chart.bottom + chart.foot < chart.height
        assert chart.title.startswith("From 0 on 01-Jul-2026 to 10 of 10 on 07-Jul-2026.")
    assert draw_goal([], zone=ZoneInfo("UTC"), wide=True) is None
