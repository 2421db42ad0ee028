"""The clinic's own wording of a release, version by version. A version never changes."""

from django.conf import settings
from django.db import models

from people.models import Organization


class WordingQuerySet(models.QuerySet["Wording"]):
    def newest(self, organization: Organization) -> "Wording | None":
        """What the clinic says now; None: kapcare's own words."""
        return self.filter(organization=organization).order_by("version").last()


class Wording(models.Model):
    """The statements of every release that is drafted from now on (45 CFR 164.508(c)(2)).

    `statements` maps each name of `consent.documents.wording.STATEMENTS` to its text.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    statements = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WordingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "version"], name="wording_version_once")
        ]

    def __str__(self) -> str:
        return f"version {self.version}"
