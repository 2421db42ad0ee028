"""What a sweep costs, by what is due and by what exists: python benchmarks/sweep.py [sizes] [dues]

On a PostgreSQL of its own (or the server that DATABASE_URL names) it makes a database, fills it
with dosing sessions, each with three reminders, a mail of news and a notification, nearly all of
them over or yet to come, and measures a round (closing what passed, upkeep), claiming all that is
due, the count on /health/ and the operations page. Then it asks for the plan of every statement of
these, and ends with 1 where one reads a table that grows from end to end. The database is thrown
away. Sizes and dues are lists: 10000,100000,1000000 and 0,100,10000.

On two cores that were busy with other things, with a million sessions and three million reminders:
a round 59, 33 and 71 ms where 0, 100 and 10,000 are due, claiming them 6, 26 and 5,048 ms; with ten
thousand sessions 41, 66 and 41 ms, and 5, 35 and 5,257 ms.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kapcare.settings")
os.environ.setdefault("SECRET_KEY", "for-the-benchmark-only")

SIZES, DUES = (10_000, 100_000, 1_000_000), (0, 100, 10_000)
IN_ONE_EPISODE = 100
TIMES = 3  # each is measured; the middle one is printed
COLUMNS = "{:>9} {:>10} {:>7} | {:>9} {:>10} {:>12} | {:>10} {:>11}"
HEAD = (
    "sessions",
    "reminders",
    "due",
    "round ms",
    "claims ms",
    "ms each due",
    "health ms",
    "page ms",
)

# Of a hundred reminders: answered, missed, cancelled, told and not answered yet, yet to come. The
# row number says which, and spreads them over three years.
REMINDERS = """
INSERT INTO reminders_reminder
    (opens_at, closes_at, state, cancel_reason, state_since, faults, fault, tried_before,
     kind, stage, written_at, told_together, dosing_id, episode_id, owner_id)
SELECT at, at + interval '1 day', state,
    CASE state WHEN 'cancelled' THEN 'dose_changed' ELSE '' END,
    at + interval '1 day', 0, '', 0, kind, 'opening', at, false, id, episode_id, %(owner)s
FROM (
    SELECT d.id, d.episode_id, k.kind,
        CASE WHEN r.n < 94 THEN 'done' WHEN r.n < 96 THEN 'missed' WHEN r.n < 98 THEN 'cancelled'
             WHEN r.n = 98 AND d.id %% 100 = 0 THEN 'sent' WHEN r.n = 98 THEN 'done'
             ELSE 'pending' END AS state,
        CASE WHEN r.n = 99 THEN now() + interval '2 days' + (d.id %% 500) * interval '1 hour'
             WHEN r.n = 98 AND d.id %% 100 = 0 THEN now() - interval '1 hour'
             ELSE now() - interval '3 days' - (d.id %% 26000) * interval '1 hour' END AS at
    FROM care_sessions_dosingsession d
    CROSS JOIN (VALUES ('preparation', 0), ('primary', 1), ('secondary', 2)) k (kind, place)
    CROSS JOIN LATERAL (SELECT (d.id * 3 + k.place) %% 100 AS n) r
    WHERE d.id > %(after)s
) made
"""
LETTERS = """
INSERT INTO reminders_letter
    (opens_at, closes_at, state, cancel_reason, state_since, faults, fault, tried_before,
     kind, user_id)
SELECT at, at + interval '7 days', 'sent', '', at, 0, '', 0, 'news', %(owner)s
FROM (SELECT now() - interval '9 days' - (n %% 26000) * interval '1 hour' AS at
      FROM generate_series(1, %(number)s) n) made
"""
NOTIFICATIONS = """
INSERT INTO reminders_notification (kind, source, at, seen_at, user_id)
SELECT 'session_logged', d.id, at, at + interval '1 hour', %(owner)s
FROM (SELECT id, now() - interval '9 days' - (id %% 26000) * interval '1 hour' AS at
      FROM care_sessions_dosingsession WHERE id > %(after)s) d
"""
ATTEMPTS = """
INSERT INTO reminders_attempt (reminder_id, number, message_id, started_at, outcome, error)
SELECT id, 1, '<' || id || '@kapcare.invalid>', opens_at, 'sent', '' FROM reminders_reminder
WHERE dosing_id > %(after)s AND kind = 'primary' AND state IN ('done', 'sent', 'missed')
"""
FRESH = """
CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS
SELECT e, row_number() OVER () r FROM unnest(%s) e;
CREATE INDEX ON fresh (r)
"""
MADE_DUE = """
UPDATE reminders_reminder SET state = 'pending', opens_at = now() - interval '1 minute',
    closes_at = now() + interval '1 day', cancel_reason = ''
