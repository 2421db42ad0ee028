import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from consent.ledger.heads import Heads, read_heads
from consent.ledger.verification import damaged_documents, verify_ledger
from consent.models import Release, TreatmentConsent


class Command(BaseCommand):
    help = (
        "Check every row of the disclosure ledger, every signed release and consent to treatment; "
        "exit with 1 and a sentence for each thing that was changed"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--heads", type=Path, metavar="FILE", help="compare with what export_heads wrote"
        )

    def handle(self, *args, heads: Path | None, **options) -> None:
        exported = self._read(heads) if heads else Heads()
        ledger = verify_ledger(exported.of)
        releases, damaged = damaged_documents(Release)
        consents, damaged_too = damaged_documents(TreatmentConsent)
        if findings := [*exported.findings, *ledger.findings, *damaged, *damaged_too]:
            self.stdout.write("\n".join(findings))
            sys.exit(1)
        self.stdout.write(f"whole: {ledger.clients} clients, {ledger.rows} rows")
        self.stdout.write(f"whole: {releases} signed releases")
        self.stdout.write(f"whole: {consents} signed consents to treatment")
        if not heads:
            self.stdout.write("Without --heads FILE a tail that was cut off cannot be seen.")

    def _read(self, path: Path) -> Heads:
        try:
            return read_heads(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
