"""The demo as a user meets it: a command, an address, mail that arrives, Ctrl-C."""

import re
import resource
import signal
import socket
import sqlite3
import sys
import urllib.error
import urllib.request
from contextlib import closing

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from consent.enums import RecipientKind, ReleaseState
from consent.models import (
    DisclosureQuestion,
    EmergencyAccess,
    PaperCopy,
    Release,
    ReleaseRecipient,
    SigningLink,
)
from kapcare.demo import data
from kapcare.demo.accounts import ACCOUNTS, PASSWORD
from people.models import User
from reminders.delivery import deliver, sweep
from tests.servers import ROOT, environment, free_port, running, wait_for


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


@pytest.mark.servers
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
    [own_page] = re.findall(rf"http://127.0.0.1:{port}(/p/\S+)", said)

    before = _cpu_seconds()
    with demo(port, stop=signal.SIGTERM) as process:
        _until_healthy(process, port)
        assert own_page in (tmp_path / "log").read_text()  # every start says it
        status, page = _get(port, own_page)
        assert (status, "date of birth" in page) == (200, True)
    assert process.returncode == 0
    assert "Traceback" not in (tmp_path / "log").read_text()
    # Starting is one thread's work: what it computes is what one waits, on a machine at rest.
    assert _cpu_seconds() - before < 5


@pytest.mark.servers
def test_ending_it_while_it_prepares(demo, tmp_path):
    with demo(free_port()) as process:
        log = tmp_path / "log"
        wait_for(lambda: "Preparing" in log.read_text(), seconds=60, what="the start")
    assert process.returncode == 0
    assert "Traceback" not in log.read_text()


@pytest.mark.servers
def test_a_port_in_use_is_said_in_one_sentence(demo, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with demo(port) as process:
            assert process.wait(30) == 1
    said = (tmp_path / "log").read_text()
    assert f"Port {port} is in use. Choose another one: make demo PORT=" in said
    assert "Traceback" not in said


# ---------------------------------------------------------------- the sample data


@pytest.fixture
def loaded(db, tmp_path, monkeypatch):
    monkeypatch.setattr(data, "CLIENT_PAGE", tmp_path / "client-page")
    data.load_once()


def test_there_is_a_release_in_every_state_and_something_of_everything_to_do(loaded):
    now = timezone.now()
    assert {release.state(now) for release in Release.objects.all()} == set(ReleaseState)
    recipients = ReleaseRecipient.objects.all()
    assert {recipient.kind for recipient in recipients} == set(RecipientKind)
    assert recipients.exclude(revoked_at=None).count() == 1
    assert PaperCopy.objects.filter(verified_at=None).count() == 1
    assert EmergencyAccess.objects.to_review().count() == 1
    assert DisclosureQuestion.objects.filter(answered_at=None).count() == 1
    assert SigningLink.objects.get(on_screen=False).is_open(now)


def test_everybody_listed_can_sign_in_and_the_clients_page_opens(loaded, client):
    assert set(User.objects.values_list("email", flat=True)) == {email for email, _ in ACCOUNTS}
    for email, _ in ACCOUNTS:
        assert client.login(email=email, password=PASSWORD), email
    client.logout()
    address = reverse("consent:my_open", args=[data.client_page()])
    assert client.get(address).status_code == 200
    assert client.post(address, {"date_of_birth": "14-Jul-1985"}).status_code == 302


def test_its_first_round_tells_of_the_release_that_ends_and_of_the_emergency(loaded):
    for claim in sweep():
        deliver(claim)
    sent = {(message.subject, message.to[0]) for message in mail.outbox}
    ends, opened = "A release ends soon", "Emergency access was opened"
    assert {
        (ends, "administrator@demo.example"),
        (ends, "therapist@demo.example"),
        (opened, "administrator@demo.example"),
        (opened, "privacy@demo.example"),
        ("A receipt is waiting for you", "hana@mail.example"),
    } <= sent
