"""The chain of disclosures: whoever goes around the triggers is found out."""

from datetime import timedelta

import pytest

from consent.ledger.chain import SEALED, broken_links, seal
from consent.models import Disclosure, LedgerHead
from tests import triggers
from tests.consent.reading import read

ANOTHER = {
    "client_id": 999_999,
    "sequence": 77,
    "reader_id": 999_999,
    "organization_id": 999_999,
    "emergency_id": 999_999,
    "releases": [999_999],
    "categories": [],
    "sensitivities": ["substance_use"],
    "items": [],
}


@pytest.fixture
def chain(full_case):
    """Four readings of one client; gives (client id, rows, first to last)."""
    full_case.active()
    for _ in range(4):
        read(full_case.cast.therapist, full_case.client.pk)
    rows = list(Disclosure.objects.order_by("sequence"))
    assert [row.sequence for row in rows] == [1, 2, 3, 4]
    return full_case.client.pk, rows


def found(chain) -> list[str]:
    return list(broken_links(chain[0]))


def tamper(row, **fields) -> None:
    with triggers.disabled("consent_disclosure"):
        Disclosure.objects.filter(pk=row.pk).update(**fields)


def test_an_untouched_chain_is_whole(chain):
    assert found(chain) == []
    assert LedgerHead.objects.get(pk=chain[0]).hash == chain[1][-1].hash


def test_a_changed_row_is_found_whatever_was_changed(chain):
    first, last = chain[1][0], chain[1][-1]
    for column, row in [(c, r) for c in [*SEALED, "hash"] for r in (first, last)]:
        was = getattr(row, column)
        other = was + timedelta(microseconds=1) if column == "at" else ANOTHER.get(column, "other")
        assert was != other
        tamper(row, **{column: other})
        assert found(chain), column
        tamper(row, **{column: was})
        assert not found(chain)


@pytest.mark.parametrize("position", range(4))
def test_a_deleted_row_is_found(chain, position):
    with triggers.disabled("consent_disclosure"):
        chain[1][position].delete()
    assert found(chain)


def test_two_swapped_rows_are_found(chain):
    _, second, third, _ = chain[1]
    tamper(second, sequence=99)
    tamper(third, sequence=2)
    tamper(second, sequence=3)
    assert found(chain)


def test_a_truncated_chain_is_found(chain):
    with triggers.disabled("consent_disclosure"):
        Disclosure.objects.filter(sequence__gt=2).delete()
    assert found(chain) == ["the chain ends at row 2, its head says 4"]


def test_a_truncated_chain_without_its_head_is_found(chain):
    with triggers.disabled():
        Disclosure.objects.filter(sequence__gt=2).delete()
        LedgerHead.objects.all().delete()
    assert found(chain)


def test_an_emptied_chain_is_found(chain):
    with triggers.disabled("consent_disclosure"):
        Disclosure.objects.all().delete()
    assert found(chain)


def test_a_row_put_in_between_is_found(chain):
    row = chain[1][-1]
    row.pk, row.sequence = None, 5
    row.save(force_insert=True)
    assert found(chain)


@pytest.mark.parametrize("position", range(4))
def test_a_row_rewritten_with_a_fitting_hash_no_longer_fits_what_follows(chain, position):
    row = chain[1][position]
    row.reader_name = "Nobody"
    tamper(row, reader_name="Nobody", hash=seal(row))
    assert found(chain)


def test_every_column_is_sealed_but_the_number_of_the_row():
    columns = {field.attname for field in Disclosure._meta.concrete_fields}
    assert set(SEALED) == columns - {"id", "hash"}
