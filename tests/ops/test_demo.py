"""The demo as a user meets it: a command, an address, mail that arrives, Ctrl-C."""

import resource
import signal
import socket
import sqlite3
import sys
import urllib.error
import urllib.request
from contextlib import closing

import pytest

from kapcare.demo.accounts import ACCOUNTS, PASSWORD
from tests.servers import ROOT, environment, free_port, running, wait_for

pytestmark = pytest.mark.servers


@pytest.fixture
def demo(tmp_path):
    """Start the demo on a port, with data that outlives it."""

    def start(port, stop=signal.SIGINT):
        return running(
            [sys.executable, "manage.py", "demo"],
            log=tmp_path / "log",
            stop=stop,
            cwd=ROOT,
            env=environment(KAPCARE_DEMO="1", KAPCARE_DATA=str(tmp_path), PORT=str(port)),
        )

    return start


def _get(port, path):
    try:
        answer = urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.read().decode()


def _until_healthy(process, port):
    def healthy_or_gone():
        return process.poll() is not None or _get(port, "/health/")[0] == 200

    wait_for(healthy_or_gone, seconds=300, what="the demo")
    assert process.poll() is None, "the demo has ended"


def _swept(folder):
    with closing(sqlite3.connect(folder / "kapcare.sqlite3")) as database:
        return database.execute("SELECT at FROM reminders_heartbeat").fetchone()


def _cpu_seconds():
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def test_the_demo_runs_every_part_and_ends_cleanly(demo, tmp_path):
    port = free_port()
    with demo(port) as process:
        _until_healthy(process, port)
        assert "kapcare" in _get(port, "/")[1]  # the sign-in page, after a redirect
        first = _swept(tmp_path)
        wait_for(lambda: _swept(tmp_path) > first, seconds=30, what="beat's next sweep")
    said = (tmp_path / "log").read_text()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert f"http://127.0.0.1:{port}" in said
    assert PASSWORD in said
    assert all(email in said for email, _ in ACCOUNTS)

    before = _cpu_seconds()
    with demo(port, stop=signal.SIGTERM) as process:
        _until_healthy(process, port)
    assert process.returncode == 0
    assert "Traceback" not in (tmp_path / "log").read_text()
    # Starting is one thread's work: what it computes is what one waits, on a machine at rest.
    assert _cpu_seconds() - before < 5


def test_ending_it_while_it_prepares(demo, tmp_path):
    with demo(free_port()) as process:
        log = tmp_path / "log"
        wait_for(lambda: "Preparing" in log.read_text(), seconds=60, what="the start")
    assert process.returncode == 0
    assert "Traceback" not in log.read_text()


def test_a_port_in_use_is_said_in_one_sentence(demo, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with demo(port) as process:
            assert process.wait(30) == 1
    said = (tmp_path / "log").read_text()
    assert f"Port {port} is in use. Choose another one: make demo PORT=" in said
    assert "Traceback" not in said
