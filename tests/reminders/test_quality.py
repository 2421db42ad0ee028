"""The numbers of a made-up clinic, its periods, and what may not be told of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reminders.enums import CancelReason, ReminderState
from reminders.quality.adverse_events import adverse_events, severity_table
from reminders.quality.cells import FEWER, WITHHELD
from reminders.quality.doses import doses
from reminders.quality.outcomes import outcomes
from reminders.quality.referrals import Sent, referrals, stays_in
from reminders.quality.report import report_of
from reminders.quality.windows import windows
from sessions.enums.outcomes import Instrument
from sessions.models import PreparationSession
from tests.factories import utc
from tests.quality import DAY, NOON, SPRING, MadeUp, moved, told

pytestmark = pytest.mark.django_db
PHQ9, GAD7, PCL5 = Instrument.PHQ9, Instrument.GAD7, Instrument.PCL5
SECOND = timedelta(seconds=1)
LATER = utc(2026, 8, 1)  # a moment after the period
# Midnight in New York, where the clinic is
OPENS, ENDS = utc(2026, 3, 1, 5), utc(2026, 6, 1, 4)


@pytest.fixture
def made_up(cast) -> MadeUp:
    return MadeUp(cast)


# ------------------------------------------------------------------ response and remission
def phq9(made_up) -> dict[str, str]:
    return told(outcomes(made_up.clinic, SPRING))["PHQ-9"]


def test_response_and_remission_by_the_last_score_beside_the_first(made_up):
    for scores in (
        *[(20, 15, 4)] * 6,  # remission
        *[(20, 3, 10)] * 5,  # had been in remission, and ended with a response
        *[(20, 9, 11)] * 9,  # had responded, and ended without
    ):
        made_up.course(PHQ9, *scores)
    measure = outcomes(made_up.clinic, SPRING)
    assert list(told(measure)["PHQ-9"].values()) == ["6", "5", "9"]
    [part, *_] = measure.parts
    assert part.facts == {
        "Response": "11 of 20 clients (55%)",
        "Remission": "6 of 20 clients (30%)",
    }


def test_anxiety_and_trauma_have_their_own_thresholds(made_up):
    for first, last in (*[(14, 7)] * 5, *[(14, 8)] * 6):
        made_up.course(GAD7, first, last)
    for first, last in (*[(40, 25)] * 5, *[(40, 26)] * 6, *[(40, 55)] * 7):
        made_up.course(PCL5, first, last)
    found = told(outcomes(made_up.clinic, SPRING))
    assert list(found["GAD-7"].values()) == ["5", "6"]
    assert list(found["PCL-5"].values()) == ["5", "6", "7"]


def test_who_is_not_counted(made_up):
    elsewhere = made_up.elsewhere()
    for _ in range(5):
        made_up.course(PHQ9, 20, 20)
        elsewhere.course(PHQ9, 20, 20)
        made_up.course(PHQ9, 9, 1)  # began too low
        made_up.score(made_up.course(PHQ9, 20), PHQ9, 4, NOON, error=True)
        made_up.score(made_up.episode(), PHQ9, 20, NOON)  # a first score, and no later one
    assert list(phq9(made_up).values()) == ["0", "0", "5"]


def test_scores_count_from_the_first_midnight_of_the_clinic_to_the_last(made_up):
    for at in (OPENS, ENDS - SECOND):
        for _ in range(5):
            made_up.course(PHQ9, 20, 4, at=at)
    for at in (OPENS - SECOND, ENDS):
        for _ in range(5):
            made_up.course(PHQ9, 20, 20, at=at)
    assert list(phq9(made_up).values()) == ["10", "0", "0"]


# ------------------------------------------------------------------ doses
def test_doses_per_client_in_these_months(made_up):
    for number in (*[1] * 6, *[2] * 5, *[4] * 5, *[6] * 5):
        made_up.dosed(NOON + place * DAY for place in range(number))
    made_up.elsewhere().dosed([NOON])
    made_up.plan(made_up.episode(), NOON)
    for _ in range(5):  # these have one dose in the period, its last moment
        made_up.dosed([OPENS - SECOND, ENDS - SECOND, ENDS])
    measure = doses(made_up.clinic, SPRING)
    [part] = measure.parts
    assert told(measure)[part.title] == {
        "1 dose": "11",
        "2 doses": "5",
        "3 to 5 doses": "5",
        "6 or more": "5",
    }
    assert (part.total_text, part.facts) == ("26", {"Median": "2"})


def test_with_four_clients_of_one_kind_total_and_median_are_withheld(made_up):
    for number in (*[1] * 4, *[2] * 6):
        made_up.dosed(NOON + place * DAY for place in range(number))
    [part] = doses(made_up.clinic, SPRING).parts
    assert [line.clients_text for line in part.table.lines] == [FEWER, "6", "0", "0"]
    assert (part.total_text, part.facts) == (WITHHELD, {"Median": WITHHELD})


# ------------------------------------------------------------------ adverse events
def test_adverse_events_by_grade_count_events_and_clients():
    grades = {1: "Mild", 2: "Moderate", 3: "Severe"}
    found = [(1, client) for client in (1, 1, 2, 3, 4, 5)] + [(2, client) for client in (1, 1, 2)]
    table = severity_table([*found, *[(2, 2)] * 7], grades)
    assert [(line.label, line.text, line.clients_text) for line in table.lines] == [
        ("Grade 1, mild", "6", "5"),
        ("Grade 2, moderate", WITHHELD, FEWER),
        ("Grade 3, severe", "0", "0"),
    ]
    assert table.total is None


def test_adverse_events_of_the_clinic_by_the_grade_they_were_last_known_to_have(made_up):
    elsewhere, twice = made_up.elsewhere(), made_up.episode()
    for _ in range(5):
        made_up.adverse(1)
        made_up.adverse(1, later=2)
        made_up.adverse(3, episode=twice)
        made_up.adverse(4, at=OPENS - SECOND)
        made_up.adverse(4, at=ENDS)
        elsewhere.adverse(4)
    made_up.adverse(1, at=ENDS - SECOND, episode=twice)
    [part] = adverse_events(made_up.clinic, SPRING).parts
    assert [(line.text, line.clients_text) for line in part.table.lines] == [
        ("6", "6"),
        ("5", "5"),
        (WITHHELD, FEWER),
        ("0", "0"),
        ("0", "0"),
    ]


# ------------------------------------------------------------------ windows
def standings(made_up, now=LATER) -> dict[str, list[str]]:
    found = told(windows(made_up.clinic, SPRING, now))
    return {title: list(lines.values()) for title, lines in found.items()}


def test_windows_by_kind_and_how_they_ended(made_up):
    elsewhere = made_up.elsewhere()
    for kind in ("preparation", "primary", "secondary"):
        for state in (*["done"] * 7, *["missed"] * 3, *["failed"] * 2):
            made_up.window(state, kind=kind)
        moved_away = {"cancel_reason": CancelReason.DOSE_CHANGED}
        made_up.window(ReminderState.CANCELLED, kind=kind, **moved_away)
        elsewhere.window(kind=kind)
    assert list(standings(made_up).values()) == [["7", "5", "0"]] * 3


def test_windows_stand_together_where_one_kind_has_too_few(made_up):
    for state in (*["done"] * 9, *["missed"] * 3):
        made_up.window(state, kind="primary")
    for state in (*["done"] * 6, *["missed"] * 6):
        made_up.window(state, kind="secondary")
    assert standings(made_up) == {"All windows together": ["15", "9", "0"]}


def test_windows_of_one_client_are_not_many_clients(made_up):
    episode = made_up.episode()
    for _ in range(7):
        made_up.window("missed", episode=episode)
    assert standings(made_up) == {"All windows together": ["0", WITHHELD, "0"]}


def test_windows_count_by_when_they_closed(made_up):
    for closes_at in (OPENS - SECOND, OPENS, ENDS - SECOND, ENDS):
        for _ in range(5):
            made_up.window(closes_at=closes_at)
    for _ in range(5):
        made_up.window("sent", closes_at=NOON + DAY)
    assert standings(made_up)["Integration"] == ["10", "5", "0"]
    assert standings(made_up, now=NOON)["Integration"] == ["5", "0", "0"]


def test_what_an_outside_therapist_did_is_known_only_through_a_release(made_up, cast):
    for state in ("done", "missed") * 3:
        made_up.window(state, episode=made_up.episode(owner=cast.therapist))
    barred = {"cancel_reason": CancelReason.RELEASE_ENDED}
    made_up.window(ReminderState.CANCELLED, episode=made_up.episode(cast.therapist), **barred)
    assert standings(made_up)["Integration"] == ["0", "0", "7"]


def test_a_release_that_opens_their_dates_tells_it(case, cast, episode):
    """Read as one window, before the rule of five."""
    from reminders.quality.windows import _closed

    made_up = MadeUp(cast)
    now = timezone.now()
    made_up.window("missed", episode=case.episode)
    assert [each.standing for each in _closed(cast.clinic, SPRING, now)] == [
        "Not known to the clinic"
    ]
    case.active(in_categories=["schedule"])
    assert [each.standing for each in _closed(cast.clinic, SPRING, timezone.now())] == ["Missed"]


def test_what_the_clinic_held_itself_it_knows(made_up, cast):
    for place in range(5):
        episode = made_up.episode(owner=cast.therapist)
        made_up.window("missed", episode=episode, kind="preparation")
        PreparationSession.objects.create(
            episode=episode,
            recorded_by=cast.kaptherapist,
            held_at=NOON - DAY if place else NOON - SECOND,
            intentions="Made up",
        )
    assert standings(made_up)["Preparation"] == ["5", "0", "0"]


# ------------------------------------------------------------------ referrals
def test_referrals_by_state_and_days_in_each(made_up):
    for days in (1, 2, 3, 4, 10):
        row = made_up.referral(state="accepted")
        moved(row, "referral.submitted", NOON)
        moved(row, "referral.received", NOON + days * DAY)
        moved(row, "referral.accepted", NOON + (days + 2) * DAY)
    for _ in range(3):
        made_up.referral(state="declined")
    made_up.referral(at=OPENS - SECOND, state="declined")
    made_up.referral(at=ENDS, state="declined")
    made_up.elsewhere().referral(state="completed")
    [part] = referrals(made_up.clinic, SPRING).parts
    lines = {line.label: line for line in part.table.lines}
    assert (lines["Accepted"].text, lines["Declined"].clients_text) == ("5", FEWER)
    assert lines["Completed"].text == "0"
    assert (lines["Sent"].days, lines["Received"].days, lines["Accepted"].days) == ("3", "2", "")
    assert part.total_text == WITHHELD


def test_referrals_of_the_same_client_are_one_client(made_up):
    client = made_up.referral().client
    for _ in range(6):
        moved(made_up.referral(client=client), "referral.accepted", NOON + DAY)
    [part] = referrals(made_up.clinic, SPRING).parts
    lines = {line.label: line for line in part.table.lines}
    assert (lines["In progress"].clients_text, lines["Sent"].days) == (FEWER, WITHHELD)


def test_a_state_left_twice_is_two_stays_and_one_not_left_is_none():
    sent = [Sent(1, 7, "accepted", NOON)]
    moves = [
        (1, "referral.submitted", NOON),
        (1, "referral.received", NOON + DAY),
        (1, "referral.information_asked", NOON + 2 * DAY),
        (1, "referral.answered", NOON + 5 * DAY),
        (1, "referral.accepted", NOON + 9 * DAY),
    ]
    stays = {str(state): rows for state, rows in stays_in(sent, moves).items() if rows}
    assert stays == {
        "requested": [(7, 1.0)],
        "received": [(7, 1.0), (7, 4.0)],
        "information_asked": [(7, 3.0)],
    }


# ------------------------------------------------------------------ cost
def test_queries_do_not_grow_with_rows(made_up, cast):
    def add() -> None:
        made_up.course(PHQ9, 20, 4)
        made_up.dosed([NOON])
        made_up.adverse(1, later=2)
        made_up.window()
        made_up.window(episode=made_up.episode(owner=cast.therapist))
        moved(made_up.referral(state="accepted"), "referral.accepted", NOON + DAY)

    def spent() -> int:
        with CaptureQueriesContext(connection) as queries:
            report_of(made_up.clinic, SPRING, LATER)
        return len(queries)

    add()
    first = spent()
    for _ in range(3):
        add()
    assert spent() == first <= 9
