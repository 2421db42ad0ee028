"""Who there is, and what is recorded about them."""

from people.models.accounts import Membership, Organization, User, UserManager
from people.models.clients import Client, Registration
from people.models.credentials import Credential, Licence, Training
from people.models.profiles import ClinicProfile, ProfileDraft

__all__ = [
    "Client",
    "ClinicProfile",
    "Credential",
    "Licence",
    "Membership",
    "Organization",
    "ProfileDraft",
    "Registration",
    "Training",
    "User",
    "UserManager",
]
