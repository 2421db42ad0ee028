"""Whose move it is and which window is next: the pure part, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from people.models import Client, User
from referrals.enums import ReferralState as S
from referrals.models import Message, Referral
from reminders.worklists.enums import Group, Stage
from reminders.worklists.practice import Known, row_of
from reminders.worklists.rows import Row, grouped, in_order
from sessions.enums import EventKind, SessionState
from sessions.models import CareEvent, EpisodeOfCare, IntegrationSession

NOW = datetime(2026, 7, 16, 13, 20, tzinfo=UTC)
READER, STAFF = User(pk=1, name="Dana Okafor"), User(pk=2, name="Sofia Novak")
BOTH = frozenset({"readiness", "schedule"})


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def referral(state=S.IN_PROGRESS, pk=7, sent_hours_ago=240) -> Referral:
    sent = None if state == S.DRAFT else NOW - hours(sent_hours_ago)
    return Referral(
        pk=pk,
        client=Client(pk=pk, first_name="Jane", last_name="Smith"),
        practice_id=3,
        referrer=READER,
        state=state,
        state_since=NOW - hours(sent_hours_ago),
        created_at=NOW - hours(sent_hours_ago),
        submitted_at=sent,
    )


def dose(kind: EventKind, at: datetime, number: int) -> CareEvent:
    return CareEvent(kind=kind, occurred_at=at, dose_number=number, category="schedule")


def held(at: datetime, state=SessionState.HELD) -> IntegrationSession:
    return IntegrationSession(occurred_at=at, state=state)


def known(state=S.IN_PROGRESS, owner=READER, **fields) -> Known:
    episode = None
    if fields.get("events"):
        episode = EpisodeOfCare(preparation_owner=owner, integration_owner=owner, expected_doses=6)
    usual = {"own": True, "answers": True, "contributes": True, "episode": episode}
    return Known(**{"referral": referral(state), "state": state, **usual, **fields})


def row(case: Known) -> Row:
    return row_of(case, READER, NOW)


def given(hours_ago: float, number: int = 1) -> CareEvent:
    return dose(EventKind.DOSE_GIVEN, NOW - hours(hours_ago), number)


def planned(hours_ahead: float, number: int = 2) -> CareEvent:
    return dose(EventKind.DOSE_PLANNED, NOW + hours(hours_ahead), number)


# ------------------------------------------------------------------ windows
@pytest.mark.parametrize(
    ("hours_ago", "label", "is_open"),
    [
        (10, "Integration, 24–48 h", False),
        (24, "Integration, 24–48 h", True),
        (47.9, "Integration, 24–48 h", True),
        (48, "Consolidation, 4–7 days", False),
        (96, "Consolidation, 4–7 days", True),
    ],
)
def test_the_next_window_of_a_dose(hours_ago, label, is_open):
    window = row(known(events=[given(hours_ago)])).window
    assert (window.label, window.is_open) == (label, is_open)


def test_after_the_last_window_nothing_is_next():
    found = row(known(events=[given(168)]))
    assert found.window is None
    assert found.group == Group.NOBODY


def test_an_open_window_waits_on_its_owner():
    found = row(known(events=[given(43)]))
    assert (found.group, found.todo) == (Group.YOU, "Hold or log one session")
    assert found.action_url == ("care:log_session", 7)
    assert found.window.words == "5 h 0 min left"


def test_an_open_window_of_the_clinics_waits_on_the_clinic():
    found = row(known(owner=STAFF, events=[given(30)]))
    assert (found.group, found.todo) == (Group.CLINIC, "Sofia Novak holds the session")


def test_somebody_who_may_not_log_is_not_asked_to():
    assert row(known(contributes=False, events=[given(30)])).group == Group.NOBODY


def test_one_session_serves_every_window_that_is_open():
    found = row(known(events=[given(30, 2), given(150, 1), planned(60, 3)]))
    assert found.todo == "Hold or log one session; it serves three windows"


@pytest.mark.parametrize(
    ("session", "group"),
    [
        (held(NOW - hours(2)), Group.NOBODY),
        (held(NOW - hours(2), SessionState.MISSED), Group.YOU),
        (held(NOW - hours(20)), Group.YOU),
    ],
)
def test_a_session_held_inside_the_window_serves_it(session, group):
    assert row(known(events=[given(30)], sessions=[session])).group == group


def test_a_planned_dose_has_its_preparation_window():
    found = row(known(events=[planned(50, 1)]))
    assert (found.group, found.window.label) == (Group.YOU, "Preparation, 72–24 h before")
    assert found.stage == Stage.PREPARATION
    assert row(known(events=[planned(100, 1)])).todo == "Next dose 20-Jul-2026"


def test_a_cancelled_dose_has_no_window():
    found = row(known(events=[dose(EventKind.DOSE_CANCELLED, NOW - hours(30), 1)]))
    assert found.window is None


# ------------------------------------------------------------------ referrals
@pytest.mark.parametrize(
    ("state", "group", "todo", "action"),
    [
        (S.DRAFT, Group.YOU, "Finish and send", "Finish"),
        (S.REQUESTED, Group.CLINIC, "Reply, was expected by 13-Jul-2026: call them", "View"),
        (S.RECEIVED, Group.CLINIC, "The clinic’s answer is opened by a release", "View"),
        (S.INFORMATION_ASKED, Group.YOU, "Answer the clinic", "Answer"),
        (S.ACCEPTED, Group.CLINIC, "Begin the episode of care", "View"),
        (S.IN_PROGRESS, Group.NOBODY, "No step is due", "View"),
        (S.DECLINED, Group.NOBODY, "No step is due", "View"),
        (S.CANCELLED, Group.NOBODY, "No step is due", "View"),
    ],
)
def test_whose_move_it_is(state, group, todo, action):
    found = row(known(state))
    assert (found.group, found.todo, found.action) == (group, todo, action)


@pytest.mark.parametrize("state", [S.DRAFT, S.INFORMATION_ASKED])
def test_a_colleague_is_not_asked_to_do_the_referrers_part(state):
    assert row(known(state, answers=False)).group == Group.NOBODY


def test_the_clinics_next_step_is_told_where_nothing_is_withheld():
    overdue = "Reply, was expected by 13-Jul-2026: call them"
    assert row(known(S.RECEIVED, whole=BOTH)).todo == overdue
    assert row(known(whole=BOTH)).todo == "Give the clearance result"
    assert row(known(whole=frozenset({"schedule"}))).todo == "No step is due"
    cleared = CareEvent(kind=EventKind.CLEARANCE, text="Cleared", occurred_at=NOW)
    assert row(known(whole=BOTH, events=[cleared], episode=None)).todo == "Plan the first dose"


def test_a_reader_elsewhere_learns_nothing_of_the_referral():
    for state in S:
        found = row(known(state, own=False, answers=False, contributes=False))
        assert (found.group, found.todo, found.stage_words) == (
            Group.NOBODY,
            "For you to read",
            "In care",
        )
        assert found.since == NOW
        assert found.url == ("care:timeline", 7)


# ------------------------------------------------------------------ order
def test_closing_windows_come_first_then_the_longest_wait():
    cases = {
        "closing": known(events=[given(47)]),
        "open": known(events=[given(26)]),
        "old": known(
            S.INFORMATION_ASKED, referral=referral(S.INFORMATION_ASKED, sent_hours_ago=240)
        ),
        "new": known(S.DRAFT, referral=referral(S.DRAFT, sent_hours_ago=5)),
    }
    rows = {name: row(case) for name, case in cases.items()}
    [(group, members)] = grouped(in_order(reversed(list(rows.values()))))
    assert group == Group.YOU
    assert members == list(rows.values())
    assert [r.long_wait for r in members] == [False, False, True, False]


def test_groups_without_rows_are_left_out():
    rows = [row(known(S.REQUESTED)), row(known(S.DRAFT))]
    assert [group for group, _ in grouped(in_order(rows))] == [Group.YOU, Group.CLINIC]
    assert grouped([]) == []


def test_a_draft_that_only_lacks_the_agreement_waits_on_the_client():
    ready = referral(S.DRAFT)
    ready.reason, ready.collaboration = "Zqreason", "shared"
    found = row(known(S.DRAFT, referral=ready))
    assert (found.group, found.who, found.action) == (Group.CLIENT, "Client", "Finish")
    assert row(known(S.DRAFT, referral=ready, answers=False)).group == Group.NOBODY
    ready.agreement = "verbal"
    assert row(known(S.DRAFT, referral=ready)).group == Group.YOU


def test_an_urgent_message_comes_before_a_window_that_closes():
    urgent = Message(urgent=True, occurred_at=NOW - hours(1))
    closing = known(events=[given(47)])
    first, second = in_order([row(closing), row(known(messages=[urgent]))])
    assert (first.todo, second.window.is_open) == ("An urgent message waits for you", True)
