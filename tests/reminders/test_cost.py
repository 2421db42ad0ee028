"""A sweep costs what is due, not what exists: its plans. `benchmarks/sweep.py` has the times."""

from datetime import timedelta

import pytest
from django.utils import timezone

from benchmarks import sweep

pytestmark = pytest.mark.postgres


def test_no_statement_of_a_sweep_reads_a_table_that_grows_from_end_to_end(case, episode):
    case.plan(timezone.now() + timedelta(days=20))
    sweep.grow(case, 3000)
    parts = sweep.parts_of(case)
    with sweep.due(50):
        assert sweep.scanned_whole(parts[:-1], sweep.GROWING | sweep.EPISODES) == []
        page = sweep.GROWING - {"reminders_attempt"}  # small here, so it may be read whole
        assert sweep.scanned_whole(parts[-1:], page) == []
        assert "reminder_pending" in sweep.plan_of_claiming()
