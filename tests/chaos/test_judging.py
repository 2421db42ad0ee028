"""The judge of the fire is not to be fooled: each promise that is broken is found, by itself."""

from dataclasses import replace

import pytest

from tests.chaos.judging import Fault, Message, Try, judge
from tests.chaos.schedule import Plan, steps_of, windows_of
from tests.chaos.sink import Arrival

SENT = Message(1, 1000.0, 9000.0, "sent", [Try("<a>", "sent")])
KILL = Fault("worker killed", 1005.0, 1005.1)
RETRIED = [Try("<a>", "unknown"), Try("<a>", "sent")]


def wrong(message: Message, *moments: float, faults=(), message_id: str = "<a>") -> list[str]:
    found = judge([message], [Arrival(message_id, at) for at in moments], faults).wrong
    return [each.split(":")[0] for each in found]


def test_what_went_well_is_not_accused():
    assert wrong(SENT, 1000.0) == wrong(SENT, 1119.0) == []
    assert wrong(replace(SENT, tries=RETRIED), 1004.9, 1080.0, faults=[KILL]) == []
    assert wrong(SENT, 1130.0, faults=[Fault("database stopped", 1001.0, 1011.0)]) == []
    assert wrong(replace(SENT, state="missed", closes_at=1100.0, tries=[])) == []


@pytest.mark.parametrize("state", ["pending", "sent", "failed", "cancelled"])
def test_lost(state):
    assert wrong(replace(SENT, state=state)) == ["lost"]


def test_still_waiting_although_it_arrived():
    assert wrong(replace(SENT, state="pending"), 1001.0) == ["unsettled"]


@pytest.mark.parametrize("at", [999.9, 9000.0])
def test_outside_its_window(at):
    assert "outside the window" in wrong(SENT, at)


def test_missed_although_there_was_time():
    missed = replace(SENT, state="missed", tries=[], closes_at=1200.0)
    assert wrong(missed) == ["missed although there was time"]
    assert wrong(missed, faults=[Fault("database stopped", 1001.0, 1030.0)]) == []


def test_late():
    assert wrong(SENT, 1121.0) == ["more than 120 s late after recovery"]
    before = Fault("database stopped", 900.0, 990.0)
    assert wrong(SENT, 1121.0, faults=[before]) == ["more than 120 s late after recovery"]


def test_sent_before_its_attempt_was_committed():
    assert "sent without a committed attempt" in wrong(SENT, 1001.0, message_id="<other>")


def test_twice_without_a_kill_or_long_before_one():
    twice = replace(SENT, tries=RETRIED)
    expected = ["duplicates without a kill between SMTP's answer and the commit"]
    assert wrong(twice, 1001.0, 1080.0) == expected
    assert wrong(twice, 1002.0, 1080.0, faults=[KILL]) == expected
    assert wrong(twice, 1004.0, 1080.0, faults=[KILL._replace(kind="broker flushed")]) == expected


def test_twice_although_the_first_was_committed():
    twice = replace(SENT, tries=[Try("<a>", "sent"), Try("<a>", "sent")])
    assert wrong(twice, 1004.9, 1080.0, faults=[KILL]) == [
        "duplicates of what was committed as sent"
    ]


def test_twice_with_another_message_id():
    other = replace(SENT, tries=[Try("<a>", "unknown"), Try("<b>", "sent")])
    found = judge([other], [Arrival("<a>", 1004.9), Arrival("<b>", 1080.0)], [KILL]).wrong
    assert [each.split(":")[0] for each in found] == ["duplicates with another Message-ID"]


def test_a_seed_is_a_schedule_and_the_full_one_holds_what_was_promised():
    plan = Plan(seed=7)
    steps = steps_of(plan)
    assert steps == steps_of(plan) != steps_of(Plan(seed=8))
    kinds = [step.kind for step in steps]
    counted = {kind: kinds.count(kind) for kind in set(kinds)}
    assert counted == {"kill": 100, "flush": 20, "restart": 20, "stop": 10}
    assert {step.which for step in steps if step.kind == "kill"} == set(range(6))
    windows = windows_of(plan)
    assert len(windows) == 10_000
    assert all(opens < closes for opens, closes in windows)
    assert steps[-1].at > plan.seconds * 0.9
