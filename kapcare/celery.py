"""The Celery application. The database is the truth about what is due; the broker may lose all."""

import os

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kapcare.settings")

app = Celery("kapcare")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def begin_with_a_round(**kwargs: object) -> None:
    """A beat that is started again and again would else never come to its first."""
    from reminders.tasks import nudge

    nudge()
