"""When a conference is held, and which case needs it and why: pure rules."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from reminders.conferences.dates import begins, days, next_one
from reminders.conferences.needs import Event, Facts, Raised, Score, in_words, needs, urgency
from reminders.enums import ReasonKind
from tests.factories import utc

NEW_YORK = ZoneInfo("America/New_York")
SINCE, UNTIL = utc(2026, 7, 7, 16), utc(2026, 7, 14, 16)
INSIDE, BEFORE = utc(2026, 7, 10), utc(2026, 7, 1)
K = ReasonKind


# ---------------------------------------------------------------- when
def test_every_second_week_keeps_its_weekday_and_ends_with_its_last_day():
    found = list(days(date(2026, 7, 14), 2, date(2026, 8, 11)))
    assert found == [date(2026, 7, 14), date(2026, 7, 28), date(2026, 8, 11)]
    assert {each.weekday() for each in islice(days(date(2026, 7, 14), 1), 60)} == {1}


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2026, 3, 3), time(12, 30), utc(2026, 3, 3, 17, 30)),
        (date(2026, 3, 10), time(12, 30), utc(2026, 3, 10, 16, 30)),  # after clocks went forward
        (date(2026, 10, 27), time(12, 30), utc(2026, 10, 27, 16, 30)),
        (date(2026, 11, 3), time(12, 30), utc(2026, 11, 3, 17, 30)),  # after they went back
        (date(2026, 3, 8), time(2, 30), utc(2026, 3, 8, 7, 30)),  # skipped: 03:30 on the wall
        (date(2026, 11, 1), time(1, 30), utc(2026, 11, 1, 5, 30)),  # twice: the first time
    ],
)
def test_it_begins_at_the_time_of_the_clinics_own_wall(day, at, moment):
    assert begins(day, at, NEW_YORK) == moment


def upcoming(after: datetime, **changes) -> datetime | None:
    usual = {
        "first_on": date(2026, 7, 14),
        "every_weeks": 2,
        "last_on": None,
        "at_time": time(12, 30),
        "minutes": 45,
        "zone": NEW_YORK,
    }
    return next_one(after=after, **{**usual, **changes})


def test_the_next_one_is_the_first_that_is_not_over():
    first, second = utc(2026, 7, 14, 16, 30), utc(2026, 7, 28, 16, 30)
    assert upcoming(utc(2026, 1, 1)) == first
    assert upcoming(first + timedelta(minutes=44)) == first
    assert upcoming(first + timedelta(minutes=45)) == second
    assert upcoming(first, skip={first}) == second
    assert upcoming(second, last_on=date(2026, 7, 27)) is None


def test_the_next_one_is_found_at_any_moment_of_a_year():
    """Compared with a walk from the first day, an hour before and after each beginning."""
    every = [begins(day, time(12, 30), NEW_YORK) for day in islice(days(date(2026, 7, 14), 1), 60)]
    for before, at in zip(every, every[1:], strict=False):
        for hours in (1, 30, 90, 150):
            after = before + timedelta(hours=hours)
            assert upcoming(after, every_weeks=1) == at


# ---------------------------------------------------------------- why
def kinds(**facts) -> list[str]:
    return [need.kind for need in needs(Facts(**facts), SINCE, UNTIL)]


def test_a_case_of_which_nothing_is_known_needs_no_conference():
    assert kinds() == []


@pytest.mark.parametrize(
    ("at", "counts"),
    [(SINCE, True), (INSIDE, True), (SINCE - timedelta(seconds=1), False), (UNTIL, False)],
)
def test_windows_and_referrals_count_since_the_conference_before(at, counts):
    assert kinds(missed=[("primary", at)]) == [K.MISSED] * counts
    assert kinds(submitted_at=at) == [K.REFERRAL] * counts


@pytest.mark.parametrize(
    ("at", "told_at", "severity", "reviewed", "counts"),
    [
        (INSIDE, INSIDE, 1, False, True),
        (BEFORE, BEFORE, 1, False, True),  # nobody reviewed it since
        (INSIDE, INSIDE, 2, True, False),
        (INSIDE, INSIDE, 3, True, True),
        (BEFORE, INSIDE, 3, True, True),  # told of since
        (BEFORE, BEFORE, 5, True, False),  # it was talked over
        (UNTIL, UNTIL, 5, False, False),
    ],
)
def test_adverse_events_that_are_unreviewed_or_severe(at, told_at, severity, reviewed, counts):
    event = Event(at, told_at, severity, reviewed)
    assert kinds(events=[event]) == [K.ADVERSE] * counts


@pytest.mark.parametrize(
    ("at", "answered", "counts"),
    [(INSIDE, False, True), (INSIDE, True, True), (BEFORE, False, True), (BEFORE, True, False)],
)
def test_alerts_that_stand_or_arose_since(at, answered, counts):
    assert kinds(alerts=[Raised("item_9", at, answered)]) == [K.ALERT] * counts


@pytest.mark.parametrize(
    ("instrument", "scores", "counts"),
    [
        ("phq9", [12, 18], True),
        ("phq9", [12, 17], False),
        ("gad7", [8, 12], True),
        ("gad7", [8, 11], False),
        ("pcl5", [30, 45], True),
        ("pcl5", [30, 44], False),
        ("phq9", [20, 4, 10], True),  # better than the first, worse than the one before
        ("phq9", [4, 8, 12], True),  # little by little
        ("phq9", [18, 12], False),
        ("phq9", [20], False),  # the first one
    ],
)
def test_a_score_that_is_reliably_worse(instrument, scores, counts):
    ago = [INSIDE - timedelta(days=7 * n) for n in range(len(scores))][::-1]
    found = [Score(instrument, at, score) for at, score in zip(ago, scores, strict=True)]
    assert kinds(scores=found[::-1]) == [K.WORSE] * counts


def test_an_old_score_and_another_questionnaire_are_no_deterioration():
    old = [Score("phq9", BEFORE - timedelta(days=7), 5), Score("phq9", BEFORE, 20)]
    assert kinds(scores=old) == []
    assert kinds(scores=[Score("gad7", BEFORE, 5), Score("phq9", INSIDE, 20)]) == []


def test_what_is_protected_stays_so():
    marked = frozenset({"substance_use"})
    scores = [Score("phq9", BEFORE, 5, marked), Score("phq9", INSIDE, 20)]
    (need,) = needs(Facts(scores=scores), SINCE, UNTIL)
    assert need.sensitivities == marked


def test_what_waits_for_somebody_comes_first_and_the_longest_wait_before_that():
    found = needs(
        Facts(
            missed=[("primary", INSIDE)],
            submitted_at=INSIDE,
            events=[Event(INSIDE, INSIDE, 3, True), Event(INSIDE, INSIDE, 1, False)],
            alerts=[Raised("item_9", INSIDE, True)],
        ),
        SINCE,
        UNTIL,
    )
    assert [(each.kind, each.standing) for each in found] == [
        (K.ADVERSE, True),
        (K.ALERT, False),
        (K.ADVERSE, False),
        (K.MISSED, False),
        (K.REFERRAL, False),
    ]
    (waits,) = needs(Facts(events=[Event(BEFORE, BEFORE, 1, False)]), SINCE, UNTIL)
    assert urgency([waits]) < urgency(found)


def test_reasons_in_words():
    at = datetime(2026, 7, 10, 16, 5, tzinfo=UTC)
    assert in_words(K.ADVERSE, "3", at) == "Adverse event, severe, 10-Jul-2026 12:05"
    assert in_words(K.WORSE, "pcl5", at) == "PCL-5 clearly worse, 10-Jul-2026"
    assert "Integration: nothing held" in in_words(K.MISSED, "primary", at)
    assert in_words(K.ALERT, "", at).startswith("A safety concern")
    assert in_words(K.BY_HAND, "", at, "Sleeps badly") == "Sleeps badly"
