"""The short form of `make chaos`: the same fire, small enough for every run of the tests."""

import subprocess
import sys

import pytest

from tests.servers import ROOT, environment

pytestmark = [pytest.mark.servers, pytest.mark.postgres]
SMALL = {"reminders": 200, "seconds": 10, "kills": 4, "flushes": 1, "restarts": 1, "stops": 1}
SMALL |= {"workers": 2, "beats": 1, "late": 90}
QUICK = {"SWEEP_SECONDS": "2", "SEND_SECONDS": "12"}  # so that leases end while it lasts


def test_nothing_is_lost_late_or_doubled_while_everything_is_killed():
    command = [sys.executable, "-m", "tests.chaos"]
    command += [part for name, value in SMALL.items() for part in (f"--{name}", str(value))]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment(**QUICK), capture_output=True, text=True, timeout=240
    )
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    for expected in ("reminders: 200", "lost: 0", "database stopped: 1", "broker restarted: 1"):
        assert expected in ended.stdout
    assert ended.stdout.rstrip().endswith("Held, seed 1")
