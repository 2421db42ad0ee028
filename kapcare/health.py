"""Whether the portal works: database, broker, jobs. In words, and never about a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import Error, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kapcare.celery import app
from people.policy import public
from reminders.models import Letter, Reminder, TextMessage
from reminders.operations.reading import last_round, round_is_late

SECONDS = 2
OK = "ok"
SENT = {
    "overdue_reminders": Reminder.objects,
    "overdue_letters": Letter.objects,
    "overdue_texts": TextMessage.objects,
}


@public
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when every part works, else 503 with what is wrong."""
    found = report()
    status = 200 if found["status"] == OK else 503
    return JsonResponse(found, status=status, headers={"Cache-Control": "no-store"})


def report() -> dict[str, Any]:
    now = timezone.now()
    parts: dict[str, Any] = {"database": OK, "broker": broker(), "jobs": OK}
    parts |= dict.fromkeys(SENT, 0)
    try:
        with statement_limit():
            parts["jobs"] = jobs(now)
            parts |= {name: rows.overdue(now).count() for name, rows in SENT.items()}
    except Error:
        parts |= {
            "database": "does not answer",
            "jobs": "unknown while the database does not answer",
            **dict.fromkeys(SENT),
        }
    on_time = all(parts[name] == 0 for name in SENT)
    works = on_time and all(parts[name] == OK for name in ("database", "broker", "jobs"))
    return {"status": OK if works else "failing", **parts}


@contextmanager
def statement_limit() -> Iterator[None]:
    """No question to the database waits for long. SQLite's readers never wait for a writer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{SECONDS}s"])
        yield


def broker() -> str:
    """One connection to the broker, without a second try."""
    limits = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS}
    try:
        with app.connection_for_read(transport_options=limits) as broker_connection:
            broker_connection.ensure_connection(max_retries=1, timeout=SECONDS)
    except Exception:  # each transport has its own errors, and all of them mean the same here
        return "does not answer"
    return OK


def jobs(now: datetime) -> str:
    """Whether beat and a worker have swept lately."""
    swept = last_round()
    if swept is None:
        return "no sweep of reminders has run yet"
    if round_is_late(swept, now):
        minutes = int((now - swept).total_seconds() // 60)
        return f"the last sweep of reminders was {minutes} minutes ago"
    return OK
