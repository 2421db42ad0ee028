"""Two devices at the same moment: one row for one form, one correction for one row."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from sessions.actions import observing
from sessions.models import Vitals
from tests.consent.test_replays import replay
from tests.sessions.sheets import NUMBERS

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MANY = 8


def test_one_form_and_one_correction_win(case, episode):
    nurse, dosing, key = case.cast.nurse, case.plan(timezone.now()), uuid4()
    about = {"by": nurse, "at": timezone.now()}

    def take(_):
        return observing.record_vitals(**about, dosing=dosing, form_key=key, values=NUMBERS).pk

    assert set(replay(range(MANY), take)) == {Vitals.objects.get().pk}
    row = Vitals.objects.get()

    def correct(heart_rate):
        values = {"heart_rate": heart_rate}
        about_it = {**about, "row": row, "form_key": uuid4(), "reason": "misread"}
        return observing.correct(**about_it, values=values)

    answers = replay(range(80, 80 + MANY), correct)
    told = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert len(told) == MANY - 1
    assert all("corrected this meanwhile" in str(answer) for answer in told)
    assert Vitals.objects.current().get().corrects == row
