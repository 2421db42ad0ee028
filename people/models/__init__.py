"""Who there is, and what is recorded about them."""

from people.models.accounts import Membership, Organization, User, UserManager
from people.models.clients import Client, Registration
from people.models.credentials import Credential, Licence, Training
from people.models.joining import Invitation, JoinRequest, Partnership
from people.models.licences import LicenceCheck, PracticeLicence
from people.models.merging import ClientMerge, TwoPeople
from people.models.profiles import ClinicProfile, ProfileDraft

__all__ = [
    "Client",
    "ClientMerge",
    "ClinicProfile",
    "Credential",
    "Invitation",
    "JoinRequest",
    "Licence",
    "LicenceCheck",
    "Membership",
    "Organization",
    "ProfileDraft",
    "Partnership",
    "PracticeLicence",
    "Registration",
    "Training",
    "TwoPeople",
    "User",
    "UserManager",
]
