"""The administrator's browser, and a case that was sent to the clinic."""

import pytest
from django.urls import reverse

from tests.builder import NARROW_OUT, Builder
from tests.factories import PASSWORD


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
def sent(case) -> Builder:
    case.send()
    return case


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
