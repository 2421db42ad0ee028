"""Where a note begins: sentences from the rows, one function for each category."""

from datetime import timedelta
from uuid import uuid4

import pytest

from people.formats import clock, moment
from sessions.actions import dosing as actions
from sessions.actions.discharge import discharge
from sessions.actions.giving import give_dose
from sessions.actions.observing import record_side_effect, record_vitals
from sessions.actions.preparation import record_preparation
from sessions.enums import NOTE_CATEGORIES, DischargeCheck, Effect, Severity
from sessions.note_facts import facts
from tests.sessions.test_note_pages import shown

MINUTE = timedelta(minutes=1)


@pytest.fixture
def given(case, episode):
    """A dose three hours ago, with nothing but itself recorded."""
    from django.utils import timezone

    at = timezone.now().replace(second=0, microsecond=0) - timedelta(hours=3)
    planned = case.plan(at)
    order = case.make_ready(planned)
    return give_dose(by=case.cast.nurse, dosing=planned, order=order, given_at=at)


def seen(case, dosing, minutes, systolic, diastolic, sedation=""):
    values = {"systolic": systolic, "diastolic": diastolic, "heart_rate": 70, "spo2": 98}
    record_vitals(
        by=case.cast.nurse,
        dosing=dosing,
        form_key=uuid4(),
        at=dosing.given_at + minutes * MINUTE,
        values={**values, "sedation": sedation},
    )


def test_of_a_dose_alone_it_tells_the_dose_and_what_comes_next(given):
    told = facts(given)
    assert set(told) == set(NOTE_CATEGORIES)
    assert told["treatment"] == f"50 mg IM (0.71 mg/kg) at {clock(given.given_at)}."
    assert (told["response"], told["safety"], told["integration"]) == ("", "", "")
    day = timedelta(days=1)
    opens, closes = given.given_at + day, given.given_at + 2 * day
    assert told["schedule"].splitlines() == [
        f"Integration, 24–48 h: {moment(opens)} to {moment(closes)}.",
        f"Consolidation, 4–7 days: {moment(given.given_at + 4 * day)} to "
        f"{moment(given.given_at + 7 * day)}.",
    ]


def test_the_deepest_state_and_where_pressure_was_highest_and_settled(case, given):
    seen(case, given, -20, 170, 100, "unresponsive")  # before the dose: not its response
    seen(case, given, 15, 158, 96, "drowsy")
    seen(case, given, 30, 150, 99, "dissociated")
    seen(case, given, 45, 144, 88, "dissociated")
    seen(case, given, 90, 126, 80, "alert")
    told = facts(given)
    assert told["response"] == "Dissociated at 30 min after the dose."
    assert told["safety"] == (
        "Highest blood pressure 158/96 at 15 min, last 126/80 at 90 min after the dose."
    )


def test_one_reading_is_said_once_and_an_alert_client_says_nothing(case, given):
    seen(case, given, 40, 130, 80, "alert")
    told = facts(given)
    assert told["response"] == ""
    assert told["safety"] == "Highest blood pressure 130/80 at 40 min after the dose."


def test_side_effects_in_their_order_and_how_the_client_left(case, given):
    for minutes, effect, severity in (
        (60, Effect.HEADACHE, Severity.MILD),
        (20, Effect.NAUSEA, Severity.MODERATE),
        (-5, Effect.DISTRESS, Severity.MILD),
    ):
        record_side_effect(
            by=case.cast.nurse,
            dosing=given,
            form_key=uuid4(),
            at=given.given_at + minutes * MINUTE,
            values={"effect": effect, "severity": severity},
        )
    left = given.given_at + 130 * MINUTE
    given = discharge(
        by=case.cast.nurse,
        dosing=given,
        discharged_at=left,
        mental_status="oriented, calm",
        escort="Sister",
        checks=DischargeCheck.values,
        judged_by=case.cast.nurse,
        despite="his brother waits",
    )
    assert facts(given)["safety"].splitlines() == [
        "Distress, mild, before the dose; Nausea, moderate, at 20 min; Headache, mild, at 60 min.",
        f"At discharge {clock(left)}: oriented, calm.",
    ]
    assert "Sister" not in str(facts(given))


def prepared(case, at, intentions):
    content = {"held_at": at, "intentions": intentions, "themes": "Zqthemes"}
    record_preparation(
        by=case.cast.kaptherapist, episode=case.episode, form_key=uuid4(), content=content
    )


def test_the_focus_suggests_the_last_intentions_before_the_dose(case, given):
    for days, words in ((5, "Zqolder"), (2, "Zqlast")):
        prepared(case, given.given_at - timedelta(days=days), words)
    prepared(case, given.given_at + timedelta(hours=1), "Zqafter")
    focus = facts(given)["integration"]
    assert focus.startswith("Suggested focus (intentions of ")
    assert focus.endswith("to be edited): Zqlast")


def test_the_next_dose_that_is_planned_is_told_first(case, given):
    for days in (6, 3, 2):
        last = case.plan(given.given_at + timedelta(days=days))
    actions.cancel_dose(by=case.cast.prescriber, dosing=last)
    first = facts(given)["schedule"].splitlines()[0]
    assert first == f"Dose 3 is planned for {moment(given.given_at + timedelta(days=3))}."


def test_nothing_of_it_is_signed_unseen(case, given, signed_in):
    """The page that signs shows every fact, also to whoever never opened the editor again."""
    from django.urls import reverse

    prepared(case, given.given_at - timedelta(days=1), "Zqintention")
    seen(case, given, 15, 158, 96, "drowsy")
    browser = signed_in(case.cast.prescriber)
    browser.post(reverse("care:note", args=[given.pk]))
    page = shown(browser.get(reverse("care:sign_note", args=[given.note.pk])))
    for text in facts(given).values():
        for line in text.splitlines():
            assert line in page
