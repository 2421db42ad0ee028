"""Screening by those who treat, the result by a prescriber: what is refused, and what is kept."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from people.formats import day
from referrals.enums import Answer
from sessions.actions.care import current_clearance
from sessions.actions.screening import record_clearance, record_screening
from sessions.enums import ClearanceResult, Contraindication
from sessions.enums.screening import ABSOLUTE, QUESTIONS, Precaution
from sessions.models import Allergy, CareEvent, Clearance, Screening, ScreeningAnswer
from sessions.progress import alerts, allergies
from sessions.screening import cautions, forbidding, lacking
from sessions.warnings import LABEL
from tests.builder import Builder
from tests.refusing import database_refuses
from tests.sessions.test_actions import refused

TREATING = ("prescriber", "nurse", "kaptherapist")
NO = dict.fromkeys(QUESTIONS, ("no", ""))
MEASURED = {
    "medicines": "None",
    "systolic": 120,
    "diastolic": 80,
    "heart_rate": 70,
    "spo2": 98,
    "weight_kg": Decimal("72.4"),
}
UNTIL = timezone.localdate() + timedelta(days=60)
CLEARED = {"result": ClearanceResult.CLEARED, "valid_until": UNTIL}


def ask(case: Builder, **changes) -> Screening:
    """A screening with only what is named."""
    usual = {"by": case.cast.nurse, "form_key": uuid4(), "content": {}, "answers": {}}
    return record_screening(episode=case.episode, **{**usual, **changes})


def conclude(case: Builder, screening: Screening, **changes) -> Clearance:
    usual = {"by": case.cast.prescriber, "form_key": uuid4(), "content": CLEARED}
    return record_clearance(episode=case.episode, screening=screening, **{**usual, **changes})


def words(error: ValidationError) -> str:
    return " ".join(error.messages)


# ---------------------------------------------------------------- the screening


def test_those_who_treat_screen_and_nobody_else(case, episode):
    for name, user in case.cast.everybody().items():
        if name in TREATING:
            assert ask(case, by=user, answers=NO).recorded_by == user
        else:
            with pytest.raises(PermissionDenied):
                ask(case, by=user, answers=NO)


def test_what_is_left_out_was_not_asked(case, episode):
    row = ask(case, answers={"mania": ("no", "")}, content={"systolic": 120, "diastolic": 80})
    missing = lacking(row)
    assert {"mania", "blood_pressure"}.isdisjoint(missing)
    assert {"allergies", "medicines", "spo2", "weight_kg", *(QUESTIONS.keys() - {"mania"})} <= set(
        missing
    )
    refused(None, ask, case)
    refused(None, ask, case, content={"no_known_allergies": False, "medicines": ""})


def test_a_yes_says_more_and_an_allergy_its_reaction(case, episode):
    refused("mania_comment", ask, case, answers={"mania": ("yes", " ")})
    refused("mania", ask, case, answers={"mania": ("perhaps", "")})
    refused("allergies", ask, case, allergies=[("Latex", " ")])
    both = {"no_known_allergies": True}
    refused("no_known_allergies", ask, case, content=both, allergies=[("Latex", "hives")])
    row = ask(case, allergies=[("Penicillin", "rash"), ("Latex", "hives")])
    assert row.allergies_words == "Penicillin (rash), Latex (hives)"


@pytest.mark.parametrize(
    "content",
    [
        {"weight_kg": Decimal("70.55")},
        {"weight_kg": Decimal(7)},
        {"systolic": 80, "diastolic": 120},
        {"systolic": 120},
        {"heart_rate": 5},
        {"spo2": 101},
        {"height_cm": 17},
    ],
)
def test_measurements_stay_within_what_a_body_can_have(case, episode, content):
    with pytest.raises(ValidationError):
        ask(case, content=content)
    if content != {"weight_kg": Decimal("70.55")}:
        row = {"episode": episode, "recorded_by": case.cast.nurse, **content}
        database_refuses(lambda: Screening.objects.create(**row))


def test_one_form_is_one_screening_with_its_event(case, episode):
    key, before = uuid4(), Screening.objects.count()
    rows = {
        ask(case, form_key=key, answers=NO, allergies=[("Latex", "hives")]).pk for _ in range(2)
    }
    assert len(rows) == 1
    assert Screening.objects.count() == before + 1
    assert ScreeningAnswer.objects.filter(screening__in=rows).count() == len(QUESTIONS)
    assert Allergy.objects.filter(screening__in=rows).count() == 1
    event = AuditEvent.objects.filter(event="screening.recorded").last()
    assert (event.actor_id, event.client_id) == (case.cast.nurse.pk, case.client.pk)
    assert event.detail == {}


def test_a_second_person_completes_what_the_first_began(case, episode):
    begun = ask(
        case,
        answers={"mania": ("yes", "in 2012")},
        allergies=[("Latex", "hives")],
        content={"weight_kg": Decimal(70)},
    )
    rest = {key: pair for key, pair in NO.items() if key != "mania"}
    content = {name: value for name, value in MEASURED.items() if name != "weight_kg"}
    by = case.cast.prescriber
    whole = ask(case, by=by, answers=rest, content=content, completes=begun)
    assert lacking(whole) == {}
    assert (whole.weight_kg, whole.allergies_words) == (70, "Latex (hives)")
    assert whole.answers.get(question="mania").comment == "in 2012"
    assert whole.completes == begun
    assert lacking(begun)
    assert "newer screening" in words(
        refused(None, ask, case, answers=rest, content=content, completes=begun)
    )


def test_the_banner_keeps_the_allergy_that_was_told_last(case, episode):
    ask(case, allergies=[("Latex", "hives")], content={"systolic": 160, "diastolic": 90})
    ask(case, content={"medicines": "None"})
    rows = list(episode.screenings.all())
    assert allergies(rows) == "Latex (hives)"
    assert alerts(rows, None, date(1985, 7, 14), date(2026, 7, 14)) == ["Blood pressure"]
    assert allergies([]) == "Not asked"
    ask(case, content={"no_known_allergies": True})
    assert allergies(list(episode.screenings.all())) == "None known"


# ---------------------------------------------------------------- what speaks against a dose


def test_what_rules_a_dose_out_comes_first_and_names_its_source(case, episode):
    answers = {
        **NO,
        "psychosis": ("yes", "in remission"),
        "aneurysm": ("yes", "small"),
        "cardiac": ("not_known", ""),
        Precaution.MAO_INHIBITORS: ("yes", "moclobemide"),
    }
    row = ask(case, answers=answers, content={**MEASURED, "systolic": 145, "diastolic": 88})
    found = cautions(row, 40)
    strong = [each.text for each in found if each.strong]
    assert "Aneurysm: yes. small" in strong
    assert "Blood pressure 145/88 is above 140/90. Hold and decide." in strong
    texts = " ".join(each.text for each in found)
    assert "Active psychosis: yes" in texts
    assert "Significant heart disease: not known" in texts
    assert "MAO inhibitor" in texts
    assert all(each.source for each in found)
    assert LABEL in {each.source for each in found}
    old = {each.text for each in cautions(row, 70)}
    assert not any("Hold and decide" in text for text in old)


@pytest.mark.parametrize("question", Contraindication)
def test_only_what_the_label_forbids_is_absolute(question):
    answers = {question: ("yes", "so")}
    assert bool(forbidding(answers)) == (question in ABSOLUTE)
    assert forbidding({question: (Answer.NOT_KNOWN, "")}) == []


# ---------------------------------------------------------------- the result


def test_a_prescriber_alone_gives_the_result(case, episode):
    row = case.screen()
    for name, user in case.cast.everybody().items():
        if name != "prescriber":
            with pytest.raises(PermissionDenied):
                conclude(case, row, by=user)
    assert conclude(case, row).recorded_by == case.cast.prescriber
    for name in ("nurse", "kaptherapist", "stranger"):
        copy = Clearance(
            episode=episode, screening=row, recorded_by=getattr(case.cast, name), **CLEARED
        )
        database_refuses(copy.save)


@pytest.mark.parametrize("missing", ["aneurysm", Precaution.URINARY, *MEASURED, "allergies"])
def test_nobody_is_cleared_while_an_answer_is_missing(case, episode, missing):
    if missing == "systolic":
        missing = "diastolic"
    content = {k: v for k, v in MEASURED.items() if k != missing}
    if missing == "diastolic":
        del content["systolic"]
    answers = {k: v for k, v in NO.items() if k != missing}
    content["no_known_allergies"] = missing != "allergies"
    row = ask(case, answers=answers, content=content)
    assert "Complete the screening first." in words(refused("result", conclude, case, row))
    forged = Clearance(episode=episode, screening=row, recorded_by=case.cast.prescriber, **CLEARED)
    database_refuses(forged.save)
    deferred = {"result": ClearanceResult.DEFERRED}
    assert not conclude(case, row, content=deferred).permits_dosing


def test_what_rules_a_dose_out_bars_nothing_but_asks_why(case, episode):
    row = case.screen(answers={"aneurysm": ("yes", "4 mm, stable")})
    error = refused("despite", conclude, case, row)
    assert "Aneurysm: yes. Say why" in words(error)
    refused("despite", conclude, case, row, content={**CLEARED, "despite": "  "})
    prescriber = case.cast.prescriber
    forged = Clearance(episode=episode, screening=row, recorded_by=prescriber, **CLEARED)
    database_refuses(forged.save)
    given = conclude(case, row, content={**CLEARED, "despite": "Neurosurgery agrees."})
    assert current_clearance(episode) == given
    assert conclude(case, row, content={"result": ClearanceResult.NOT_CLEARED})


@pytest.mark.parametrize(
    ("changes", "words_of_it"),
    [
        ({"answers": {"psychosis": ("yes", "in remission")}}, "Active psychosis: yes"),
        ({"answers": {"cardiac": ("not_known", "")}}, "Significant heart disease: not known"),
        ({"systolic": 141, "diastolic": 80}, "Blood pressure 141/80"),
    ],
)
def test_cleared_without_conditions_although_something_speaks_against_it(
    case, episode, changes, words_of_it
):
    row = case.screen(**changes)
    assert f"{words_of_it}. Say why" in words(refused("despite", conclude, case, row))
    conditional = {"result": ClearanceResult.CONDITIONAL, "conditions": "Measured before each."}
    assert conclude(case, row, content={**CLEARED, **conditional})
    assert conclude(case, row, content={**CLEARED, "despite": "Known for years."})


def test_a_clearance_lasts_400_days_at_most(case, episode):
    row, most = case.screen(), case.cast.clinic.today + timedelta(days=400)
    late = {**CLEARED, "valid_until": most + timedelta(days=1)}
    assert f"until {day(most)}" in words(refused("valid_until", conclude, case, row, content=late))
    assert conclude(case, row, content={**CLEARED, "valid_until": most})


def test_a_clearance_has_an_end_and_states_its_conditions(case, episode):
    row = case.screen()
    yesterday = timezone.localdate() - timedelta(days=2)
    refused("valid_until", conclude, case, row, content={**CLEARED, "valid_until": yesterday})
    for content in (
        {"result": ClearanceResult.CLEARED},
        {**CLEARED, "result": ClearanceResult.CONDITIONAL},
        {**CLEARED, "result": "splendid"},
    ):
        with pytest.raises(ValidationError):
            conclude(case, row, content=content)
        forged = Clearance(
            episode=episode, screening=row, recorded_by=case.cast.prescriber, **content
        )
        database_refuses(forged.save)


def test_a_result_rests_on_the_newest_screening_of_its_own_episode(case, episode):
    older, newer = case.screen(), case.screen()
    assert "newer screening" in words(refused(None, conclude, case, older))
    assert conclude(case, newer).screening == newer
    other = Builder(case.cast)
    other.begin_care()
    theirs = other.episode.screenings.first()
    refused(None, conclude, case, theirs)
    forged = Clearance(
        episode=episode, screening=theirs, recorded_by=case.cast.prescriber, **CLEARED
    )
    database_refuses(forged.save)


def test_one_form_is_one_result_that_others_may_be_told(case, episode):
    row, key = case.screen(), uuid4()
    before = list(CareEvent.unscoped.values_list("pk", flat=True))
    rows = {conclude(case, row, form_key=key).pk for _ in range(2)}
    assert len(rows) == 1
    event = CareEvent.unscoped.exclude(pk__in=before).get()
    assert (event.category, event.text) == ("readiness", f"Cleared until {day(UNTIL)}")
    assert AuditEvent.objects.filter(event="clearance.recorded", detail={}).exists()


def test_nothing_is_added_to_a_screening_on_which_a_result_rests(case, episode):
    row = ask(case, answers=NO, content={**MEASURED, "no_known_allergies": True})
    late = Allergy(screening=row, substance="Latex", reaction="hives")
    database_refuses(late.save)  # none known, it says
    row = case.screen()
    Allergy.objects.create(screening=row, substance="Latex", reaction="hives")
    conclude(case, row)
    database_refuses(Allergy(screening=row, substance="Nuts", reaction="swelling").save)