WHERE id IN (SELECT id FROM reminders_reminder WHERE state = 'done' ORDER BY id LIMIT %s)
RETURNING id
"""
GROWING = {f"reminders_{name}" for name in ("reminder", "letter", "notification", "attempt")}
GROWING |= {"care_sessions_dosingsession"}
# The page asks of each row whose it is: of thousands at once the planner rather reads the episodes.
EPISODES = {"care_sessions_episodeofcare"}


def begin():
    """One real case with a planned dose, of which the others are copies."""
    from django.utils import timezone

    from tests.builder import Builder
    from tests.factories import make_cast

    case = Builder(make_cast())
    case.begin_care()
    case.plan(timezone.now() + timedelta(days=20))
    return case


def grow(case, number: int) -> None:
    """Until there are `number` dosing sessions."""
    from django.db import connection
    from django.db.models import Max

    from sessions.models import DosingSession
    from tests.chaos.filling import copies, loading

    last = DosingSession.objects.aggregate(last=Max("pk"))["last"]
    more = number - DosingSession.objects.count()
    with loading(), connection.cursor() as cursor:
        first = case.episode._meta.model.objects.count() * IN_ONE_EPISODE
        copies(case.episode, more // IN_ONE_EPISODE + 1, {"referral_id": f"1000000 + {first} + n"})
        cursor.execute("SELECT array_agg(id ORDER BY id DESC) FROM care_sessions_episodeofcare")
        episodes = cursor.fetchone()[0][: more // IN_ONE_EPISODE + 1]
        cursor.execute(FRESH, [episodes])
        own = f"(SELECT e FROM fresh WHERE r = n / {IN_ONE_EPISODE} + 1)"  # noqa: S608
        numbered = {"form_key": "gen_random_uuid()", "number": f"n %% {IN_ONE_EPISODE} + 2"}
        copies(case.dosing, more, {**numbered, "episode_id": own})
        given = {"owner": case.cast.nurse.pk, "after": last, "number": more}
        for statement in (REMINDERS, ATTEMPTS, LETTERS, NOTIFICATIONS):
            cursor.execute(statement, given)
    _tidy("")


def _tidy(table: str) -> None:
    """As autovacuum does in time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"{'' if connection.in_atomic_block else 'VACUUM '}ANALYZE {table}")


@contextmanager
def due(number: int) -> Iterator[None]:
    """So many reminders are due while the block lasts."""
    from django.db import connection

    from reminders.models import Reminder

    with connection.cursor() as cursor:
        cursor.execute(MADE_DUE, [number])
        chosen = [pk for (pk,) in cursor.fetchall()]
    _tidy("reminders_reminder")
    try:
        yield
    finally:
        Reminder.objects.filter(pk__in=chosen).update(state="done", leased_until=None, lease=None)


def parts_of(case) -> list[Callable[[], object]]:
    from consent.clock import database_now
    from kapcare.health import SENT
    from reminders.delivery import begin_round, claim
    from reminders.operations import reading

    clinic = case.cast.clinic

    def claim_all() -> None:
        while claim():
            pass

    def count_overdue() -> None:
        for rows in SENT.values():
            rows.overdue(database_now()).count()

    def page() -> None:
        now = database_now()
        reading.waiting(clinic, now), reading.queue(clinic, now), reading.unsent(clinic, now)

    return [begin_round, claim_all, count_overdue, page]  # the page is the last


def measured(part: Callable[[], object]) -> float:
    """Milliseconds; the middle of three."""
    from reminders.models import Reminder

    took = []
    for _ in range(TIMES):
        Reminder.objects.pending().exclude(lease=None).update(leased_until=None, lease=None)
        began = time.perf_counter()
        part()
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)[TIMES // 2]


# ---------------------------------------------------------------- the plans
def statements_of(parts: Sequence[Callable[[], object]]) -> list[tuple[str, tuple]]:
    """Each statement that these send, once, with what it was sent with first."""
    from django.db import connection

    found: dict[str, tuple] = {}

    def note(execute, sql, params, many, context):
        if sql.lstrip().split(" ")[0] in ("SELECT", "UPDATE"):
            found.setdefault(sql, tuple(params or ()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        for part in parts:
            part()
    return list(found.items())


def nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def scanned_whole(parts: Sequence[Callable[[], object]], growing: set[str]) -> list[str]:
    """Statements that read one of these tables from end to end."""
    from django.db import connection

    bad = []
    for sql, params in statements_of(parts):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0][0]["Plan"]
        for node in nodes(plan):
            if node["Node Type"] == "Seq Scan" and node.get("Relation Name") in growing:
                bad.append(f"{node['Relation Name']}: {sql[:2000]}")
    return bad


def plan_of_claiming() -> str:
    from django.db import connection

    from consent.clock import database_now
    from reminders.models import Reminder

    rows = Reminder.objects.due(database_now()).order_by("opens_at", "pk")
    sql, params = rows.values_list("pk", flat=True)[:25].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ANALYZE {sql} FOR UPDATE SKIP LOCKED", params)
        return "\n".join(line for (line,) in cursor.fetchall())


def measure(sizes: Sequence[int], dues: Sequence[int]) -> int:
    from reminders.models import Reminder

    case = begin()
    parts, bad = parts_of(case), []
    say(COLUMNS.format(*HEAD))
    for size in sizes:
        grow(case, size)
        for number in dues:
            with due(number):
                took = [measured(part) for part in parts]
                each = f"{took[1] / number:.3f}" if number else "-"
                shown = [f"{value:.1f}" for value in took]
                exist = Reminder.objects.count()
                say(COLUMNS.format(size, exist, number, *shown[:2], each, *shown[2:]))
                if size == max(sizes):
                    Reminder.objects.pending().update(leased_until=None, lease=None)
                    bad += scanned_whole(parts[:-1], GROWING | EPISODES)
                    bad += scanned_whole(parts[-1:], GROWING)
                    Reminder.objects.pending().update(leased_until=None, lease=None)
                    if number == max(dues):
                        say(f"\nClaiming among {exist} reminders:\n{plan_of_claiming()}\n")
    for line in dict.fromkeys(bad):
        say(f"Reads everything: {line}")
    say("Some statement reads everything." if bad else "No statement reads everything.")
    return int(bool(bad))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(sizes: Sequence[int] = SIZES, dues: Sequence[int] = DUES) -> int:
    from tests import servers

    with tempfile.TemporaryDirectory() as folder, servers.postgres() as url:
        os.environ |= {"KAPCARE_DATA": folder, "DATABASE_URL": url}
        import django

        django.setup()
        from django.db import connection

        name = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = "kapcare_benchmark"
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            return measure(sizes, dues)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    sys.exit(main(*[tuple(map(int, each.split(","))) for each in sys.argv[1:]]))
