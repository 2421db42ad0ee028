"""Intake, preparation, integration and the call after a dose: what is refused, what follows."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from people.enums import OrganizationKind
from referrals.enums import FIT_KINDS
from reminders.enums import ReminderState
from sessions.actions.aftercare import follow_up, record_delayed_check, record_integration
from sessions.actions.dosing import cancel_dose
from sessions.actions.intake import record_intake
from sessions.actions.preparation import record_preparation
from sessions.aftercare import CheckState, check_state
from sessions.due import delayed_checks_due, open_follow_ups
from sessions.enums.therapy import DelayedEffect
from sessions.models import (
    CarePlan,
    DelayedCheck,
    FollowUp,
    Intake,
    IntegrationRecord,
    IntegrationSession,
    PreparationSession,
    SafetyAlert,
)
from tests.builder import Builder
from tests.factories import make_organization
from tests.refusing import database_refuses
from tests.sessions.test_actions import DAY, HOUR, refused, reminders

TREATING = {"prescriber", "nurse", "kaptherapist"}
CALM = dict.fromkeys(DelayedEffect.values, False)


def take_in(case: Builder, **changes) -> Intake:
    content = {
        **dict.fromkeys(FIT_KINDS, "yes"),
        "goals": "sleep",
        "readiness": "ready",
        "expected_doses": 6,
        "modality": "act",
        "support_plan": "sister",
        "support_contact": "sister, 555 0142",
    }
    by, key = changes.pop("by", case.cast.kaptherapist), changes.pop("form_key", uuid4())
    return record_intake(by=by, episode=case.episode, form_key=key, content={**content, **changes})


def integrate(case: Builder, **changes) -> IntegrationRecord:
    content = {"held_at": timezone.now() - HOUR, "narrative": "water", "challenge": "none"}
    by, key = changes.pop("by", case.cast.kaptherapist), changes.pop("form_key", uuid4())
    return record_integration(
        by=by, episode=case.episode, form_key=key, content={**content, **changes}
    )


def call(case: Builder, **changes) -> DelayedCheck:
    content = {"at": timezone.now(), "reached": True, **CALM}
    by, key = changes.pop("by", case.cast.nurse), changes.pop("form_key", uuid4())
    dosing = changes.pop("dosing", case.dosing)
    return record_delayed_check(by=by, dosing=dosing, form_key=key, content={**content, **changes})


def frightened(case: Builder, **changes) -> IntegrationRecord:
    hard = {"challenge": "frightening", "handling": "breathing", "follow_up_by": case.cast.nurse}
    return integrate(case, **{**hard, "follow_up_due": timezone.localdate() + DAY, **changes})


def check_roles(case: Builder, act) -> None:
    for name, user in case.cast.everybody().items():
        if name in TREATING:
            assert act(user)
        else:
            with pytest.raises(PermissionDenied):
                act(user)


# ---------------------------------------------------------------- intake


def test_the_newest_intake_counts_and_the_plan_follows(case, episode):
    check_roles(case, lambda user: take_in(case, by=user))
    take_in(case, expected_doses=8)
    episode.refresh_from_db()
    assert (episode.expected_doses, CarePlan.objects.count()) == (8, 2)
    assert CarePlan.objects.first().reason == "As expected at intake."
    key = uuid4()
    assert take_in(case, form_key=key) == take_in(case, form_key=key)
    assert Intake.objects.count() == 5
    assert AuditEvent.objects.filter(event="intake.recorded").count() == 5


@pytest.mark.parametrize("modality", ["emdr", "trauma"])
def test_whoever_processes_trauma_is_named(case, episode, modality):
    error = refused("trauma_lead", take_in, case, modality=modality, trauma_lead=" ")
    assert "needs training and supervision" in str(error)
    row = take_in(case, modality=modality, trauma_lead="Kai, EMDR certified, supervised weekly")
    row.pk, row.form_key, row.trauma_lead = None, uuid4(), ""
    database_refuses(row.save)


def test_intake_choices_are_known_ones(case, episode):
    refused("modality_other", take_in, case, modality="other")
    for changes in (
        {"fit_stable": "perhaps"},
        {"readiness": "so so"},
        {"modality": "magic"},
        {"expected_doses": 0},
        {"expected_doses": 61},
    ):
        with pytest.raises(ValidationError):
            take_in(case, **changes)
        row = take_in(case)
        row.pk, row.form_key = None, uuid4()
        for name, value in changes.items():
            setattr(row, name, value)
        database_refuses(row.save)


# ---------------------------------------------------------------- preparation


def test_preparation_is_for_a_dose_of_the_episode(case, episode):
    other = Builder(case.cast)
    other.begin_care()
    theirs, mine = other.plan(timezone.now() + DAY), case.plan(timezone.now() + DAY)
    gone = cancel_dose(by=case.cast.prescriber, dosing=case.plan(timezone.now() + DAY))

    def prepare(dosing, by=case.cast.nurse):
        content = {"held_at": timezone.now() - HOUR, "intentions": "rest", "dosing": dosing}
        return record_preparation(by=by, episode=episode, form_key=uuid4(), content=content)

    refused("dosing", prepare, theirs)
    refused("dosing", prepare, gone)
    check_roles(case, lambda user: prepare(mine, by=user))
    forged = PreparationSession(
        episode=episode,
        recorded_by=case.cast.nurse,
        held_at=timezone.now(),
        intentions="x",
        dosing=theirs,
    )
    database_refuses(forged.save)


# ---------------------------------------------------------------- integration


def test_what_it_was_about_logs_that_it_was_held(case, accepted_referral):
    case.admit(integration_owner=case.cast.kaptherapist)
    case.agree()
    check_roles(case, lambda user: integrate(case, by=user))
    case.give(hours_ago=30)
    key = uuid4()
    rows = {
        integrate(case, form_key=key, held_at=case.dosing.given_at + 26 * HOUR) for _ in range(2)
    }
    assert len(rows) == 1
    assert reminders(kind="primary") == {"1 primary": ReminderState.DONE}
    assert IntegrationSession.unscoped.filter(form_key=key).count() == 1
    assert AuditEvent.objects.filter(event="integration.recorded", detail={}).exists()


def test_a_session_that_is_logged_already_is_not_logged_twice(case, episode):
    at = timezone.now() - 2 * HOUR
    logged = case.log_session(at, by=case.cast.kaptherapist)
    assert integrate(case, held_at=at).session == logged
    outside = case.log_session(at - HOUR)
    assert integrate(case, held_at=at - HOUR).session != outside
    refused("held_at", integrate, case, held_at=at)  # one record for each
    assert IntegrationSession.unscoped.count() == 3


@pytest.mark.parametrize("hours", [-1, 32 * 24])
def test_a_session_lies_within_the_last_month(case, episode, hours):
    refused("held_at", integrate, case, held_at=timezone.now() - hours * HOUR)
    assert not IntegrationRecord.objects.exists()
    assert not IntegrationSession.unscoped.exists()


def test_what_was_hard_names_who_comes_back_to_it_and_when(case, episode):
    for field, value in (
        ("handling", " "),
        ("follow_up_by", None),
        ("follow_up_by", case.cast.therapist),
        ("follow_up_due", None),
        ("follow_up_due", timezone.localdate() - 3 * DAY),
    ):
        refused(field, frightened, case, **{field: value})
    row = frightened(case)
    now = timezone.now()
    hours = (now - n * HOUR for n in range(3, 30))
    for changes in (
        {"handling": ""},
        {"follow_up_by": None},
        {"follow_up_due": None},
        {"challenge": "none"},
        {"challenge": "other"},
    ):
        copy = IntegrationRecord.objects.get(pk=row.pk)
        copy.pk, copy.form_key = None, uuid4()
        copy.session = case.log_session(next(hours), by=case.cast.nurse)
        for name, value in changes.items():
            setattr(copy, name, value)
        database_refuses(copy.save)
    nobody = {"follow_up_by": case.cast.nurse, "follow_up_due": timezone.localdate()}
    plain = integrate(case, held_at=next(hours), **nobody)
    assert (plain.follow_up_by, plain.follow_up_due) == (None, None)


def test_it_stays_open_until_somebody_came_back_to_it(case, episode):
    row, clinic = frightened(case), case.cast.clinic
    integrate(case, held_at=timezone.now() - 3 * HOUR)
    assert open_follow_ups(clinic) == [row]
    assert open_follow_ups(make_organization("Elsewhere", OrganizationKind.CLINIC)) == []
    for name in set(case.cast.everybody()) - TREATING:
        with pytest.raises(PermissionDenied):
            follow_up(by=getattr(case.cast, name), integration=row, form_key=uuid4(), text="called")
    by, key = case.cast.nurse, uuid4()
    with pytest.raises(ValidationError):
        follow_up(by=by, integration=row, form_key=uuid4(), text=" ")
    for _ in range(2):
        follow_up(by=by, integration=row, form_key=key, text="Called; sleeps well.")
    assert FollowUp.objects.count() == 1
    assert open_follow_ups(clinic) == []
    assert "already" in str(
        refused(None, follow_up, by=by, integration=row, form_key=uuid4(), text="again")
    )
    plain = IntegrationRecord.objects.get(challenge="none")
    refused(None, follow_up, by=by, integration=plain, form_key=uuid4(), text="x")


# ---------------------------------------------------------------- the call after a dose

DOSE = datetime(2026, 3, 7, 15, tzinfo=UTC)  # the clocks go forward the night after


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (0, CheckState.LATER),
        (23.99, CheckState.LATER),
        (24, CheckState.DUE),
        (71.99, CheckState.DUE),
        (72, CheckState.OVERDUE),
        (31 * 24 - 0.01, CheckState.OVERDUE),
        (31 * 24, CheckState.NEVER),
    ],
)
def test_the_call_is_due_from_24_hours_and_overdue_from_72(hours, state):
    now = DOSE + timedelta(hours=hours)
    assert check_state(DOSE, now, []) == state
    assert check_state(DOSE, now, [DOSE + 23 * HOUR]) == state
    if hours >= 24:
        assert check_state(DOSE, now, [DOSE + 24 * HOUR]) == CheckState.DONE


def test_the_call_is_answered_by_reaching_the_client(case, episode):
    clinic, now = case.cast.clinic, timezone.now()
    case.give(hours_ago=30)
    case.give(hours_ago=5)
    late = case.give(hours_ago=80)
    first = late.episode.doses.get(number=1)

    def due(now):
        return delayed_checks_due(clinic, now)

    assert due(now) == [(late, CheckState.OVERDUE), (first, CheckState.DUE)]
    call(case, dosing=late, reached=False, action="tomorrow again")
    call(case, dosing=first)
    assert due(now) == [(late, CheckState.OVERDUE)]
    assert due(now + 20 * HOUR) == [
        (late, CheckState.OVERDUE),
        (case.episode.doses.get(number=2), CheckState.DUE),
    ]
    call(case, dosing=late)
    assert due(now) == []
    assert delayed_checks_due(make_organization("Other", OrganizationKind.CLINIC), now) == []


def test_what_is_told_is_asked_one_by_one_and_acted_on(case, episode):
    case.give(hours_ago=30)
    check_roles(case, lambda user: call(case, by=user))
    refused("urinary", call, case, urinary=None)
    refused("action", call, case, headache=True)
    refused("action", call, case, other="itching")
    refused("action", call, case, reached=False)
    refused("at", call, case, at=timezone.now() + HOUR)
    refused("at", call, case, at=case.dosing.given_at)
    row = call(case, urinary=True, other="itching", action="Urine test tomorrow")
    assert row.found == ["Urinary symptoms: pain, urgency, blood", "itching"]
    nobody = call(case, reached=False, headache=True, action="again at noon")
    assert nobody.headache is None
    key = uuid4()
    assert call(case, form_key=key) == call(case, form_key=key)
    refused(None, call, case, dosing=case.plan(timezone.now() + DAY))


def test_the_database_holds_what_a_call_says(case, episode):
    case.give(hours_ago=30)
    other = Builder(case.cast)
    other.begin_care()
    usual = {"episode": episode, "dosing": case.dosing, "recorded_by": case.cast.nurse}
    usual |= {"at": timezone.now(), "reached": True, **CALM}
    for changes in (
        {"headache": None},
        {"headache": True},
        {"other": "itching"},
        {"reached": False, "action": "x"},
        {"reached": False, **dict.fromkeys(CALM)},
        {"at": case.dosing.given_at},
        {"dosing": case.plan(timezone.now() + DAY)},
        {"dosing": other.give(hours_ago=30)},
    ):
        database_refuses(DelayedCheck(**{**usual, **changes}).save)
    DelayedCheck(**usual).save()


def test_thoughts_of_self_harm_after_a_dose_alert_the_clinic_once(case, episode):
    case.give(hours_ago=30)
    call(case, headache=True, action="water")
    assert not SafetyAlert.objects.exists()
    key = uuid4()
    for _ in range(2):
        check = call(case, form_key=key, self_harm=True, action="with her sister tonight")
    alert = SafetyAlert.objects.get()
    assert (alert.kind, alert.source) == ("after_dose", f"care_sessions.delayedcheck:{check.pk}")


def test_a_dose_is_integrated_after_it_was_given(case, episode):
    planned = case.plan(timezone.now() + DAY)
    refused("dosing", integrate, case, dosing=planned)
