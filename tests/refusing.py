"""That the database itself says no, or does not."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction


def database_refuses(write: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        write()


def database_takes(write: Callable[[], object]) -> None:
    """It takes what is written, which is then undone."""
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
