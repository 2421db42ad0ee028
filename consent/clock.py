"""The database's clock: the one that decides whether a release is in force."""

from datetime import UTC, datetime

from django.db import connection


def database_now() -> datetime:
    """This very moment by the database, in UTC; not the start of the transaction."""
    if connection.vendor != "postgresql":
        # SQLite runs inside this process: there is one clock.
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0].astimezone(UTC)
