from django.core.management.base import BaseCommand

from reminders.delivery import begin_round, claim, deliver
from reminders.enums import Outcome


class Command(BaseCommand):
    help = "Send what is due, without a broker: for cron, or while Redis is away."

    def handle(self, *args, **options) -> None:
        sent = 0
        begin_round()
        while claims := claim():
            sent += sum(deliver(each) == Outcome.SENT for each in claims)
        self.stdout.write(f"{sent} sent")
