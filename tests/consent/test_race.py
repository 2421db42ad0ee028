"""Six people read while one withdraws: once withdrawing has returned, nothing leaves any more."""

import random
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from django.db import connection

from consent.clock import database_now
from consent.models import Disclosure, Release
from tests.consent.reading import read, words
from tests.factories import CLINIC

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS, READERS = 200, 6
RELEASED = set(CLINIC.values())


@dataclass
class Round:
    """What is seen in one round. `returned` is set by the one who withdraws, afterwards."""

    returned: threading.Event = field(default_factory=threading.Event)
    begin: threading.Barrier = field(default_factory=lambda: threading.Barrier(READERS + 1))
    early: list[bool] = field(default_factory=list)
    late: list[bool] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)


@contextmanager
def own_connection():
    try:
        yield
    finally:
        connection.close()


def keep_reading(user, client: int, rounds: list[Round]) -> None:
    """Read again and again, and once more in a call that starts after withdrawing returned."""
    with own_connection():
        for each in rounds:
            each.begin.wait(30)
            over = False
            while not over:
                over = each.returned.is_set()  # asked before the call starts
                try:
                    opened = bool(words(read(user, client)) & RELEASED)
                except Exception as error:  # noqa: BLE001
                    each.errors.append(error)
                    break
                (each.late if over else each.early).append(opened)


def test_nothing_is_disclosed_after_a_withdrawal_has_returned(full_case):
    client, user = full_case.client.pk, full_case.cast.therapist
    rounds = [Round() for _ in range(ROUNDS)]
    threads = [
        threading.Thread(target=keep_reading, args=(user, client, rounds), daemon=True)
        for _ in range(READERS)
    ]
    returned_at: dict[int, datetime] = {}
    pause = random.Random(1)  # noqa: S311
    for thread in threads:
        thread.start()
    for each in rounds:
        release = full_case.active()
        each.begin.wait(30)
        each.returned.wait(pause.uniform(0, 0.06))
        release = full_case.revoke(release)
        returned_at[release.pk] = database_now()
        assert release.revoked_at <= returned_at[release.pk]
        each.returned.set()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()

    assert [error for each in rounds for error in each.errors] == []
    assert all(len(each.late) == READERS and not any(each.late) for each in rounds)
    # Without readings that did succeed before, the test would prove nothing.
    assert sum(any(each.early) for each in rounds) > ROUNDS * 0.6

    rows = Disclosure.objects.filter(client_id=client).values_list("at", "releases")
    assert len(rows) == sum(sum(each.early) for each in rounds)
    revoked_at = {r.pk: r.revoked_at for r in Release.objects.filter(client_id=client)}
    for at, releases in rows:
        assert all(at < revoked_at[pk] <= returned_at[pk] for pk in releases)

