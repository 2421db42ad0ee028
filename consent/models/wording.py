"""The clinic's own wording of what clients sign, version by version. A version never changes."""

from django.conf import settings
from django.db import models

from people.models import Organization


class WordingQuerySet(models.QuerySet):
    def newest(self, organization: Organization):
        """What the clinic says now; None: kapcare's own words."""
        return self.filter(organization=organization).order_by("version").last()


class WordingVersion(models.Model):
    """`statements` maps the name of each statement of the document to its text."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    statements = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WordingQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "version"], name="%(class)s_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class Wording(WordingVersion):
    """The statements of every release that is drafted from now on (45 CFR 164.508(c)(2)).

    Named as in `consent.documents.wording.STATEMENTS`.
    """


class TreatmentWording(WordingVersion):
    """The sections of every consent to treatment that is prepared from now on.

    Named as in `consent.treatment.wording.SECTIONS`.
    """
