"""`releases`, `parts`, `withdrawal`: the release · `links`, `evidence`, `wording`: how it is signed
· `items`: what it may open · `ledger`, `questions`: what was opened · `emergency`: without one.
"""

from consent.models.emergency import EmergencyAccess
from consent.models.evidence import PaperCopy, Receipt, SignedDocument
from consent.models.items import DisclosableItem
from consent.models.ledger import Disclosure, LedgerHead
from consent.models.links import ClientLink, SecretLink, SigningLink
from consent.models.parts import (
    OutsideContact,
    ReleaseCategory,
    ReleasePurpose,
    ReleaseRecipient,
)
from consent.models.questions import DisclosureQuestion
from consent.models.releases import Release
from consent.models.wording import Wording

__all__ = [
    "ClientLink",
    "DisclosableItem",
    "Disclosure",
    "DisclosureQuestion",
    "EmergencyAccess",
    "LedgerHead",
    "OutsideContact",
    "PaperCopy",
    "Receipt",
    "Release",
    "ReleaseCategory",
    "ReleasePurpose",
    "ReleaseRecipient",
    "SecretLink",
    "SignedDocument",
    "SigningLink",
    "Wording",
]
