"""Rules held by the database itself, on both engines.

A migration lists them: `operations = [..., *append_only("audit_auditevent")]`. What is refused
reaches Python as an IntegrityError.
"""

import re
from collections.abc import Iterable

from django.db.migrations.operations.base import Operation

ALWAYS = "1 = 1"
SECONDS = re.compile(r"SECONDS\[([^|\]]+)\|([^\]]+)\]")


class Refuse(Operation):
    """A trigger that refuses `event` (INSERT, UPDATE or DELETE) on `table` where `when` is true.

    `when` is SQL over OLD and NEW, understood by both engines; subqueries are allowed. In it
    `<=>!` stands for "differs from, nulls included", and `SECONDS[a|b]` for the whole seconds from
    b to a, halves rounded; each is a moment, or a day, which begins at midnight in UTC.
    """

    reversible = True

    def __init__(self, name: str, table: str, event: str, when: str, message: str) -> None:
        self.name, self.table, self.event = name, table, event
        self.when, self.message = when, message

    def state_forwards(self, app_label, state) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor == "postgresql":
            self._forwards_postgresql(schema_editor)
            return
        schema_editor.execute(
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
            f"FOR EACH ROW WHEN {self._sqlite()} "
            f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        )

    def _forwards_postgresql(self, schema_editor) -> None:
        back = "OLD" if self.event == "DELETE" else "NEW"
        schema_editor.execute(
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {self._postgresql()} THEN "
            f"RAISE EXCEPTION '{self.message}' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {back}; END $$"
        )
        each = "STATEMENT" if self.event == "TRUNCATE" else "ROW"
        schema_editor.execute(
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
            f"FOR EACH {each} EXECUTE FUNCTION {self.name}()"
        )

    def _sqlite(self) -> str:
        between = r"ROUND((julianday(\1) - julianday(\2)) * 86400)"
        return SECONDS.sub(between, self.when).replace("<=>!", "IS NOT")

    def _postgresql(self) -> str:
        between = r"ROUND(EXTRACT(EPOCH FROM (\1)::timestamptz - (\2)::timestamptz))"
        return SECONDS.sub(between, self.when).replace("<=>!", "IS DISTINCT FROM")

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {self.name} ON {self.table}")
            schema_editor.execute(f"DROP FUNCTION {self.name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER {self.name}")

    def describe(self) -> str:
        return f"On {self.table}: {self.message}"


class RefuseTruncate(Refuse):
    """Refuse to empty a table at one stroke; SQLite has no such statement."""

    def __init__(self, table: str) -> None:
        message = f"{table} is append-only"
        super().__init__(f"{table}_no_truncate", table, "TRUNCATE", ALWAYS, message)

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor == "postgresql":
            self._forwards_postgresql(schema_editor)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


def append_only(table: str, when: str = ALWAYS) -> list[Refuse]:
    """Refuse every update and delete of rows of `table` for which `when` (over OLD) is true."""
    message = f"{table} is append-only"
    return [
        Refuse(f"{table}_no_update", table, "UPDATE", when, message),
        Refuse(f"{table}_no_delete", table, "DELETE", when, message),
        *([RefuseTruncate(table)] if when == ALWAYS else []),
    ]


def changed(columns: Iterable[str]) -> str:
    """SQL that is true where an update writes another value into one of `columns`."""
    return "(" + " OR ".join(f"NEW.{column} <=>! OLD.{column}" for column in columns) + ")"


def once(table: str, marker: str, columns: Iterable[str], message: str) -> Refuse:
    """`columns` are written together with `marker`, once, and then stay."""
    when = f"OLD.{marker} IS NOT NULL AND {changed([marker, *columns])}"
    return Refuse(f"{table}_{marker}_once", table, "UPDATE", when, message)


def frozen(table: str, columns: Iterable[str]) -> Refuse:
    """`columns` stay as they were inserted."""
    message = f"{table} keeps what was written"
    return Refuse(f"{table}_frozen", table, "UPDATE", changed(columns), message)


def kept(table: str, when: str = ALWAYS) -> Refuse:
    """Rows for which `when` (over OLD) is true are never deleted."""
    return Refuse(f"{table}_kept", table, "DELETE", when, f"{table} is kept")
