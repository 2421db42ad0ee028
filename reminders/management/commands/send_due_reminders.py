from django.core.management.base import BaseCommand

from reminders.delivery import deliver, sweep
from reminders.enums import Outcome


class Command(BaseCommand):
    help = "Send what is due, without a broker: for cron, or while Redis is away."

    def handle(self, *args, **options) -> None:
        sent = 0
        while claimed := sweep():
            sent += sum(deliver(claim) == Outcome.SENT for claim in claimed)
        self.stdout.write(f"{sent} sent")
