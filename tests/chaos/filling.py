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


def copy_cases(dosing, number: int) -> None:
    """Planned doses like this one, each of an episode of its own of the same client, and each with
    what is disclosed of it: nobody is told twice of one episode."""
    from referrals.models import Referral
    from sessions.models import CareEvent, DosingSession, EpisodeOfCare

    episode, event = dosing.episode, CareEvent.unscoped.get(dosing=dosing)
    last = {model: model.objects.latest("pk").pk for model in (Referral, EpisodeOfCare)}
    last[DosingSession] = DosingSession.objects.latest("pk").pk
    its = {model: f"{pk} + n" for model, pk in last.items()}
    with loading():
        copies(episode.referral, number, {"form_key": "gen_random_uuid()"})
        copies(episode, number, {"referral_id": its[Referral]})
        of_one = {"form_key": "gen_random_uuid()", "episode_id": its[EpisodeOfCare]}
        copies(dosing, number, of_one)
        of_one = {"dosing_id": its[DosingSession], "episode_id": its[EpisodeOfCare]}
        copies(event, number, of_one)
