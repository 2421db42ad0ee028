"""The audit log. No foreign keys: an event outlives whatever it speaks of."""

from django.db import models
from django.db.models.functions import Now


class AuditEvent(models.Model):
    """One thing that somebody did: ids and codes, never health information."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    event = models.CharField(max_length=60, help_text="noun.verb, such as release.revoked")
    actor_id = models.BigIntegerField(null=True, help_text="people.User; null: the system")
    organization_id = models.BigIntegerField(null=True, help_text="the actor's, at that time")
    client_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=80, help_text="app.model:id")
    detail = models.JSONField(default=dict, help_text="codes and ids only")

    class Meta:
        indexes = [
            models.Index(fields=["client_id", "at"], name="audit_client_at"),
            models.Index(fields=["subject"], name="audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject}"
