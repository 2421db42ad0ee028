"""Rules held by the database itself, on both engines.

A migration lists them: `operations = [..., *append_only("audit_auditevent")]`. The message reaches
Python as an IntegrityError (SQLite) or an InternalError (PostgreSQL): both are DatabaseError.
"""

from django.db import migrations

ALWAYS = "1 = 1"


def refuse(name: str, table: str, event: str, when: str, message: str) -> migrations.RunPython:
    """A trigger that refuses `event` (INSERT, UPDATE or DELETE) on `table` where `when` is true.

    `when` is SQL over OLD and NEW, understood by both engines; subqueries are allowed, and `<=>!`
    stands for "differs from, nulls included".
    """

    def create(apps, schema_editor):
        postgres = schema_editor.connection.vendor == "postgresql"
        condition = when.replace("<=>!", "IS DISTINCT FROM" if postgres else "IS NOT")
        if postgres:
            back = "OLD" if event == "DELETE" else "NEW"
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{message}' "
                f"USING ERRCODE = 'check_violation'; END IF; RETURN {back}; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )

    def drop(apps, schema_editor):
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER {name}{on}")
        if on:
            schema_editor.execute(f"DROP FUNCTION {name}()")

    return migrations.RunPython(create, drop)


def append_only(table: str, when: str = ALWAYS) -> list[migrations.RunPython]:
    """Refuse every update and delete of rows of `table` for which `when` (over OLD) is true."""
    message = f"{table} is append-only"
    return [
        refuse(f"{table}_no_update", table, "UPDATE", when, message),
        refuse(f"{table}_no_delete", table, "DELETE", when, message),
        *([no_truncate(table)] if when == ALWAYS else []),
    ]


def no_truncate(table: str) -> migrations.RunPython:
    """Refuse to empty `table` at one stroke; SQLite has no such statement."""
    name = f"{table}_no_truncate"

    def create(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'check_violation'; "
                "END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )

    return migrations.RunPython(create, migrations.RunPython.noop)
