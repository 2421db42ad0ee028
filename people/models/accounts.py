"""Users, organisations and memberships."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from people.enums import CLINIC_ROLES, PRACTICE_ROLES, OrganizationKind, Role
from people.validators import validate_timezone


class Organization(models.Model):
    """A clinic or an outside practice."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=OrganizationKind.choices)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    timezone = models.CharField(
        max_length=40, default="America/New_York", validators=[validate_timezone]
    )
    is_part2_program = models.BooleanField(
        default=False,
        help_text="A federally assisted program that holds itself out for substance-use care "
        "(42 CFR 2.11)",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="organization_name_once"),
            models.CheckConstraint(
                condition=Q(kind__in=OrganizationKind.values), name="organization_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def today(self) -> date:
        """The day it is where the organisation is, whoever asks from wherever."""
        return self.day_of(timezone.now())

    def day_of(self, moment: datetime) -> date:
        """The day that an aware moment falls on where the organisation is."""
        return timezone.localdate(moment, ZoneInfo(self.timezone))

    @property
    def is_clinic(self) -> bool:
        return self.kind == OrganizationKind.CLINIC


class UserManager(BaseUserManager["User"]):
    """People sign in by e-mail address; there are no user names."""

    use_in_migrations = True

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """Somebody with an account. What they may do follows from their membership alone."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=120, validators=[MinLengthValidator(2)])
    credentials = models.CharField(max_length=40, blank=True, help_text="LCSW, MD, RN")
    email = models.EmailField("email address", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def membership(self) -> "Membership | None":
        """The one membership in force, or None: somebody who left may open nothing."""
        return self.memberships.filter(ended_at=None).select_related("organization").first()


class Membership(models.Model):
    """A person's role at an organisation, from a day until they leave (FHIR PractitionerRole)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None), name="membership_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.organization}"

    def clean(self) -> None:
        allowed = CLINIC_ROLES if self.organization.is_clinic else PRACTICE_ROLES
        if self.role not in allowed:
            raise ValidationError({"role": f"{self.organization} has no such role."})

    def save(self, *args, **kwargs) -> None:
        self.clean()
        super().save(*args, **kwargs)
