"""That two rows never hold one thing at one time: held by the database itself, on both engines."""

from django.db.migrations.operations.base import Operation


class RefuseOverlap(Operation):
    """No two rows of `table` for which `when` is true have the same `column` and times, from
    `starts_at` to before `ends_at`, that touch one another. `column` is a number, or null.

    `when` is SQL over the columns of a row, each written with `{}` before it. PostgreSQL: an
    exclusion constraint of ranges, which needs no extension. SQLite: a trigger on what is
    inserted; the table freezes its columns otherwise.
    """

    reversible = True

    def __init__(self, name: str, table: str, column: str, when: str) -> None:
        self.name, self.table, self.column, self.when = name, table, column, when

    def state_forwards(self, app_label, state) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        table, column = self.table, self.column
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {self.name} EXCLUDE USING gist "
                f"(int8range({column}, {column}, '[]') WITH &&, "
                f"tstzrange(starts_at, ends_at) WITH &&) "
                f"WHERE ({self.when.format('')} AND {column} IS NOT NULL)"
            )
            return
        schema_editor.execute(
            f"CREATE TRIGGER {self.name} BEFORE INSERT ON {table} FOR EACH ROW "  # noqa: S608
            f"WHEN {self.when.format('NEW.')} AND EXISTS (SELECT 1 FROM {table} o "
            f"WHERE {self.when.format('o.')} AND o.{column} = NEW.{column} "
            "AND o.starts_at < NEW.ends_at AND NEW.starts_at < o.ends_at) "
            f"BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
        )

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name}")
        else:
            schema_editor.execute(f"DROP TRIGGER {self.name}")

    def describe(self) -> str:
        return f"On {self.table}: {self.column} is held by one row at a time"
