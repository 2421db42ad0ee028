"""The people and places of the tests, and their words.

Every text a reader could meet is a canary: one odd word that says where it came from.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from consent.enums import Category
from people.enums import OrganizationKind, Role, SafeContact
from people.models import Client, Membership, Organization, User
from people.registration import create_client
from referrals.enums import ContextKind

C = Category
PASSWORD = "a-long-enough-password"  # noqa: S105

# What the clinic writes, by category; WRITTEN_SENSITIVE is a response marked as substance use.
CLINIC = {
    category: f"Zqclinic{category}"
    for category in (C.SCHEDULE, C.READINESS, C.TREATMENT, C.RESPONSE, C.SAFETY, C.INTEGRATION)
}
CLINIC_SENSITIVE = "Zqclinicsubstance"
# What the practice writes about the client, by kind of context.
SENT = {
    ContextKind.GOALS: "Zqsentgoals",
    ContextKind.HISTORY: "Zqsenthistory",
    ContextKind.MEDICINES: "Zqsentmedicines",
    ContextKind.RISK: "Zqsentrisk",
    ContextKind.CONTRAINDICATIONS: "Zqsentcontraindications",
}
# What no release opens: it stays inside the clinic.
INTERNAL = "Zqinternal"
# What nobody but its author ever reads: the KAP therapist's psychotherapy note.
OWN_NOTE = "Zqownpsychotherapynote"
REASON = "Zqreason"
LAST_NAME = "Zqquillfeather"


@dataclass(frozen=True)
class Cast:
    """The fixed people of every test, and where they work."""

    clinic: Organization
    practice: Organization
    other_practice: Organization
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
    superuser: User
    lapsed: User

    def everybody(self) -> dict[str, User]:
        return {name: each for name, each in vars(self).items() if isinstance(each, User)}


def make_organization(name: str, kind: str = OrganizationKind.PRACTICE, **fields) -> Organization:
    address = fields.pop("address", f"1 {name} Street, Northfield")
    return Organization.objects.create(name=name, kind=kind, address=address, **fields)


def make_user(name: str, role: Role, organization: Organization, **fields) -> User:
    email = f"{name.replace(' ', '.').lower()}@example.org"
    user = User.objects.create_user(email, PASSWORD, name=name, **fields)
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


def make_cast() -> Cast:
    clinic = make_organization("Northfield Clinic", OrganizationKind.CLINIC, phone="555 0100")
    practice = make_organization("Harbor Lane Practice")
    other, care_ = make_organization("Mill Road Practice"), make_organization("Elm Primary Care")
    return Cast(
        clinic=clinic,
        practice=practice,
        other_practice=other,
        primary_care=care_,
        therapist=make_user("Tess Therapist", Role.THERAPIST, practice, credentials="LCSW"),
        colleague=make_user("Cole Colleague", Role.THERAPIST, practice),
        stranger=make_user("Stan Stranger", Role.THERAPIST, other),
        physician=make_user("Phil Physician", Role.PHYSICIAN, care_, credentials="MD"),
        coordinator=make_user("Cora Coordinator", Role.COORDINATOR, clinic),
        prescriber=make_user("Pia Prescriber", Role.PRESCRIBER, clinic, credentials="MD"),
        nurse=make_user("Nora Nurse", Role.NURSE, clinic, credentials="RN"),
        kaptherapist=make_user("Kai Kaptherapist", Role.KAP_THERAPIST, clinic),
        administrator=make_user("Ada Administrator", Role.ADMINISTRATOR, clinic),
        superuser=make_user("Sue Superuser", Role.THERAPIST, other, is_superuser=True),
        lapsed=make_user("Lars Lapsed", Role.PHYSICIAN, care_),
    )


def identity(**changes) -> dict:
    return {
        "first_name": "Robin",
        "last_name": LAST_NAME,
        "date_of_birth": date(1985, 7, 14),
        "phone": "555 0199",
        "safe_contact": SafeContact.PHONE,
        **changes,
    }


def make_client(organization: Organization, **changes) -> Client:
    return create_client(organization=organization, **identity(**changes))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]
