"""Databases that hold what many tests begin with: made once by each process, then copied.

    empty → cast → referral → accepted referral → opened → episode → full case

A test runs in the fullest one that its fixtures name, in a transaction that is rolled back. For a
test with real transactions the empty one becomes a copy of it.
"""

import pickle
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from tests.builder import Builder
from tests.factories import make_cast

# By the name of its fixture, what each stage adds to the one before it.
STEPS: dict[str, Callable[[Builder], object]] = {
    "case": lambda case: None,
    "referral": Builder.send,
    "accepted_referral": Builder.accept,
    "opened": Builder.admit,
    "episode": Builder.agree,
    "full_case": Builder.treat,
}
ZONE = "America/New_York"  # where the cast writes its days and times


def has_real_transactions(test: pytest.Item) -> bool:
    marker = test.get_closest_marker("django_db")
    names = {"transactional_db", "live_server"} & set(test.fixturenames)
    return bool(names or (marker and marker.kwargs.get("transaction")))


def stage_of(test: pytest.Item) -> str | None:
    """The fullest one that its fixtures name; None where it begins in the empty one."""
    if has_real_transactions(test):
        return None
    return _fullest(test.fixturenames)


def _fullest(fixtures: Iterable[str]) -> str | None:
    return next((name for name in reversed(STEPS) if name in fixtures), None)


class Stages:
    """Which database the connection is on."""

    def __init__(self) -> None:
        self._empty = self._current = connection.settings_dict["NAME"]
        self._stories: dict[str, bytes] = {}
        # All others are copied from it, and none from the empty one, which tests fill and flush.
        self._make("case")

    def leave(self) -> None:
        """Back to the empty one."""
        self._connect(self._empty)

    def enter(self, fixtures: Iterable[str]) -> Builder | None:
        """Go to the fullest stage among `fixtures`; its story so far, None in the empty one."""
        stage = _fullest(fixtures)
        if stage is None:
            self.leave()
            return None
        if stage not in self._stories:
            self._make(stage)
        self._connect(self._called(stage))
        return pickle.loads(self._stories[stage])  # noqa: S301

    def commit(self, fixtures: Iterable[str]) -> Builder | None:
        """The same, for a test that commits: the empty one is a copy of that stage, until the test
        has emptied it again."""
        case = self.enter(fixtures)
        if case is not None:
            self._copy(self._current, self._empty)
            self.leave()
        return case

    def _make(self, stage: str) -> None:
        names = list(STEPS)
        before = names[: names.index(stage)][-1:]
        case = self.enter(before)
        self._copy(self._current, self._called(stage))
        self._connect(self._called(stage))
        self._stories[stage] = pickle.dumps(_told(case, stage))

    def _called(self, stage: str) -> str:
        return f"{self._empty}_{stage}"

    def _connect(self, name: str) -> None:
        if self._current != name:
            connection.close()
            connection.settings_dict["NAME"] = self._current = name
            ContentType.objects.clear_cache()  # a flush numbers them anew

    def _copy(self, source: str, target: str) -> None:
        connection.close()
        if connection.vendor == "sqlite":
            for journal in Path(target).parent.glob(f"{Path(target).name}-*"):
                journal.unlink()
            shutil.copyfile(source, target)
            return
        target, source = map(connection.ops.quote_name, (target, source))
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {target} TEMPLATE {source}")


def _told(case: Builder | None, stage: str) -> Builder:
    with timezone.override(ZONE), transaction.atomic():
        case = case or Builder(make_cast())
        STEPS[stage](case)
        return case
