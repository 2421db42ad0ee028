"""A session with psychotherapy during the dose warns when nobody present is trained for it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions.actions.observing import record_vitals
from sessions.enums import TreatmentModel
from sessions.models import EpisodeOfCare
from sessions.presence import people_here, team_cautions
from sessions.warnings import nobody_trained
from tests.people.credentials import in_days, make_current

VALUES = {"systolic": 124, "diastolic": 78, "heart_rate": 72, "spo2": 98}
WARNING = "nobody recorded as present has a current licence and training"


@pytest.fixture
def planned(case, episode):
    """A dose planned for today in the KAP model."""
    EpisodeOfCare.objects.update(treatment_model=TreatmentModel.KAP)
    episode.refresh_from_db()
    return case.plan(timezone.now())


def vitals(dosing, by):
    return record_vitals(
        by=by, dosing=dosing, form_key=uuid4(), at=timezone.now(), values=dict(VALUES)
    )


def page(browser, dosing) -> str:
    return browser.get(reverse("care:dosing", args=[dosing.pk])).content.decode()


@pytest.mark.parametrize(
    ("model", "trained", "warned"),
    [
        (TreatmentModel.KAP, False, True),
        (TreatmentModel.KAP, True, False),
        (TreatmentModel.PI, False, False),
        (TreatmentModel.PARALLEL, False, False),
    ],
)
def test_only_a_kap_session_with_nobody_trained_warns(model, trained, warned):
    cautions = nobody_trained(model, trained)
    assert bool(cautions) == warned
    assert all(caution.source.startswith("House rule") for caution in cautions)
    assert not any(caution.strong for caution in cautions)


def test_the_case_names_owners_of_the_clinic_who_are_not_trained_for_it(
    case, episode, kaptherapist, administrator, signed_in
):
    """And those of a practice, or of another model, not."""
    address = reverse("care:case", args=[episode.pk])
    browser, words = signed_in(kaptherapist), "training for it is not current"
    EpisodeOfCare.objects.update(treatment_model=TreatmentModel.KAP)
    assert words not in browser.get(address).content.decode()
    EpisodeOfCare.objects.update(preparation_owner=kaptherapist, collaboration="shared")
    page = browser.get(address).content.decode()
    assert words in page
    assert "Psychotherapy during the dose." in page
    make_current(kaptherapist, administrator, in_days(kaptherapist, 100))
    assert words not in browser.get(address).content.decode()
    EpisodeOfCare.objects.update(treatment_model=TreatmentModel.PI)
    assert words not in browser.get(address).content.decode()


def test_the_flow_sheet_warns_until_somebody_trained_is_there(
    planned, nurse, prescriber, administrator, signed_in
):
    assert WARNING in page(signed_in(nurse), planned)
    make_current(prescriber, administrator, in_days(prescriber, 100))
    assert WARNING not in page(signed_in(prescriber), planned)
    vitals(planned, nurse)
    assert WARNING in page(signed_in(prescriber), planned)
    vitals(planned, prescriber)
    assert WARNING not in page(signed_in(nurse), planned)


def test_no_other_model_warns(case, episode, nurse, signed_in):
    assert WARNING not in page(signed_in(nurse), case.plan(timezone.now()))


def test_a_licence_counts_on_its_last_day_and_not_the_day_after(
    planned, nurse, administrator, episode
):
    make_current(nurse, administrator, in_days(nurse, 0))
    assert team_cautions(planned, nurse) == []
    planned.planned_at = timezone.now() + timedelta(days=1)
    assert team_cautions(planned, nurse)


def test_a_dose_not_given_yet_is_judged_by_today_at_the_earliest(planned, nurse, administrator):
    make_current(nurse, administrator, in_days(nurse, -1))
    planned.planned_at = timezone.now() - timedelta(days=3)
    assert team_cautions(planned, nurse)
    planned.given_on = planned.episode.clinic.day_of(planned.planned_at)
    assert team_cautions(planned, nurse) == []


def test_who_is_here_is_who_recorded_something_else_who_looks(case, episode, cast):
    planned = case.plan(timezone.now())
    assert people_here(planned, cast.prescriber) == {cast.prescriber.pk}
    vitals(planned, cast.kaptherapist)
    planned.given_by = cast.nurse
    assert people_here(planned, cast.prescriber) == {cast.kaptherapist.pk, cast.nurse.pk}


def test_once_the_client_has_left_there_is_nothing_to_weigh(planned, nurse):
    assert team_cautions(planned, nurse)
    planned.discharged_at = timezone.now()
    assert team_cautions(planned, nurse) == []
    planned.discharged_at, planned.cancelled_at = None, timezone.now()
    assert team_cautions(planned, nurse) == []
