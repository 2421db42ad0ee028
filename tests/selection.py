"""Which tests run on which database, and in which order.

Beside SQLite everything runs but what needs servers or a browser. PostgreSQL runs those, and what
rests on the engine; forms, wording and single pages do not know it.
"""

import os

import pytest

from people.pdf import pdf_available
from tests.stages import stage_of

POSTGRES = os.environ["KAPCARE_TEST_DB"] == "postgres"
# What rests on the engine itself: its locks, triggers, constraints and clock, and our own queries.
ON_BOTH = {
    *("test_append_only", "test_queryset", "test_disclosure", "test_ledger", "test_tampering"),
    *("test_signing", "test_releases", "test_drafting"),
    *("test_treatment", "test_treatment_standing"),
    *("test_delivery", "test_workers", "test_health"),
    *("test_credentials", "test_profiles"),
    *("test_joining", "test_memberships", "test_practice_licences", "test_cover"),
    *("test_note_rules", "test_coordination_guards"),
    *("test_stock_guards", "test_quality"),
    *("test_gates", "test_in_time", "test_who_writes"),
    "test_duplicates",
    "test_appointments",
}
# They begin first, so that no process is left with one of them at the end.
LONGEST = ["test_oracle", "test_journey", "test_chaos", "test_compose", "test_race"]
LONGEST += ["test_routes", "test_life"]


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, skip and sort, in place."""
    if POSTGRES:
        config.hook.pytest_deselected(items=[item for item in items if not _concerned(item)])
        items[:] = filter(_concerned, items)
    items.sort(key=_turn)
    for item in items:
        if not POSTGRES and item.get_closest_marker("postgres"):
            _skip(item, "needs a real PostgreSQL: --db=postgres")
        if item.get_closest_marker("pango") and not pdf_available():
            _skip(item, "Pango is missing: apt-get install libpango-1.0-0 libpangoft2-1.0-0")


def _has_servers(item: pytest.Item) -> bool:
    return any(map(item.get_closest_marker, ("postgres", "servers", "browser")))


def _concerned(item: pytest.Item) -> bool:
    return _has_servers(item) or item.path.stem in ON_BOTH


def _turn(item: pytest.Item) -> tuple[int, bool, str]:
    """After the longest: what needs servers, then stage by stage, since each is a connection."""
    name = item.path.stem
    first = LONGEST.index(name) if name in LONGEST else len(LONGEST)
    return first, not _has_servers(item), stage_of(item) or ""


def _skip(item: pytest.Item, reason: str) -> None:
    item.add_marker(pytest.mark.skip(reason=reason))
