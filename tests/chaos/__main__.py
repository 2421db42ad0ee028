"""Delivery under fire: python -m tests.chaos [--seed N] [--reminders N] [--seconds N] ...

Thousands of reminders open while workers and beats are killed, the broker forgets everything or is
killed, and the database is stopped at once; each comes back. A mail server of our own notes what
arrives. In the end the figures are printed, and the exit is 1 where a promise was broken.
"""

import argparse
import os
import sys
import tempfile
from dataclasses import fields
from pathlib import Path
from unittest import mock

from tests import servers
from tests.chaos import parts
from tests.chaos.schedule import Plan
from tests.chaos.sink import Sink


def plan_of(arguments: list[str]) -> Plan:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    for each in fields(Plan):
        parser.add_argument(f"--{each.name}", type=int, default=each.default)
    return Plan(**vars(parser.parse_args(arguments)))


def main(plan: Plan) -> int:
    with tempfile.TemporaryDirectory(prefix="kapcare-chaos-") as name:
        folder, sink = Path(name), Sink()
        (data := folder / "postgres").mkdir()
        os.chmod(folder, 0o755)  # noqa: S103 - PostgreSQL runs as nobody
        with parts.durable_postgres(data) as database, parts.broker(folder) as broker:
            given = {name: os.environ[name] for name in TUNED if name in os.environ}
            variables = servers.environment(
                SECRET_KEY="for-the-chaos-suite-" * 3,
                DATABASE_URL=database.url,
                REDIS_URL=broker.url,
                MAIL_URL=sink.url,
                KAPCARE_DATA=str(folder),
                DJANGO_SETTINGS_MODULE="kapcare.settings",
                **given,
            )
            with mock.patch.dict(os.environ, variables):
                import django

                django.setup()
                from tests.chaos.running import run

                return run(plan, database, broker, sink, folder, variables)


TUNED = ("SWEEP_SECONDS", "SEND_SECONDS")

if __name__ == "__main__":
    sys.exit(main(plan_of(sys.argv[1:])))
