"""Clients, and which organisation keeps a record of them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from people.enums import SafeContact
from people.models.accounts import Organization
from people.validators import validate_birth_date


class Client(models.Model):
    """A person in care. Each practice keeps its own record of the people it refers."""

    created_by_organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    date_of_birth = models.DateField(validators=[validate_birth_date])
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    safe_contact = models.CharField(max_length=20, choices=SafeContact.choices, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(Lower("last_name"), Lower("first_name"), name="client_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(first_name="") & ~Q(last_name=""), name="client_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(date_of_birth__gte="1900-01-01"), name="client_born_since_1900"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.last_name.upper()}, {self.first_name}"

    @property
    def number(self) -> str:
        return f"KC-{self.pk:06d}"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Registration(models.Model):
    """That an organisation keeps a record of a client: it made it, or received a referral."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="registrations")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "organization"], name="registration_once")
        ]

    def __str__(self) -> str:
        return f"{self.client} at {self.organization}"
