import json

from django.core.management import BaseCommand, CommandError

from kapcare.health import OK, report


class Command(BaseCommand):
    help = "Print what /health/ answers. Fails when it is failing, or when one named part is."

    def add_arguments(self, parser):
        parser.add_argument("part", nargs="?", choices=["database", "broker", "jobs"])

    def handle(self, *args, part: str | None, **options):
        found = report()
        self.stdout.write(json.dumps(found))
        if found[part or "status"] != OK:
            raise CommandError(f"{part or 'kapcare'} is failing")
