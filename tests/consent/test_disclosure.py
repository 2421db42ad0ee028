"""disclose(): what passes the one door is written down once, and nothing passes it unwritten."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from consent.access import Access, Reader
from consent.enums import Category, Channel
from consent.ledger.chain import broken_links
from consent.models import Disclosure, LedgerHead
from sessions.models import NoteSection
from tests import triggers
from tests.builder import Builder
from tests.consent.reading import read, words
from tests.factories import CLINIC, CLINIC_SENSITIVE, SENT
from tests.releases import EVERYTHING, STATES

C = Category
OUT_WORDS = {CLINIC[c] for c in (C.SCHEDULE, C.TREATMENT, C.RESPONSE, C.INTEGRATION)}


def test_one_reading_of_many_kinds_is_one_row_that_tells_everything(full_case):
    release = full_case.active()
    user, client = full_case.cast.therapist, full_case.client
    before = timezone.now()
    found = read(user, client.pk, channel=Channel.PDF)
    assert words(found) >= OUT_WORDS

    row = Disclosure.objects.get()
    crossed = [
        item
        for items in found.items.values()
        for item in items
        if item.author_organization_id == full_case.cast.clinic.pk
    ]
    assert before <= row.at <= timezone.now()
    assert row.at == found.at
    assert (row.client_id, row.sequence, row.channel) == (client.pk, 1, "pdf")
    assert (row.reader_id, row.reader_name) == (user.pk, "Tess Therapist, LCSW")
    assert (row.reader_role, row.organization_name) == ("therapist", "Harbor Lane Practice")
    assert row.organization_address == full_case.cast.practice.address
    assert (row.purpose, row.releases) == ("coordination", [release.pk])
    assert row.categories == ["integration", "response", "schedule", "treatment"]
    assert row.sensitivities == []
    assert sorted(item[:3] for item in row.items) == sorted(
        [item._meta.label_lower, item.pk, item.category] for item in crossed
    )


def test_each_client_has_a_row_and_a_chain_of_their_own(cast):
    cases = [Builder(cast).full() for _ in range(2)]
    for case in cases:
        case.active()
    ids = [case.client.pk for case in cases]
    read(cast.therapist, *ids)
    read(cast.therapist, ids[0])
    rows = Disclosure.objects.order_by("client_id", "sequence").values_list("client_id", "sequence")
    assert list(rows) == [(ids[0], 1), (ids[0], 2), (ids[1], 1)]
    assert not [link for pk in ids for link in broken_links(pk)]


@pytest.mark.parametrize("name", ["therapist", "prescriber", "coordinator", "stranger"])
def test_where_nothing_crosses_no_row_is_written(full_case, name):
    found = read(getattr(full_case.cast, name), full_case.client.pk)
    assert not Disclosure.objects.exists()
    expected = {
        "therapist": set(SENT.values()),
        "stranger": set(),
    }.get(name, set(CLINIC.values()) | {CLINIC_SENSITIVE})
    assert words(found) >= expected
    assert not words(found) & (set(CLINIC.values()) | set(SENT.values())) - expected


@pytest.mark.parametrize("state", STATES)
def test_what_each_state_of_a_release_opens(full_case, state):
    full_case.make_release(state)
    cast, pk = full_case.cast, full_case.client.pk
    for name, opens in (
        ("therapist", state == "active"),
        ("colleague", state == "other_person"),
        ("stranger", state == "other_practice"),
        ("physician", False),
        ("superuser", False),
    ):
        found = words(read(getattr(cast, name), pk)) & set(CLINIC.values())
        assert found == (OUT_WORDS if opens else set()), name
    back = words(read(cast.nurse, pk)) & set(SENT.values())
    opened = {SENT["goals"], SENT["history"], SENT["medicines"]}
    assert back == (opened if state in ("active", "other_person") else set())


def test_administrators_read_nothing_with_any_release(full_case):
    full_case.active(**EVERYTHING)
    found = read(full_case.cast.administrator, full_case.client.pk)
    assert not any(found.items.values())


def test_specially_protected_content_stays_shut_unless_named(full_case):
    cast, pk = full_case.cast, full_case.client.pk
    full_case.active()
    assert CLINIC_SENSITIVE not in words(read(cast.therapist, pk))
    full_case.active(sensitivities=["substance_use"])
    assert CLINIC_SENSITIVE in words(read(cast.therapist, pk))
    assert Disclosure.objects.latest("sequence").sensitivities == ["substance_use"]


def test_a_category_the_client_declined_stays_shut(full_case):
    kept = {("out", C.SCHEDULE), ("out", C.RESPONSE), ("in", C.HISTORY)}
    full_case.sign(full_case.unsigned(), shared=kept)
    found = words(read(full_case.cast.therapist, full_case.client.pk)) & set(CLINIC.values())
    assert found == {CLINIC[C.SCHEDULE], CLINIC[C.RESPONSE]}


def test_it_refuses_to_run_inside_a_transaction_that_may_still_roll_back(full_case):
    full_case.active()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        read(full_case.cast.therapist, full_case.client.pk)
    assert not Disclosure.objects.exists()


def test_when_the_ledger_is_away_nothing_is_disclosed(full_case):
    full_case.active()
    user, pk = full_case.cast.therapist, full_case.client.pk
    _sql("ALTER TABLE consent_disclosure RENAME TO consent_disclosure_away")
    with pytest.raises(DatabaseError):
        read(user, pk)
    _sql("ALTER TABLE consent_disclosure_away RENAME TO consent_disclosure")
    assert not Disclosure.objects.exists()
    assert LedgerHead.objects.get(pk=pk).sequence == 0


def test_when_the_chain_cannot_go_on_nothing_is_disclosed(full_case):
    full_case.active()
    user, pk = full_case.cast.therapist, full_case.client.pk
    read(user, pk)
    with triggers.disabled("consent_ledgerhead"):
        LedgerHead.objects.update(sequence=0)
    with pytest.raises(DatabaseError):
        read(user, pk)
    assert Disclosure.objects.count() == 1


def test_a_filter_wider_than_the_decision_discloses_nothing(full_case, monkeypatch):
    full_case.active()
    monkeypatch.setattr(Access, "filter", lambda self: Q())
    with pytest.raises(PermissionError):
        read(full_case.cast.therapist, full_case.client.pk)
    assert not Disclosure.objects.exists()


def test_a_condition_narrows_and_the_row_holds_only_what_was_read(full_case):
    full_case.active()
    kinds = {NoteSection: Q(category="response")}
    found = read(full_case.cast.therapist, full_case.client.pk, kinds=kinds)
    assert words(found) == {CLINIC[C.RESPONSE]}
    assert Disclosure.objects.get().categories == ["response"]


def test_the_decision_is_taken_at_the_databases_clock(full_case):
    full_case.active()
    found = read(full_case.cast.therapist, full_case.client.pk)
    assert found.access.at == found.at
    assert found.at.utcoffset().total_seconds() == 0
    assert Reader.of(full_case.cast.therapist) == found.access.reader


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
