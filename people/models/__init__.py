"""Who there is, and what is recorded about them."""

from people.models.accounts import Membership, Organization, User, UserManager
from people.models.clients import Client, Registration
from people.models.credentials import Credential, Licence, Training

__all__ = [
    "Client",
    "Credential",
    "Licence",
    "Membership",
    "Organization",
    "Registration",
    "Training",
    "User",
    "UserManager",
]
