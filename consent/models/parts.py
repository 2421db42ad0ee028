"""The parts of a release: to whom, which categories, and why. Sealed with it when it is signed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from consent.enums import Category, Direction, Effect, Purpose, RecipientKind
from consent.models.releases import Release
from consent.models.withdrawal import Withdrawable
from people.enums import PRACTICE_ROLES, Role
from people.models import Client, Organization


class OutsideContact(models.Model):
    """Somebody without an account whom a client may name: a relative, a specialist elsewhere."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    clinic = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    relation = models.CharField(max_length=80, help_text="Sister, cardiologist, peer supporter")
    workplace = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(relation=""), name="contact_name_and_relation"
            ),
            models.UniqueConstraint(
                "client", "clinic", Lower("name"), Lower("relation"), name="contact_once"
            ),
        ]

    def __str__(self) -> str:
        place = f", {self.workplace}" if self.workplace else ""
        return f"{self.name} ({self.relation}){place}"


class ReleaseRecipient(Withdrawable):
    """One who receives: a person, everybody with a role at an organisation, or a contact."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="recipients")
    kind = models.CharField(max_length=10, choices=RecipientKind.choices)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    contact = models.ForeignKey(OutsideContact, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "user"],
                condition=Q(kind=RecipientKind.PERSON),
                name="release_person_once",
            ),
            models.UniqueConstraint(
                fields=["release", "organization", "role"],
                condition=Q(kind=RecipientKind.ROLE),
                name="release_role_once",
            ),
            models.UniqueConstraint(
                fields=["release", "contact"],
                condition=Q(kind=RecipientKind.CONTACT),
                name="release_contact_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=RecipientKind.PERSON,
                    user__isnull=False,
                    organization__isnull=False,
                    role="",
                    contact=None,
                )
                | Q(
                    kind=RecipientKind.ROLE,
                    user=None,
                    organization__isnull=False,
                    role__in=sorted(PRACTICE_ROLES),
                    contact=None,
                )
                | Q(
                    kind=RecipientKind.CONTACT,
                    user=None,
                    organization=None,
                    role="",
                    contact__isnull=False,
                ),
                name="release_recipient_of_its_kind",
            ),
            Withdrawable.whole("release_recipient"),
        ]

    def __str__(self) -> str:
        if self.kind == RecipientKind.ROLE:
            return f"Any {Role(self.role).label.lower()} at {self.organization}"
        if self.kind == RecipientKind.CONTACT:
            return str(self.contact)
        return f"{self.user}, {self.organization}"


class ReleaseCategory(models.Model):
    """One category in one direction: shared, or declined by the client when signing."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="categories")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    category = models.CharField(max_length=20, choices=Category.choices)
    effect = models.CharField(max_length=6, choices=Effect.choices, default=Effect.PERMIT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "direction", "category"], name="release_category_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    direction__in=Direction.values,
                    category__in=Category.values,
                    effect__in=Effect.values,
                ),
                name="release_category_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.direction} {self.effect}"


class ReleasePurpose(models.Model):
    """Each purpose has its row; the client's own words may stand beside it."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="purposes")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    in_their_words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "purpose"], name="release_purpose_once"),
            models.CheckConstraint(
                condition=Q(purpose__in=Purpose.values), name="release_purpose_known"
            ),
        ]

    def __str__(self) -> str:
        return self.in_their_words or Purpose(self.purpose).label
