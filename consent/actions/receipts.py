"""Receipts: what the client is told about a release, once each."""

from datetime import datetime

from consent.enums import ReceiptKind
from consent.models import Receipt, Release
from consent.signals import receipt_given


def give_receipt(release: Release, kind: ReceiptKind, *, at: datetime, about: str = "") -> Receipt:
    """Inside the transaction of what it speaks of. `about` names the one recipient withdrawn."""
    receipt, created = Receipt.objects.get_or_create(
        release=release, kind=kind, about=about[:200], defaults={"at": at}
    )
    if created:
        receipt_given.send(Receipt, receipt=receipt)
    return receipt
