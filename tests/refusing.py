"""That the database itself says no."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction


def database_refuses(write: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        write()
