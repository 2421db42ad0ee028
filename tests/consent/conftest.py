"""The administrator's browser, cases on their way, and what hangs on them."""

from uuid import uuid4

import pytest
from django.urls import reverse

from consent.actions.paper import transcribe_paper
from consent.models import PaperCopy, Release
from people.enums import Role
from tests.builder import Builder
from tests.consent.pages import look
from tests.consent.papers import transcript
from tests.factories import PASSWORD, make_user
from tests.releases import NARROW_OUT


@pytest.fixture
def staff(client, administrator):
    """The administrator's browser."""
    client.force_login(administrator)
    return client


@pytest.fixture
def confirmed(staff):
    """They have just entered the password again, as dangerous acts ask for."""
    staff.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return staff


@pytest.fixture
def sent(case, referral) -> Builder:
    return case


@pytest.fixture
def empty(staff, sent) -> Release:
    """A draft of which no step was opened."""
    staff.post(reverse("consent:new"), {"form_key": str(uuid4()), "client": sent.client.pk})
    return Release.objects.get()


@pytest.fixture
def part2(clinic):
    """The clinic is a Part 2 program."""
    clinic.is_part2_program = True
    clinic.save()
    return clinic


@pytest.fixture
def two(sent, cast) -> tuple[Builder, Builder]:
    """Two clients of the clinic, referred by two practices."""
    other = Builder(cast, referrer=cast.stranger)
    other.send(first_name="Wren", last_name="Zqothername")
    return sent, other


@pytest.fixture
def once_named(full_case) -> Builder:
    """The physician was named by a narrow release, which is withdrawn."""
    full_case.revoke(
        full_case.active(recipients=[full_case.cast.physician], out_categories=NARROW_OUT)
    )
    return full_case


@pytest.fixture
def looked(full_case) -> Builder:
    """The therapist read a full case by its release."""
    full_case.release = full_case.active()
    look(full_case)
    return full_case


@pytest.fixture
def second(clinic):
    """Another administrator, who verifies what the first transcribed."""
    return make_user("Bea Beside", Role.ADMINISTRATOR, clinic)


@pytest.fixture
def release(case, referral) -> Release:
    """Before the client, unsigned."""
    return case.unsigned()


@pytest.fixture
def paper(release, administrator) -> PaperCopy:
    """Transcribed by the first administrator, and not verified yet."""
    return transcribe_paper(by=administrator, release=release, transcript=transcript(release))
