"""Who there is, and what is recorded about them."""

from people.models.accounts import Membership, Organization, User, UserManager
from people.models.clients import Client, Registration
from people.models.credentials import Credential, Licence, Training
from people.models.merging import ClientMerge, TwoPeople

__all__ = [
    "Client",
    "ClientMerge",
    "Credential",
    "Licence",
    "Membership",
    "Organization",
    "Registration",
    "Training",
    "TwoPeople",
    "User",
    "UserManager",
]
