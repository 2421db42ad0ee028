"""How fast the ledger is verified: python benchmarks/verify_ledger.py [rows] [clients]

Makes a database of its own, on SQLite or on the server that DATABASE_URL names, fills it, verifies
it beside exported heads, and throws it away. 100,000 rows of 1,000 clients, on two cores that were
busy with other things: 7,900 rows/s on SQLite, 5,600 on PostgreSQL, in 2 MB more memory.
"""

import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kapcare.settings")
os.environ.setdefault("SECRET_KEY", "for-the-benchmark-only")


def fill(rows: int, clients: int) -> None:
    from consent.ledger.chain import append, lock_heads
    from tests.consent.ledgers import reading

    draw = random.Random(1)
    for client in range(1, clients + 1):
        share = rows // clients + (client <= rows % clients)
        append([reading(draw, client) for _ in range(share)], lock_heads([client]))


def measure(rows: int, clients: int, heads: Path) -> None:
    from django.db import transaction

    from consent.clock import database_now
    from consent.ledger.heads import export_heads, read_heads
    from consent.ledger.verification import verify_ledger

    with transaction.atomic():
        fill(rows, clients)
    export_heads(heads, database_now())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    report = verify_ledger(read_heads(heads).of)
    took = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    if report.findings or report.rows != rows:
        sys.exit(f"The ledger is not whole: {report.findings[:3]}")
    sys.stdout.write(
        f"{report.rows} rows of {report.clients} clients in {took:.1f} s: "
        f"{report.rows / took:,.0f} rows/s, {grown:.0f} MB more memory\n"
    )


def main(rows: int = 100_000, clients: int = 1_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KAPCARE_DATA"] = folder
        import django

        django.setup()
        from django.db import connection

        name, sqlite = connection.settings_dict["NAME"], connection.vendor == "sqlite"
        scratch = f"{folder}/benchmark.sqlite3" if sqlite else "kapcare_benchmark"
        connection.settings_dict["TEST"]["NAME"] = scratch
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            measure(rows, clients, Path(folder) / "heads")
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
