"""Six people read while one withdraws: once withdrawing has returned, nothing leaves any more."""

import random
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.db import connection
from django.db.models import Q

from consent.clock import database_now
from consent.ledger.chain import broken_links
from consent.models import Disclosure, Release
from kapcare.demo.past import sign_in_the_past
from people.registration import register
from referrals.models import ClinicReply, Referral
from tests.builder import Builder
from tests.consent.reading import read, words
from tests.factories import make_client

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS, READERS = 200, 6
MOST_EARLY = 1  # readings of one reader in one round before the withdrawal has returned


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


def keep_reading(user, clients: list[int], rounds: list[Round]) -> None:
    """Read again and again, and once more in a call that starts after withdrawing returned."""
    with own_connection():
        for client, each in zip(clients, rounds, strict=True):
            each.begin.wait(30)
            for turn in count():
                over = each.returned.is_set()  # asked before the call starts
                if turn >= MOST_EARLY and not over:
                    over = each.returned.wait(30)
                try:
                    opened = bool(words(read(user, client, kinds={ClinicReply: Q()})))
                except Exception as error:  # noqa: BLE001
                    each.errors.append(error)
                    break
                (each.late if over else each.early).append(opened)
                if over:
                    break


def released(case: Builder) -> Release:
    """A signed release that opens readiness to the therapist, in few statements."""
    cast, now = case.cast, database_now()
    release = Release.objects.create(
        client=case.client,
        organization=cast.clinic,
        created_by=cast.administrator,
        revocation_how="write",
    )
    release.recipients.create(kind="person", user=cast.therapist, organization=cast.practice)
    release.categories.create(direction="out", category="readiness")
    release.purposes.create(purpose="coordination")
    return sign_in_the_past(release, signed_at=now, until=now + timedelta(days=1))


@pytest.fixture
def cases(cast) -> list[Builder]:
    """For each round a client of whom the clinic wrote one thing, and a release that opens it."""
    made = []
    for _ in range(ROUNDS):
        case = Builder(cast)
        case.client = make_client(cast.practice)
        register(case.client, cast.clinic)
        referral = Referral.objects.create(
            client=case.client, practice=cast.practice, clinic=cast.clinic, referrer=cast.therapist
        )
        ClinicReply.unscoped.create(
            client=case.client,
            category="readiness",
            author_organization=cast.clinic,
            author=cast.coordinator,
            referral=referral,
            kind="accepted",
            text="Zqreadiness",
        )
        case.release = released(case)
        made.append(case)
    return made


def test_nothing_is_disclosed_after_a_withdrawal_has_returned(cast, cases):
    clients = [case.client.pk for case in cases]
    rounds = [Round() for _ in cases]
    threads = [
        threading.Thread(target=keep_reading, args=(cast.therapist, clients, rounds), daemon=True)
        for _ in range(READERS)
    ]
    returned_at: dict[int, datetime] = {}
    pause = random.Random(1)  # noqa: S311
    for thread in threads:
        thread.start()
    for case, each in zip(cases, rounds, strict=True):
        each.begin.wait(30)
        each.returned.wait(pause.uniform(0, 0.04))
        release = case.revoke(case.release)
        returned_at[release.pk] = database_now()
        each.returned.set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()

    assert [error for each in rounds for error in each.errors] == []
    assert all(len(each.late) == READERS and not any(each.late) for each in rounds)
    # Without readings that did succeed before, this would prove nothing.
    assert sum(any(each.early) for each in rounds) > ROUNDS * 0.6

    rows = Disclosure.objects.values_list("at", "releases")
    assert len(rows) == sum(sum(each.early) for each in rounds)
    revoked_at = dict(Release.objects.values_list("pk", "revoked_at"))
    for at, [release] in rows:
        assert at < revoked_at[release] <= returned_at[release]
    assert not [link for client in clients for link in broken_links(client)]
