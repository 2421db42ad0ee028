"""What the log says, and what it never says."""

import logging
import re

import pytest
from django.test import Client

from tests.routes import routes

TOKEN = "Zqsecret-token_0123456789"  # noqa: S105


# Every address that opens without signing in, by words that nobody can guess.
BY_SECRET = [
    "/" + re.sub(r"<[^>]+>", "{}", route.path)
    for route in routes()
    if route.is_ours and not route.needs_sign_in and "<str:" in route.path
]
OF_ACCOUNTS = ["/account/confirm-email/{}/", "/account/password/reset/key/2f-{}/"]


def test_the_addresses_with_a_secret_are_found():
    assert {"/a/{}/", "/d/{}/", "/p/{}/", "/q/{}/"} <= {*BY_SECRET}


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*BY_SECRET, *OF_ACCOUNTS, "/p/{}/extra", "/d/{}/?x=1"])
def test_no_secret_of_a_link_is_written(log, path):
    Client(enforce_csrf_checks=True).post(path.format(TOKEN), {"date_of_birth": "14-Jul-1985"})
    assert "/…" in log.getvalue()
    assert TOKEN not in log.getvalue()


def test_other_addresses_stay_as_they_are(log):
    logging.getLogger("django.request").warning("Not Found: %s", "/care/timeline/7/")
    assert "Not Found: /care/timeline/7/" in log.getvalue()
