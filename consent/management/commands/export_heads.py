from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from consent.clock import database_now
from consent.ledger.heads import export_heads


class Command(BaseCommand):
    help = "Append the ends of the disclosure ledger, signed, to a file outside the database"

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options) -> None:
        try:
            count = export_heads(file, database_now())
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{count} client{'' if count == 1 else 's'} exported to {file}")
