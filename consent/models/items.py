"""What a release may open: every such table inherits DisclosableItem."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from consent.enums import Category
from consent.fields import ALL_STORED, SensitivitiesField
from people.models import Client, Organization


class DoorManager(models.Manager):
    """Offers one way to rows: `readable_by`. Everything else must say `unscoped`, and why."""

    def get_queryset(self) -> Any:
        raise TypeError(
            f"{self.model.__name__}.objects offers readable_by(...) only; read through "
            "consent.disclosure.disclose, or say unscoped where the architecture test lists you."
        )

    def readable_by(self, access) -> models.QuerySet:
        """The items that `access` (consent.access.Access) permits, newest first."""
        passes: Q = self.model.passes  # type: ignore[attr-defined]
        rows = self.model._default_manager.filter(access.filter(), passes)  # the unscoped one
        return rows.order_by("-occurred_at", "-id")


class DisclosableItem(models.Model):
    """One item of one category about one client, written by one organisation."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, choices=Category.choices)
    sensitivities = SensitivitiesField()
    author_organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = DoorManager()
    unscoped = models.Manager()
    passes: ClassVar[Q] = Q()  # whatever a release says, no other row passes the door
    read_with: ClassVar[tuple[str, ...]] = ("client", "author", "author_organization")

    class Meta:
        abstract = True
        default_manager_name = base_manager_name = "unscoped"
        indexes = [
            models.Index(
                fields=["client", "category", "-occurred_at", "-id"], name="%(class)s_by_category"
            ),
            models.Index(fields=["client", "-occurred_at", "-id"], name="%(class)s_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(category__in=Category.values), name="%(class)s_category_known"
            ),
            models.CheckConstraint(
                condition=Q(sensitivities__in=ALL_STORED), name="%(class)s_sensitivities_known"
            ),
        ]

    @property
    def category_label(self) -> str:
        return Category(self.category).label

    def cross(self) -> None:
        """Called by the one door before an item reaches a reader of another organisation: what
        stays at home although a release opens the category is emptied here."""
