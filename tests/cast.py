"""The cast: the fixed people of every test, and their case.

therapist refers from Harbor Lane Practice, where colleague works too · stranger is in another
practice · physician and lapsed are in primary care, lapsed with a release that is over ·
coordinator, prescriber, nurse, kaptherapist and administrator are the clinic · superuser is a
therapist of the stranger's practice whose account has every Django right.
"""

import pytest
from django.utils import timezone

from tests import triggers
from tests.builder import Builder
from tests.factories import Cast
from tests.stages import ZONE, Stages, has_real_transactions


@pytest.fixture(scope="session", autouse=True)
def _clean_up():
    triggers.let_tests_clean_up()


@pytest.fixture(autouse=True)
def _where_people_are():
    """Tests write days and times as the cast does, in New York."""
    with timezone.override(ZONE):
        yield


@pytest.fixture(scope="session")
def stages(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        stages = Stages()
        yield stages
        stages.leave()


@pytest.fixture
def stage(request, stages, django_db_blocker) -> Builder | None:
    """The case as this test's stage tells it. It comes before all that asks for the database."""
    way = stages.commit if has_real_transactions(request.node) else stages.enter
    with django_db_blocker.unblock():
        return way(request.fixturenames)


@pytest.fixture
def cast(db, case) -> Cast:
    return case.cast


def _member(name):
    @pytest.fixture(name=name)
    def member(cast):
        return getattr(cast, name)

    return member


clinic = _member("clinic")
practice = _member("practice")
other_practice = _member("other_practice")
primary_care = _member("primary_care")
therapist = _member("therapist")
colleague = _member("colleague")
stranger = _member("stranger")
physician = _member("physician")
coordinator = _member("coordinator")
prescriber = _member("prescriber")
nurse = _member("nurse")
kaptherapist = _member("kaptherapist")
administrator = _member("administrator")
superuser = _member("superuser")
lapsed = _member("lapsed")


@pytest.fixture
def case(db, stage) -> Builder:
    """The builder of one case, with nothing done yet: case.send(), case.begin_care(), …"""
    assert stage
    return stage


@pytest.fixture
def full_case(case) -> Builder:
    """Everything recorded, nothing released."""
    return case


@pytest.fixture
def referral(case):
    """A referral that was sent."""
    return case.referral


@pytest.fixture
def accepted_referral(case):
    return case.referral


@pytest.fixture
def opened(case):
    """An open episode with a valid clearance; the client has not consented to treatment yet."""
    return case.episode


@pytest.fixture
def episode(case):
    """The same, and the client has consented."""
    return case.episode


@pytest.fixture
def client_record(case, referral):
    """The client of `referral`."""
    return case.client


@pytest.fixture
def make_release(case, referral):
    """make_release(state, **terms) about the client of `referral`; see factories.STATES."""
    return case.make_release


@pytest.fixture
def signed_in(db):
    """signed_in(user) gives a browser where they are signed in."""
    from django.test import Client

    def sign_in(user) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return sign_in
