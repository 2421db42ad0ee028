"""What is seen and done beside the client is appended: once, at its time, corrected by addition."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from sessions import observed
from sessions.actions import notes, observing
from sessions.actions.dosing import cancel_dose
from sessions.models import Intervention, PhaseMark, Presence, SideEffect, Vitals
from tests.builder import Builder
from tests.refusing import database_refuses
from tests.sessions.sheets import NUMBERS

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def dosing(case, episode):
    """Planned, and not given yet."""
    return case.plan(timezone.now() + MINUTE)


@pytest.fixture
def given(case, episode):
    return case.begin_dose(timezone.now() - 120 * MINUTE)


def refuses(match, action, *args, **kwargs) -> ValidationError:
    with pytest.raises(ValidationError, match=match) as error:
        action(*args, **kwargs)
    return error.value


def take(case, dosing, at=None, key=None, by=None, **changes) -> Vitals:
    return observing.record_vitals(
        by=by or case.cast.nurse,
        dosing=dosing,
        form_key=key or uuid4(),
        at=at or timezone.now(),
        values={**NUMBERS, **changes},
    )


def correct(case, row, values, key=None, **changes):
    usual = {"by": case.cast.nurse, "row": row, "form_key": key or uuid4(), "at": row.at}
    return observing.correct(**{**usual, "reason": "misread", "values": values, **changes})


def each_kind(case, given) -> dict:
    """How a row of every kind is recorded, and how it is corrected."""
    nurse = case.cast.nurse
    here = {"person": nurse, "is_here": True}
    return {
        Vitals: (observing.record_vitals, NUMBERS, {"heart_rate": 80}),
        SideEffect: (observing.record_side_effect, {"effect": "nausea"}, {"severity": "severe"}),
        Intervention: (observing.record_intervention, {"kind": "oxygen"}, {"note": "2 l/min"}),
        PhaseMark: (observing.mark_phase, {"phase": "peak"}, {"phase": "resolution"}),
        Presence: (observing.record_presence, here, {"is_here": False}),
    }


# ---------------------------------------------------------------- one form, one row, its own time


def test_every_kind_is_recorded_once_and_only_by_those_who_treat(case, given):
    for model, (action, values, _) in each_kind(case, given).items():
        key, at = uuid4(), timezone.now()
        row = {"dosing": given, "form_key": key, "at": at, "values": values}
        before = model.objects.count()
        for name, user in case.cast.everybody().items():
            if name not in {"nurse", "prescriber", "kaptherapist"}:
                with pytest.raises(PermissionDenied):
                    action(by=user, **row)
        rows = {action(by=case.cast.nurse, **row).pk for _ in range(3)}
        assert len(rows) == 1, model
        assert model.objects.count() == before + 1
        found = model.objects.get(pk=rows.pop())
        assert found.at == at
        event = f"{observing.NAMES[model]}.recorded"
        assert AuditEvent.objects.filter(event=event, subject__endswith=f":{found.pk}").count() == 1


def test_a_form_saved_with_other_values_is_not_silently_dropped(case, dosing):
    key = uuid4()
    take(case, dosing, key=key)
    refuses("saved already with other values", take, case, dosing, key=key, heart_rate=99)
    assert Vitals.objects.get().heart_rate == NUMBERS["heart_rate"]


def test_a_key_of_another_dose_opens_nothing(case, dosing, cast):
    other = Builder(cast)
    other.begin_care()
    key = uuid4()
    take(other, other.plan(timezone.now()), key=key)
    refuses("used already", take, case, dosing, key=key)


def test_the_time_is_that_of_the_tap_and_a_clock_a_little_ahead_is_now(case, dosing):
    earlier = timezone.now() - 40 * MINUTE
    assert take(case, dosing, at=earlier).at == earlier
    before = timezone.now()
    ahead = take(case, dosing, at=before + MINUTE)
    assert before <= ahead.at <= timezone.now()
    for at in (timezone.now() + 3 * MINUTE, timezone.now() - timedelta(days=32)):
        assert list(refuses("This is", take, case, dosing, at=at).message_dict) == ["at"]


def test_nothing_is_recorded_of_a_cancelled_dose(case, dosing):
    cancel_dose(by=case.cast.prescriber, dosing=dosing)
    refuses("cancelled", take, case, dosing)


@pytest.mark.parametrize(
    ("action", "values"),
    [("record_side_effect", {"effect": "other"}), ("record_intervention", {"kind": "other"})],
)
def test_something_else_needs_words(case, given, action, values):
    record = {"by": case.cast.nurse, "dosing": given, "at": timezone.now()}
    act = getattr(observing, action)
    error = refuses("in words", act, **record, form_key=uuid4(), values={**values, "note": " "})
    assert list(error.message_dict) == ["note"]
    row = act(**record, form_key=uuid4(), values={**values, "note": "hiccups"})
    assert "hiccups" in row.sentence
    database_refuses(
        lambda: type(row).objects.create(
            dosing=given, at=row.at, recorded_by=row.recorded_by, **values
        )
    )


def test_phases_begin_after_the_dose_and_what_surrounds_it_in_one_model_alone(case, dosing):
    def mark(phase, at=None):
        row = {"by": case.cast.nurse, "dosing": dosing, "form_key": uuid4()}
        return observing.mark_phase(**row, at=at or timezone.now(), values={"phase": phase})

    refuses("The dose comes first", mark, "peak")
    refuses("where psychotherapy accompanies", mark, "before")
    type(case.episode).objects.filter(pk=case.episode.pk).update(treatment_model="kap")
    assert mark("before").phase == "before"


def test_who_is_noted_treats_at_this_clinic(case, dosing):
    cast = case.cast

    def come(person, is_here=True):
        row = {"by": cast.nurse, "dosing": dosing, "form_key": uuid4(), "at": timezone.now()}
        return observing.record_presence(**row, values={"person": person, "is_here": is_here})

    for name in ("coordinator", "administrator", "therapist"):
        refuses("treat at this clinic", come, getattr(cast, name))
    assert come(cast.prescriber).role == "prescriber"
    come(cast.nurse)
    come(cast.nurse, is_here=False)
    assert [p.person for p in observed.present_at(dosing)] == [cast.prescriber]
    ever = {p.person for p in observed.ever_present_at(dosing)}
    assert ever == {cast.prescriber, cast.nurse}


# ---------------------------------------------------------------- corrections


def test_every_kind_is_corrected_by_a_row_with_a_reason_and_once(case, given):
    for model, (action, values, other) in each_kind(case, given).items():
        row = action(
            by=case.cast.nurse, dosing=given, form_key=uuid4(), at=timezone.now(), values=values
        )
        key = uuid4()
        new = {correct(case, row, other, key=key).pk for _ in range(2)}
        assert len(new) == 1
        refuses("corrected this meanwhile", correct, case, row, other)
        current = model.objects.current().filter(dosing=given)
        assert row not in current
        assert current.get(pk=new.pop()).corrects == row
        row.refresh_from_db()
        assert model.objects.filter(pk=row.pk).exists()
        event = f"{observing.NAMES[model]}.corrected"
        assert AuditEvent.objects.get(event=event).detail["corrects"] == row.pk


def test_a_correction_says_why_and_changes_something(case, dosing):
    row = take(case, dosing)
    error = refuses("Say why", correct, case, row, {"heart_rate": 80}, reason="  ")
    assert list(error.message_dict) == ["reason"]
    refuses("Nothing differs", correct, case, row, {})
    moved = correct(case, row, {}, at=row.at - 5 * MINUTE)
    again = correct(case, moved, {"heart_rate": 80})
    assert list(Vitals.objects.current()) == [again]
    assert again.at == row.at - 5 * MINUTE


def test_what_was_entered_in_error_counts_no_more(case, dosing):
    row = take(case, dosing, systolic=190)
    key = uuid4()
    withdrawn = {"by": case.cast.nurse, "row": row, "form_key": key}
    refuses("Say why", observing.withdraw, **withdrawn, reason="")
    gone = {observing.withdraw(**withdrawn, reason="other client").pk for _ in range(2)}
    assert len(gone) == 1
    assert not Vitals.objects.current().exists()
    last = Vitals.objects.get(pk=gone.pop())
    assert (last.systolic, last.reason) == (190, "other client")
    refuses("Enter it anew", correct, case, last, {"heart_rate": 80})
    for name, user in case.cast.everybody().items():
        if name not in {"nurse", "prescriber", "kaptherapist"}:
            with pytest.raises(PermissionDenied):
                observing.withdraw(by=user, row=row, form_key=uuid4(), reason="x")


def test_the_note_tells_what_counts(case, episode):
    given = case.give(hours_ago=2)
    effect = given.side_effects.get()
    observing.correct(
        by=case.cast.nurse,
        row=effect,
        form_key=uuid4(),
        reason="x",
        at=effect.at,
        values={"effect": "headache"},
    )
    done = {"by": case.cast.nurse, "dosing": given, "at": given.given_at}
    oxygen = observing.record_intervention(**done, form_key=uuid4(), values={"kind": "oxygen"})
    observing.withdraw(by=case.cast.nurse, row=oxygen, form_key=uuid4(), reason="x")
    observing.record_intervention(**done, form_key=uuid4(), values={"kind": "fluids"})
    safety = notes.facts(given)["safety"]
    assert "Headache" in safety
    assert "Fluids" in safety
    assert "Adverse event: " in safety
    assert "Nausea" not in safety
    assert "Oxygen" not in safety


def test_the_database_keeps_corrections_in_order(case, dosing, cast):
    row = take(case, dosing)
    base = {"at": row.at, "recorded_by": row.recorded_by, **NUMBERS}
    other = Builder(cast)
    other.begin_care()
    elsewhere = other.plan(timezone.now())
    create = Vitals.objects.create
    database_refuses(lambda: create(dosing=dosing, corrects=row, **base))
    database_refuses(lambda: create(dosing=dosing, reason="x", **base))
    database_refuses(lambda: create(dosing=dosing, entered_in_error=True, **base))
    database_refuses(lambda: create(dosing=elsewhere, corrects=row, reason="x", **base))
    gone = create(dosing=dosing, corrects=row, reason="x", entered_in_error=True, **base)
    database_refuses(lambda: create(dosing=dosing, corrects=row, reason="x", **base))
    database_refuses(lambda: create(dosing=dosing, corrects=gone, reason="x", **base))


def test_what_was_forgotten_is_entered_with_a_time_before_they_left(case, episode):
    given = case.give(hours_ago=3)
    late = {"by": case.cast.nurse, "dosing": given, "values": {"kind": "oxygen"}}
    record = observing.record_intervention
    refuses("They left at", record, **late, form_key=uuid4(), at=given.discharged_at + MINUTE)
    assert record(**late, form_key=uuid4(), at=given.discharged_at)
