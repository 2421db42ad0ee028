"""`releases`: the release and its parts · `items`: what it may open · `ledger`: what was opened."""

from consent.models.items import DisclosableItem
from consent.models.ledger import Disclosure, LedgerHead
from consent.models.releases import (
    Release,
    ReleaseCategory,
    ReleasePurpose,
    ReleaseRecipient,
)

__all__ = [
    "DisclosableItem",
    "Disclosure",
    "LedgerHead",
    "Release",
    "ReleaseCategory",
    "ReleasePurpose",
    "ReleaseRecipient",
]
