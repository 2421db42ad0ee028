"""Web, worker and beat in one process, until a signal ends it. For the demo only."""

import errno
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from celery.beat import EmbeddedService
from celery.worker import state as worker_state
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from kapcare.celery import app
from kapcare.demo.accounts import ACCOUNTS, PASSWORD

HOST = "127.0.0.1"
SECONDS_TO_END = 5


class QuietHandler(WSGIRequestHandler):
    """One line per request would bury the address and the accounts."""

    def log_message(self, format: str, *args: object) -> None:
        pass


def run(port: int, say: Callable[[str], object]) -> None:
    """Prepare the data, start every part, say where it is, and wait for Ctrl-C or SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    settings.PUBLIC_URL = f"http://{HOST}:{port}"  # what mail and links say
    try:
        with bound(port) as server:
            say("Preparing the sample data ...")
            prepare()
            with jobs(), serving(server):
                say(welcome(settings.PUBLIC_URL))
                while True:
                    signal.pause()
    except SystemExit:
        say("The demo has ended. Its data stays until `make demo-reset`.")


def _end(*_: object) -> NoReturn:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.write(1, b"\nEnding ...\n")  # at once, for the worker takes two seconds; print may not here
    raise SystemExit(0)


def prepare() -> None:
    """Bring the database, the static files and the sample data up to date; quick when they are."""
    from kapcare.demo import data

    settings.EMAIL_FILE_PATH.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    if not static_files_collected():
        call_command("collectstatic", verbosity=0, interactive=False)
    data.load_once()


def static_files_collected() -> bool:
    """Whether nothing has changed since the last collection, which takes seconds."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if not manifest.exists():
        return False
    sources = (storage.path(path) for finder in get_finders() for path, storage in finder.list([]))
    return max(os.path.getmtime(path) for path in sources) < manifest.stat().st_mtime


@contextmanager
def bound(port: int) -> Iterator[ThreadedWSGIServer]:
    """Take the port before the slow work, so that a taken one is said at once."""
    try:
        server = ThreadedWSGIServer((HOST, port), QuietHandler)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        why = "is in use" if error.errno == errno.EADDRINUSE else "needs more rights"
        raise CommandError(
            f"Port {port} {why}. Choose another one: make demo PORT={max(port, 8000) + 1}"
        ) from None
    with server:
        yield server


@contextmanager
def serving(server: ThreadedWSGIServer) -> Iterator[None]:
    server.set_app(get_wsgi_application())
    reverse("home")  # loads every address now, not with the first page
    thread = threading.Thread(target=server.serve_forever, name="web", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()


@contextmanager
def jobs() -> Iterator[None]:
    """A Celery worker and beat as threads; the first sweep is due at once."""
    worker = threading.Thread(target=_work, name="worker", daemon=True)
    beat = EmbeddedService(app, thread=True, scheduler_cls=app.conf.beat_scheduler)
    worker.start()
    beat.start()
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"])
    try:
        yield
    finally:
        beat.service.stop()
        worker_state.should_stop = 0
        for thread in (beat, worker):
            thread.join(SECONDS_TO_END)


def _work() -> None:
    app.WorkController(
        hostname="demo",
        pool="solo",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    ).start()


def welcome(address: str) -> str:
    accounts = "\n".join(f"    {email:<28}{who}" for email, who in ACCOUNTS)
    return (
        f"\nkapcare runs with sample people at {address}\n\n"
        f"Sign in as one of these, each with the password {PASSWORD}:\n{accounts}\n\n"
        f"{own_page(address)}"
        f"The mail it sends stands at {address}/sent-mail/\n"
        "Ctrl-C ends it. The data stays until `make demo-reset`.\n"
    )


def own_page(address: str) -> str:
    """How to open what a client sees, without an account."""
    from kapcare.demo import data

    token = data.client_page()
    if not token:
        return ""
    page = address + reverse("consent:my_open", args=[token])
    return (
        "Jane Smith, a client without an account, opens her own page with her date of birth, "
        f"14-Jul-1985:\n    {page}\n\n"
    )
