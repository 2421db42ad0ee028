"""Loads the sample data once: the people here, their cases in `cases.py`. Nobody in it is real."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from kapcare.demo.accounts import PASSWORD
from people.enums import OrganizationKind, Role
from people.models import Membership, Organization, User


@dataclass(frozen=True)
class Cast:
    """Who the sample cases are about."""

    clinic: Organization
    therapist: User
    colleague: User
    stranger: User
    physician: User
    coordinator: User
    prescriber: User
    nurse: User
    kaptherapist: User
    administrator: User


ORGANIZATIONS = {
    "clinic": (
        "Northfield Clinic",
        OrganizationKind.CLINIC,
        "12 Mill Road, Northfield, NY 10999",
        "555 0100",
    ),
    "harbor": ("Harbor Lane Practice", OrganizationKind.PRACTICE, "3 Harbor Lane", "555 0131"),
    "elm": ("Elm Street Practice", OrganizationKind.PRACTICE, "40 Elm Street", "555 0144"),
    "riverside": ("Riverside Primary Care", OrganizationKind.PRACTICE, "7 River Walk", "555 0177"),
}
PEOPLE = {
    "therapist": ("Dana Okafor", "LCSW", "harbor", Role.THERAPIST),
    "colleague": ("Sam Reed", "LPC", "harbor", Role.THERAPIST),
    "stranger": ("Petra Lindgren", "PsyD", "elm", Role.THERAPIST),
    "physician": ("Jordan Lee", "MD", "riverside", Role.PHYSICIAN),
    "coordinator": ("Amara Quist", "", "clinic", Role.COORDINATOR),
    "prescriber": ("Alex Rivera", "MD", "clinic", Role.PRESCRIBER),
    "nurse": ("Mira Patel", "RN", "clinic", Role.NURSE),
    "kaptherapist": ("Sofia Novak", "LMFT", "clinic", Role.KAP_THERAPIST),
    "administrator": ("Noor Haddad", "", "clinic", Role.ADMINISTRATOR),
}


def load_once() -> None:
    """Load everything in one transaction, unless it is there already."""
    if Organization.objects.exists():
        return
    from kapcare.demo.cases import load_cases

    with transaction.atomic():
        cast = load_people()
        with timezone.override(cast.clinic.timezone):
            load_cases(cast)


def load_people() -> Cast:
    organizations = {
        key: Organization.objects.create(name=name, kind=kind, address=address, phone=phone)
        for key, (name, kind, address, phone) in ORGANIZATIONS.items()
    }
    users = {}
    for key, (name, credentials, organization, role) in PEOPLE.items():
        users[key] = User.objects.create_user(
            f"{key}@demo.example", PASSWORD, name=name, credentials=credentials
        )
        Membership.objects.create(
            user=users[key], organization=organizations[organization], role=role
        )
    return Cast(clinic=organizations["clinic"], **users)
