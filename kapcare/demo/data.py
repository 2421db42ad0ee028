"""Loads the sample data once: the people here, their cases in `cases.py`. Nobody in it is real."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from kapcare.demo.accounts import PASSWORD
from people.enums import OrganizationKind, Role
from people.models import Membership, Organization, User

CLIENT_PAGE = settings.DATA_DIR / "client-page"


@dataclass(frozen=True)
class Cast:
    """Who the sample cases are about."""

    clinic: Organization
    primary_care: Organization
    therapist: User
    colleague: User
    stranger: User
    physician: User
    coordinator: User
    prescriber: User
    nurse: User
    kaptherapist: User
    administrator: User
    privacy: User
    hollow: User
    hollowoffice: User


ORGANIZATIONS = {
    "clinic": (
        "Northfield Clinic",
        OrganizationKind.CLINIC,
        "12 Mill Road, Northfield, NY 10999",
        "555 0100",
    ),
    "hollow": (
        "Hollow Brook Clinic",
        OrganizationKind.CLINIC,
        "2 Brook Lane, Hollow, NY 12999",
        "555 0161",
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
    "privacy": ("Lena Fischer", "", "clinic", Role.ADMINISTRATOR),
    "hollow": ("Ida Thorne", "NP", "hollow", Role.PRESCRIBER),
    "hollowoffice": ("Paul Egede", "", "hollow", Role.ADMINISTRATOR),
}


def load_once() -> None:
    """Load everything, unless it is there already; the people and cases in one transaction."""
    if Organization.objects.exists():
        return
    from kapcare.demo.cases import load_cases, load_readings
    from kapcare.demo.joining import load_joining
    from kapcare.demo.notifications import told_at_its_moment
    from kapcare.demo.operations import load_failures
    from kapcare.demo.profiles import load_profiles
    from kapcare.demo.training import load_training

    with transaction.atomic():
        cast = load_people()
        with timezone.override(cast.clinic.timezone):
            load_training(cast)
            load_profiles(cast)
            with told_at_its_moment():
                cases = load_cases(cast)
            load_joining(cast)
            load_failures(cast)
    CLIENT_PAGE.write_text(load_readings(cast, *cases))


def client_page() -> str:
    """The secret of a sample client's own page. The database has only its hash; the demo keeps it
    beside, so that every start can print it."""
    return CLIENT_PAGE.read_text() if CLIENT_PAGE.exists() else ""


def load_people() -> Cast:
    password = make_password(PASSWORD)  # once: a good hash takes its time
    organizations = {
        key: Organization.objects.create(name=name, kind=kind, address=address, phone=phone)
        for key, (name, kind, address, phone) in ORGANIZATIONS.items()
    }
    users = {}
    for key, (name, credentials, organization, role) in PEOPLE.items():
        users[key] = User.objects.create_user(
            f"{key}@demo.example", name=name, credentials=credentials
        )
        User.objects.filter(pk=users[key].pk).update(password=password)
        Membership.objects.create(
            user=users[key], organization=organizations[organization], role=role
        )
    return Cast(clinic=organizations["clinic"], primary_care=organizations["riverside"], **users)
