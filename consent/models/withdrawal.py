"""How a release, or one recipient of it, is withdrawn: when, by whom, who asked, how and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from consent.enums import AskedHow, RevokedBy


class Withdrawable(models.Model):
    """Withdrawing works forward only: it is written once and never changes."""

    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        help_text="The staff member; empty when it was done on the client's own page",
    )
    revocation_asked_by = models.CharField(max_length=20, choices=RevokedBy.choices, blank=True)
    revocation_asked_how = models.CharField(max_length=10, choices=AskedHow.choices, blank=True)
    revocation_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def whole(name: str) -> models.CheckConstraint:
        """All of it is recorded together; only the client's own page asks for no reason."""
        own_page = Q(revocation_asked_how=AskedHow.OWN_PAGE)
        by_staff = Q(revoked_by__isnull=False) & ~Q(revocation_reason="")
        return models.CheckConstraint(
            condition=Q(
                revoked_at=None,
                revoked_by=None,
                revocation_asked_by="",
                revocation_asked_how="",
                revocation_reason="",
            )
            | (
                Q(revoked_at__isnull=False)
                & Q(revocation_asked_by__in=RevokedBy.values)
                & Q(revocation_asked_how__in=AskedHow.values)
                & (own_page | by_staff)
            ),
            name=f"{name}_revoked_whole",
        )
