"""How tests run: on which database, beside which servers, and what a skip means.

The people in the tests stand in `cast.py`, the servers in `servers.py`.
"""

import gc
import io
import logging
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import pytest
from celery import Celery
from django.core.cache import cache
from django.db import connection

from kapcare.logs import WithoutSecrets
from tests import servers
from tests.selection import POSTGRES, select
from tests.smtp import MailServer, mail_server
from tests.stages import has_real_transactions

pytest_plugins = ["tests.cast"]


def pytest_addoption(parser):
    parser.addoption(
        "--db",
        choices=["sqlite", "postgres"],
        help="the database to run on (default: sqlite); tests/settings.py reads it",
    )


def pytest_configure(config):
    # A terminated run unwinds as an interrupted one does, and so stops its servers.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    gc.set_threshold(100_000, 50, 50)  # collecting less often makes the run a twentieth shorter


def pytest_xdist_auto_num_workers(config):
    """One more than there are cores beside PostgreSQL, where many tests wait for servers."""
    return os.cpu_count() + int(POSTGRES)


def pytest_collection_modifyitems(config, items):
    select(config, items)
    for item in items:
        _set_its_stage_first(item)


def _set_its_stage_first(item):
    """Which database is known before anything asks for one."""
    names = getattr(item, "fixturenames", [])
    if item.get_closest_marker("django_db") or "db" in names:
        names[:] = ["stage", *(name for name in names if name != "stage")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _skip_is_failure((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _skip_is_failure((yield))


def _skip_is_failure(report):
    """With REQUIRE_ALL=1 everything must run: a skip fails, and says why it was skipped."""
    expected = hasattr(report, "wasxfail")
    if os.environ.get("REQUIRE_ALL") == "1" and report.skipped and not expected:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"REQUIRE_ALL=1 and yet: {reason}"
    return report


@pytest.fixture(autouse=True)
def _fresh_limits(request):
    """Sign-in limits live in the cache table, which tests with real transactions leave behind."""
    if not has_real_transactions(request.node):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    cache.clear()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What production's own handler writes."""
    handlers = [h for h in logging.getLogger().handlers if isinstance(h, logging.StreamHandler)]
    [ours] = [h for h in handlers if any(isinstance(f, WithoutSecrets) for f in h.filters)]
    written = io.StringIO()
    before = ours.setStream(written)
    yield written
    ours.setStream(before)


@pytest.fixture(scope="session")
def postgres_url():
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def valkey_url():
    with servers.valkey() as url:
        yield url


@dataclass(frozen=True)
class Worker:
    """A Celery worker in a process of its own, on this test's database."""

    broker: str
    mail: MailServer

    def nudge(self) -> None:
        """What beat does once a minute."""
        Celery(broker=self.broker).send_task("reminders.send_due")


@pytest.fixture
def worker(transactional_db, valkey_url, tmp_path):
    """Sends real mail, to `worker.mail.kept`. Its database is PostgreSQL, committed rows only."""
    server = urlsplit(os.environ["DATABASE_URL"])
    with mail_server() as mail:
        variables = servers.environment(
            SECRET_KEY="worker",
            DATABASE_URL=urlunsplit(server._replace(path=f"/{connection.settings_dict['NAME']}")),
            REDIS_URL=valkey_url,
            MAIL_URL=mail.url,
        )
        command = ["celery", "-A", "kapcare", "worker", "--concurrency", "1", "--loglevel", "INFO"]
        log = tmp_path / "worker.log"
        with servers.running(command, log=log, cwd=servers.ROOT, env=variables):
            servers.wait_for(lambda: "ready." in log.read_text(), seconds=30, what="the worker")
            yield Worker(valkey_url, mail)


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium: Debian's, or the one that $CHROMIUM names."""
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    path = next(filter(None, map(shutil.which, filter(None, names))), None)
    if path is None:
        pytest.skip("Chromium is missing. Get it with: apt-get install chromium (or set CHROMIUM)")
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread, and Django would refuse its database there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    quiet = ["background-networking", "component-update", "sync"]
    args = ["--no-sandbox", "--disable-gpu", *(f"--disable-{each}" for each in quiet)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=args)
        yield browser
        browser.close()
