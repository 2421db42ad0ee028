"""The clinical record: what is refused, what is kept, and what follows in the same transaction."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from reminders.enums import ReminderState
from reminders.models import Reminder
from sessions.actions import care, dosing
from sessions.actions.discharge import discharge
from sessions.actions.giving import give_dose
from sessions.actions.observing import record_vitals
from sessions.enums import (
    ClearanceResult,
    DischargeCheck,
)
from sessions.models import (
    Clearance,
    DischargeConfirmation,
    DosingSession,
    EpisodeOfCare,
    Vitals,
)
from tests.builder import Builder
from tests.refusing import database_refuses
from tests.sessions.gating import given_by_hand

S = ReminderState
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VITALS = {"systolic": 128, "diastolic": 80, "heart_rate": 72, "spo2": 98}


def refused(field: str | None, action, *args, **kwargs) -> ValidationError:
    """`action` is refused with a sentence beside `field` (None: beside nothing)."""
    with pytest.raises(ValidationError) as error:
        action(*args, **kwargs)
    found = list(getattr(error.value, "error_dict", {None: None}))
    assert found == [field]
    return error.value


def give(case: Builder, planned: DosingSession, **changes) -> DosingSession:
    """The dose as somebody of the cast gives it, with all that comes before it."""
    at = changes.pop("given_at", timezone.now() - HOUR)
    by = changes.pop("by", case.cast.nurse)
    order = case.make_ready(planned, before=at, **changes)
    return give_dose(by=by, dosing=planned, order=order, given_at=at)


def reminders(**fields) -> dict[str, str]:
    rows = Reminder.objects.of_windows().filter(**fields)
    return {f"{r.dosing.number} {r.kind}": r.state for r in rows}


# ---------------------------------------------------------------- the episode


def test_only_a_prescriber_of_the_clinic_opens_an_episode_and_once(case, accepted_referral):
    for name, user in case.cast.everybody().items():
        if name == "prescriber":
            continue
        with pytest.raises(PermissionDenied):
            care.open_episode(by=user, referral=accepted_referral, plan={})
    first = case.open()
    assert case.open() == first
    assert EpisodeOfCare.objects.count() == 1


def test_an_episode_needs_an_accepted_referral(case, referral):
    with pytest.raises(PermissionDenied, match="is sent"):
        case.open()


@pytest.mark.parametrize("name", ["stranger", "physician", "colleague", "administrator"])
def test_owners_are_the_referrer_or_staff_who_treat(case, accepted_referral, name):
    for owner in ("preparation_owner", "integration_owner"):
        refused(owner, case.open, **{owner: getattr(case.cast, name)})


@pytest.mark.parametrize("doses", [0, -1, 61])
def test_an_impossible_number_of_doses_is_refused(case, accepted_referral, doses):
    refused("expected_doses", case.open, expected_doses=doses)


# ---------------------------------------------------------------- the dose


def test_no_dose_without_a_clearance_that_holds_today(case, accepted_referral):
    case.open()
    case.consent_to_treatment(days_ago=9)
    planned = case.plan(timezone.now())

    def give_now():
        return give(case, planned, given_at=timezone.now())

    assert "Clearance: none" in str(refused(None, give_now))
    case.clear()
    for result in (ClearanceResult.DEFERRED, ClearanceResult.NOT_CLEARED):
        case.clear(result=result)
        assert "Clearance: the result is" in str(refused(None, give_now))
    case.clear()
    assert give_now().given_at


def test_a_clearance_that_ended_yesterday_permits_no_dose(case, episode):
    planned = case.plan(timezone.now() - HOUR)
    last_day = Clearance.objects.get().valid_until
    noon = datetime(last_day.year, last_day.month, last_day.day, 17, tzinfo=UTC)  # in New York
    with time_machine.travel(noon + DAY, tick=False):
        at = timezone.now() - HOUR
        assert "Clearance: it ended" in str(refused(None, give, case, planned, given_at=at))
    with time_machine.travel(noon, tick=False):
        assert care.current_clearance(episode)


def test_the_database_itself_refuses_impossible_doses(case, episode):
    planned = case.plan(timezone.now() - HOUR)
    now = timezone.now()
    order = case.make_ready(planned)
    whole = given_by_hand(case, planned, order)
    one = DosingSession.objects.filter(pk=planned.pk)
    for lacking in (
        {"dose_mg": 0},
        {"dose_mg": -5},
        {"dose_mg": 5000},
        {"dose_mg": None},
        {"weight_kg": 7},
        {"weight_kg": None},
        {"route": ""},
        {"route": "magic"},
        {"given_by": None},
        {"given_on": None},
        {"order": None},
        {"cancelled_at": now},
    ):
        database_refuses(lambda lacking=lacking: one.update(**{**whole, **lacking}))
    one.update(**whole)
    nurse = case.cast.nurse
    left = {"discharged_by": nurse, "judged_by": nurse, "escort": "sister"}
    left["mental_status"] = "oriented"
    database_refuses(lambda: one.update(**{**left, "discharged_at": now + HOUR}))
    DischargeConfirmation.objects.bulk_create(
        DischargeConfirmation(dosing=case.dosing, check_made=check) for check in DischargeCheck
    )
    left["discharged_at"] = now + HOUR
    for lacking in (
        {"discharged_at": now},
        {"discharged_at": now - HOUR},
        {"discharged_by": None},
        {"judged_by": None},
        {"escort": ""},
        {"mental_status": ""},
    ):
        database_refuses(lambda lacking=lacking: one.update(**{**left, **lacking}))
    database_refuses(lambda: case.plan(now) and one.update(number=2))
    one.update(**left)


def test_vitals_stay_within_what_a_body_can_have(case, episode):
    case.give(hours_ago=2)
    row = {"dosing": case.dosing, "at": timezone.now(), "recorded_by": case.cast.nurse}
    for changes in (
        {"systolic": 900},
        {"systolic": 70, "diastolic": 90},
        {"heart_rate": 0},
        {"spo2": 101},
        {"respiratory_rate": 200},
    ):
        values = {**VITALS, **changes}
        database_refuses(lambda values=values: Vitals.objects.create(**row, **values))
        with pytest.raises(ValidationError):
            record_vitals(
                by=case.cast.nurse,
                dosing=case.dosing,
                form_key=uuid4(),
                at=timezone.now(),
                values=values,
            )


def test_one_form_gives_one_row(case, episode):
    key, now, order = uuid4(), timezone.now(), None
    by, nurse = case.cast.prescriber, case.cast.nurse
    for _ in range(2):
        planned = dosing.plan_dose(by=by, episode=episode, form_key=key, planned_at=now - HOUR)
        order = order or case.make_ready(planned)
        give_dose(by=nurse, dosing=planned, order=order, given_at=now - HOUR)
        record_vitals(by=nurse, dosing=planned, form_key=key, at=now, values=VITALS)
    assert DosingSession.objects.count() == Vitals.objects.count() == 1
    again = {"by": nurse, "dosing": planned, "order": order, "given_at": now}
    assert "already recorded" in str(refused(None, give_dose, **again))


def test_a_discharge_comes_after_the_dose_with_every_check(case, episode):
    planned, nurse = case.plan(timezone.now() - HOUR), case.cast.nurse

    def leave(at, checks=DischargeCheck.values, **words):
        words = {"mental_status": "oriented", "escort": "sister", "despite": "late", **words}
        return discharge(by=nurse, dosing=planned, discharged_at=at, checks=checks, **words)

    now = timezone.now()
    refused(None, leave, now)
    given = give(case, planned, given_at=now - HOUR)
    refused("discharged_at", leave, given.given_at)
    refused("discharged_at", leave, given.given_at - HOUR)
    refused("discharged_at", leave, now + HOUR)
    refused("escort", leave, now, escort=" ")
    refused("mental_status", leave, now, mental_status="")
    with pytest.raises(ValidationError) as error:
        leave(now, checks=DischargeCheck.values[1:])
    assert list(error.value.message_dict) == [DischargeCheck.values[0]]
    assert leave(now).discharged_at == now


@pytest.mark.parametrize("span", [-32 * DAY, HOUR])
def test_a_dose_is_recorded_within_a_month_and_not_ahead(case, episode, span):
    planned = case.plan(timezone.now())
    refused("given_at", give, case, planned, given_at=timezone.now() + span)


def test_who_gives_plans_and_discharges(case, episode):
    planned = case.plan(timezone.now() - HOUR)
    for name, user in case.cast.everybody().items():
        if name not in {"nurse", "prescriber", "kaptherapist"}:
            with pytest.raises(PermissionDenied):
                give(case, planned, by=user)
        if name != "prescriber":
            with pytest.raises(PermissionDenied):
                dosing.plan_dose(
                    by=user, episode=episode, form_key=uuid4(), planned_at=timezone.now()
                )
            with pytest.raises(PermissionDenied):
                dosing.move_dose(by=user, dosing=planned, planned_at=timezone.now())
            with pytest.raises(PermissionDenied):
                dosing.cancel_dose(by=user, dosing=planned)
