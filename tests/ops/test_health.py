"""/health/ says what works, in words, to anybody, and nothing about anybody."""

import json
import socket
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from kapcare import health
from kapcare.celery import app
from reminders.models import Heartbeat
from reminders.querysets import ReminderQuerySet
from tests.servers import ROOT, environment, free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def swept():
    return Heartbeat.objects.create(name="sweep", at=timezone.now())


def test_everything_works(client, swept):
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "broker": "ok",
        "jobs": "ok",
        "overdue_reminders": 0,
        "overdue_letters": 0,
        "overdue_texts": 0,
    }
    assert response["Cache-Control"] == "no-store"


def test_it_answers_over_plain_http_behind_the_proxy(client, swept, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/").status_code == 200
    assert client.get("/").status_code == 301


def test_it_reads_and_does_nothing_else(client):
    assert client.post("/health/").status_code == 405


def test_jobs_that_never_ran(client):
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json()["status"] == "failing"
    assert response.json()["jobs"] == "no sweep of reminders has run yet"


def test_jobs_that_stopped(client, swept, settings):
    limit = 3 * settings.SWEEP_SECONDS + 60
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=limit - 5))
    assert client.get("/health/").status_code == 200
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=limit + 5))
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json()["jobs"] == "the last sweep of reminders was 2 minutes ago"


def test_overdue_reminders_are_counted(client, swept, monkeypatch):
    monkeypatch.setattr(ReminderQuerySet, "overdue", lambda self, now: _Three())
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json()["overdue_reminders"] == 3


class _Three:
    def count(self):
        return 3


def test_a_broker_that_is_away_or_silent_is_waited_for_briefly(client, swept, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (free_port(), silent.getsockname()[1]):
            monkeypatch.setattr(app.conf, "broker_url", f"redis://127.0.0.1:{port}/0")
            monkeypatch.setattr(app.conf, "broker_read_url", f"redis://127.0.0.1:{port}/0")
            before = time.monotonic()
            response = client.get("/health/")
            assert time.monotonic() - before < 4 * health.SECONDS
            assert response.status_code == 503
            assert response.json()["broker"] == "does not answer"


def test_a_database_that_is_away_is_said_so():
    ended = subprocess.run(
        [sys.executable, "manage.py", "health"],
        cwd=ROOT,
        env=environment(SECRET_KEY="x", DATABASE_URL=f"postgres://x@127.0.0.1:{free_port()}/x"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    found = json.loads(ended.stdout)
    assert found["database"] == "does not answer"
    assert found["jobs"] == "unknown while the database does not answer"
    assert found["overdue_reminders"] is found["overdue_letters"] is None
    assert "Traceback" not in ended.stderr
