"""Whoever writes past the actions still has to be somebody who may: the database asks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from sessions.models import (
    DoseCorrection,
    DoseOrder,
    DosingSession,
    EscortPlan,
    GateOverride,
    IdentityCheck,
    OverrideReview,
    PreDoseCheck,
)
from tests.refusing import database_refuses
from tests.sessions.test_gates import given_by_hand, open_gates

pytestmark = pytest.mark.django_db
TREATING = {"prescriber", "nurse", "kaptherapist"}


def only(allowed, case, write):
    """`write(by)` is refused to everybody of the cast but `allowed`, for whom it stands."""
    people = case.cast.everybody()
    for who in sorted(set(people) - allowed):
        database_refuses(lambda who=who: write(people[who]))
    for who in sorted(allowed):
        write(people[who])


def test_before_a_dose(case, episode):
    planned = case.plan(timezone.now())
    row = {"dosing": planned}
    born = case.client.date_of_birth
    order, lift = DoseOrder.objects.create, GateOverride.objects.create
    only({"prescriber"}, case, lambda by: order(**row, recorded_by=by, route="im", dose_mg=50))
    only({"prescriber"}, case, lambda by: lift(**row, overridden_by=by, gate="escort", reason="x"))
    who_it_is, checks = IdentityCheck.objects.create, PreDoseCheck.objects.create
    only(TREATING, case, lambda by: who_it_is(**row, recorded_by=by, date_of_birth=born))
    only(TREATING, case, lambda by: checks(**row, recorded_by=by, weight_kg=70))
    plan, words = EscortPlan.objects.create, {"name": "x", "reached_by": "y"}
    only({*TREATING, "coordinator"}, case, lambda by: plan(**row, recorded_by=by, **words))
    lifted = GateOverride.objects.get()
    review = OverrideReview.objects.create
    made = {"override": lifted, "finding": "x"}
    for name in ("coordinator", "stranger", "administrator"):
        database_refuses(lambda name=name: review(**made, reviewed_by=getattr(case.cast, name)))
    assert review(**made, reviewed_by=case.cast.nurse)


def test_a_dose_is_given_and_corrected_by_who_treats_there(case, episode):
    planned = case.plan(timezone.now())
    row = given_by_hand(case, planned, open_gates(case, planned))
    rows = DosingSession.objects.filter(pk=planned.pk)
    for name in ("stranger", "therapist", "coordinator", "administrator", "physician"):
        database_refuses(
            lambda name=name: rows.update(**{**row, "given_by": getattr(case.cast, name)})
        )
    rows.update(**row)
    given = rows.get()

    def correct(by):
        DoseCorrection.objects.create(
            form_key=uuid4(),
            dosing=given,
            was_given_at=given.given_at,
            was_mg=given.dose_mg,
            given_at=given.given_at - timedelta(minutes=1),
            dose_mg=given.dose_mg,
            reason="x",
            recorded_by=by,
        )

    only(TREATING, case, correct)
