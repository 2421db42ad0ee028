import os

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from kapcare.checks import production_settings
from kapcare.demo import runner


class Command(BaseCommand):
    help = "Run the whole portal with sample people on 127.0.0.1, in one process."
    requires_system_checks = []  # the one that matters here is asked below, in one sentence

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, *args, port: int, **options):
        if not settings.DEMO:
            raise CommandError("The demo runs with KAPCARE_DEMO=1 only. Start it with `make demo`.")
        if found := production_settings(os.environ):
            raise CommandError(
                f"The demo refuses to start with production settings. Unset {', '.join(found)}."
            )
        settings.PUBLIC_URL = f"http://{runner.HOST}:{port}"
        runner.run(port, self.say)

    def say(self, text: str) -> None:
        """At once, even into a file: whoever waits for the address reads it there."""
        self.stdout.write(text)
        self.stdout.flush()
