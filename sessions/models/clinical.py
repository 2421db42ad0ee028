"""What every record about an episode shares."""

import uuid

from django.conf import settings
from django.db import models

from sessions.models.episodes import EpisodeOfCare


class Recorded(models.Model):
    """Written once by one person; the same form sent twice gives one row."""

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    episode = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="%(class)ss")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager()

    class Meta:
        abstract = True
        ordering = ["-recorded_at", "-pk"]
