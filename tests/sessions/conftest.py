"""A dose that is going on, the nurse's browser, and a clinic where no hour comes twice."""

from datetime import timedelta

import pytest
from django.utils import timezone


@pytest.fixture
def given(case, episode):
    """A dose given half an hour ago."""
    return case.begin_dose(timezone.now() - timedelta(minutes=30))


@pytest.fixture
def planned(case, episode):
    """A dose planned for an hour ago, with nothing that it asks for."""
    return case.plan(timezone.now() - timedelta(hours=1))


@pytest.fixture
def browser(signed_in, nurse):
    """The nurse's."""
    return signed_in(nurse)


@pytest.fixture
def in_utc(clinic):
    """No hour comes twice, at the clinic and on its pages."""
    clinic.timezone = "UTC"
    clinic.save()
    with timezone.override("UTC"):
        yield
