"""Without the database's own guards, for two purposes only: to tamper, and to clean up."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

WRITTEN_ONCE = {"django_content_type", "auth_permission"}


def names() -> set[str]:
    """Every trigger of ours that the database holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


@contextmanager
def disabled(*tables: str) -> Iterator[None]:
    """Take the triggers of `tables` (of every table, where none is named) away for a while."""
    with connection.cursor() as cursor:
        take_away, put_back = _statements(cursor, tables)
        for statement in take_away:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in put_back:
                cursor.execute(statement)


def _statements(cursor, tables: tuple[str, ...]) -> tuple[list[str], list[str]]:
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        )
        found = [table for (table,) in cursor.fetchall() if not tables or table in tables]
        # A deferred foreign key that still waits would forbid to alter its table.
        away = ["SET CONSTRAINTS ALL IMMEDIATE"] if connection.in_atomic_block else []
        away += [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in found]
        return away, [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in found]
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    rows = [row for row in cursor.fetchall() if not tables or row[1] in tables]
    return [f"DROP TRIGGER {name}" for name, _, _ in rows], [sql for _, _, sql in rows]


def let_tests_clean_up() -> None:
    """Tests with real transactions empty every table at their end, the append-only ones too."""
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def flush_without_triggers(self, sql_list):
        if connection.vendor == "postgresql":
            return _delete_all()
        with disabled():
            return flush(self, sql_list)

    operations.execute_sql_flush = flush_without_triggers


def _delete_all() -> None:
    """Many times quicker than to truncate every table, of which most are empty. What `migrate`
    wrote stays: it is the same for every test."""
    tables = set(connection.introspection.django_table_names(only_existing=True)) - WRITTEN_ONCE
    asked = [
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608
        for name in sorted(tables)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        filled = [name for (name,) in cursor.fetchall()]
        if not filled:
            return
        with disabled(*filled), transaction.atomic():
            for name in filled:
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608
