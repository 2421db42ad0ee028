"""Celery through a real broker, with the worker in a process of its own."""

import pytest
from redis import Redis

from reminders.models import Heartbeat
from tests.servers import wait_for

pytestmark = [pytest.mark.servers, pytest.mark.postgres]


def test_a_nudge_through_the_broker_sweeps_in_the_worker(worker):
    worker.nudge()
    wait_for(Heartbeat.objects.filter(name="sweep").exists, seconds=20, what="the sweep")


def test_a_broker_that_forgets_everything_costs_nothing(worker):
    Redis.from_url(worker.broker).flushall()
    worker.nudge()
    wait_for(Heartbeat.objects.filter(name="sweep").exists, seconds=40, what="the sweep")
