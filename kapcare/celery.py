"""The Celery application. The database is the truth about what is due; the broker may lose all."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kapcare.settings")

app = Celery("kapcare")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
