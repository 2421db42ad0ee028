"""Many doses from one, by SQL on PostgreSQL: what a test of numbers needs, and no action can make
in time. Triggers and foreign keys are off while it is written; constraints are not."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Model


@contextmanager
def loading() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield


def copies(row: Model, number: int, changed: Mapping[str, str]) -> None:
    """`number` copies of `row`, each with what `changed` says of a column in SQL, where n counts
    from 1."""
    meta = row._meta
    columns = [field.column for field in meta.concrete_fields if not field.primary_key]
    values = {**{each: f't."{each}"' for each in columns}, **changed}
    names = ", ".join(connection.ops.quote_name(each) for each in values)
    table, pk = meta.db_table, meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values.values())} "  # noqa: S608
            f"FROM {table} t, generate_series(1, %s) n WHERE t.{pk} = %s",
            [number, row.pk],
        )


def copy_doses(dosing, number: int) -> None:
    """Planned doses of the same episode like this one, each with what is disclosed of it."""
    from sessions.models import CareEvent

    event = CareEvent.unscoped.get(dosing=dosing)
    with loading():
        copies(dosing, number, {"form_key": "gen_random_uuid()", "number": "t.number + n"})
        _copy_events(event, dosing)


def _copy_events(event, dosing) -> None:
    """One for each dose that has none."""
    columns = [f.column for f in event._meta.concrete_fields if not f.primary_key]
    values = {each: f'e."{each}"' for each in columns}
    values |= {"dosing_id": "d.id", "dose_number": "d.number"}
    names = ", ".join(f'"{each}"' for each in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {event._meta.db_table} ({names}) "  # noqa: S608
            f"SELECT {', '.join(values.values())} FROM {event._meta.db_table} e, "
            f"{dosing._meta.db_table} d WHERE e.id = %s AND d.episode_id = %s "
            f"AND d.id <> %s",
            [event.pk, dosing.episode_id, dosing.pk],
        )
